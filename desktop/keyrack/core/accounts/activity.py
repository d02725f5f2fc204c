"""What happened to an account, newest first, kept 30 days, without secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from keyrack.messages.catalogue import message
from keyrack.primitives.failure import Failure

KEPT_SECONDS = 30 * 86_400
KEPT_LINES = 500
GIVEN, REFUSED = "token_given", "token_refused"


@dataclass(frozen=True, slots=True)
class Notice:
    """A code of the catalogue with its parameters, and the failure behind it in the same form."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    cause: "Notice | None" = None

    @classmethod
    def from_failure(cls, why: Failure) -> "Notice":
        """What is kept of a failure."""
        return cls(why.code, dict(why.params))

    @property
    def sentence(self) -> str:
        """The sentence for a person."""
        why = self.cause.sentence if self.cause is not None else ""
        return message(self.code, {**self.params, "why": why}).happened


@dataclass(frozen=True, slots=True)
class Line:
    """One event: `at` in wall seconds, what happened, and the other side's plain text."""

    at: float
    notice: Notice
    detail: str = ""

    @property
    def about(self) -> str:
        """What stands behind the sentence: the other side's plain text, or the calling program's place and process."""
        params = self.notice.params
        if self.notice.code not in (GIVEN, REFUSED) or "pid" not in params:
            return self.detail
        shown = ["caller_place"] if params.get("place") else []
        often = ["caller_times"] if params.get("times", "1") != "1" else []
        parts = (message(code, params).happened for code in (*shown, "caller_process", *often))
        return f"({', '.join(parts)})"


class Activity:
    """The lines of one account; `saved` is called after each change so that they can be kept."""

    def __init__(
        self, lines: list[Line], wall: Callable[[], float], save: Callable[[list[Line]], object] | None = None
    ) -> None:
        self._lines = lines
        self._wall = wall
        self._save = save

    def add(self, notice: Notice, detail: str = "", *, instead: Line | None = None) -> Line:
        """Add a line at the head, in place of the very line `instead`; drop what is too old; returns the new line."""
        now = self._wall()
        kept = [line for line in self._lines if now - line.at < KEPT_SECONDS and line is not instead]
        self._lines = [Line(now, notice, detail), *kept][:KEPT_LINES]
        if self._save is not None:
            self._save(self._lines)
        return self._lines[0]

    def lines(self) -> tuple[Line, ...]:
        """All lines, newest first."""
        return tuple(self._lines)
