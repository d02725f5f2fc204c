"""What happened to an account, newest first, kept 30 days, without secrets."""

from collections.abc import Callable
from dataclasses import dataclass

KEPT_SECONDS = 30 * 86_400
KEPT_LINES = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One event: `at` in wall seconds, `what` a sentence, `detail` the other side's plain text."""

    at: float
    what: str
    detail: str = ""


class Activity:
    """The lines of one account; `saved` is called after each change so that they can be kept."""

    def __init__(
        self, lines: list[Line], wall: Callable[[], float], saved: Callable[[list[Line]], object] | None = None
    ) -> None:
        self._lines = lines
        self._wall = wall
        self._saved = saved

    def note(self, what: str, detail: str = "", *, instead: Line | None = None) -> Line:
        """Add a line at the head, in place of the very line `instead`; drop what is too old; returns the new line."""
        now = self._wall()
        kept = [line for line in self._lines if now - line.at < KEPT_SECONDS and line is not instead]
        self._lines = [Line(now, what, detail), *kept][:KEPT_LINES]
        if self._saved is not None:
            self._saved(self._lines)
        return self._lines[0]

    def lines(self) -> tuple[Line, ...]:
        """All lines, newest first."""
        return tuple(self._lines)
