"""Notices to a person: only when one is needed, once per account, several in one."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, QTimer

from keyrack.core.clock import Clock

REPEAT_AFTER = 15 * 60
_GATHER_MS = 2000
_NAMED = 3
_PLAIN = str.maketrans({"<": "(", ">": ")", "&": "+"})


class Notices(QObject):
    """Says which accounts need a person.

    `show` is given a title and a text, both plain: the signs that desktops read as markup are
    replaced (S49). `gather_ms` is how long to wait for further accounts before speaking.
    """

    def __init__(
        self, show: Callable[[str, str], object], clock: Clock | None = None, gather_ms: int = _GATHER_MS
    ) -> None:
        super().__init__()
        self._show = show
        self._clock = clock or Clock()
        self._gather_ms = gather_ms
        self._needing: dict[str, str] = {}
        self._told: dict[str, float] = {}
        self._waiting: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._speak)

    def report(self, needing: Mapping[str, str]) -> None:
        """Tell which accounts (id to name) need a person now; those that are new will be spoken of.

        An account that was spoken of within 15 minutes waits until they are over, and is not
        spoken of at all if it is in order again by then.
        """
        self._waiting |= set(needing) - set(self._needing)
        self._needing = dict(needing)
        self._waiting &= set(needing)
        self._plan()

    def _due(self, account: str) -> float:
        """Seconds until an account may be spoken of."""
        if account not in self._told:
            return 0.0
        return max(0.0, self._told[account] + REPEAT_AFTER - self._clock.elapsed())

    def _plan(self) -> None:
        if not self._waiting:
            self._timer.stop()
            return
        wait = max(self._gather_ms, round(min(map(self._due, self._waiting)) * 1000))
        if not self._timer.isActive() or wait < self._timer.remainingTime():
            self._timer.start(wait)

    def _speak(self) -> None:
        now = [account for account in self._needing if account in self._waiting and self._due(account) <= 0]
        for account in now:
            self._told[account] = self._clock.elapsed()
        self._waiting -= set(now)
        if now:
            self._show(*self._words([self._needing[account] for account in now]))
        self._plan()

    def _words(self, names: list[str]) -> tuple[str, str]:
        plain = [name.translate(_PLAIN) for name in names]
        if len(plain) == 1:
            return self.tr("{name} needs you").format(name=plain[0]), self.tr("Open Keyrack to see what to do.")
        listed = ", ".join(plain[:_NAMED])
        if len(plain) > _NAMED:
            listed = self.tr("{names} and {count} more").format(names=listed, count=len(plain) - _NAMED)
        return self.tr("{count} accounts need you").format(count=len(plain)), listed
