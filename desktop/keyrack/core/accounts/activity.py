"""The activity of an account: its events of the last 30 days, newest first, without secrets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from keyrack.messages.catalogue import message
from keyrack.primitives.clock import believable
from keyrack.primitives.failure import Failure

KEPT_SECONDS = 30 * 86_400
KEPT_LINES = 500
GIVEN, REFUSED = "token_given", "token_refused"


@dataclass(frozen=True, slots=True)
class Notice:
    """A code of the catalogue with its parameters. `cause` is the failure behind it in the same form."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)
    cause: "Notice | None" = None

    @classmethod
    def from_failure(cls, why: Failure) -> "Notice":
        """The code and parameters of a failure."""
        return cls(why.code, dict(why.params))

    @property
    def sentence(self) -> str:
        """The sentence that is shown to the person."""
        why = self.cause.sentence if self.cause is not None else ""
        return message(self.code, {**self.params, "why": why}).happened


@dataclass(frozen=True, slots=True)
class Line:
    """One event: `at` in wall seconds, the notice, and the provider's plain text as `detail`."""

    at: float
    notice: Notice
    detail: str = ""

    @property
    def about(self) -> str:
        """The text beside the sentence: the provider's plain text, or the folder and process of the calling program."""
        params = self.notice.params
        if self.notice.code not in (GIVEN, REFUSED) or "pid" not in params:
            return self.detail
        shown = ["caller_place"] if params.get("place") else []
        often = ["caller_times"] if params.get("times", "1") != "1" else []
        parts = (message(code, params).happened for code in (*shown, "caller_process", *often))
        return f"({', '.join(parts)})"


class Activity:
    """The lines of one account. `save` is called with all lines after each change."""

    def __init__(
        self, lines: list[Line], wall: Callable[[], float], save: Callable[[list[Line]], object] | None = None
    ) -> None:
        self._lines = lines
        self._wall = wall
        self._save = save

    def add(self, notice: Notice, detail: str = "", *, instead: Line | None = None) -> Line:
        """Add a line as the newest, or replace the line `instead`. Lines that are too old go. Returns the new line.

        A clock that cannot be right makes no line too old.
        """
        now = self._wall()
        oldest = now - KEPT_SECONDS if believable(now) else float("-inf")
        kept = [line for line in self._lines if line.at > oldest and line is not instead]
        self._lines = [Line(now, notice, detail), *kept][:KEPT_LINES]
        if self._save is not None:
            self._save(self._lines)
        return self._lines[0]

    def lines(self) -> tuple[Line, ...]:
        """All lines, newest first."""
        return tuple(self._lines)
