"""Notices to a person: only when one is needed, once per account, several in one."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from keyrack.primitives.clock import Clock

REPEAT_AFTER = 15 * 60
_GATHER_MS = 2000
_NAMED = 3
_PLAIN = str.maketrans({"<": "(", ">": ")", "&": "+"})


class Notifications(QObject):
    """Says which accounts need a person.

    `show` is given a title and a text, both plain: the signs that desktops read as markup are
    replaced (S49). `gather_ms` is how long to wait for further accounts before speaking. `words` makes title
    and text of the names, for notices that are of something else than accounts.
    """

    def __init__(
        self,
        show: Callable[[str, str], object],
        clock: Clock | None = None,
        gather_ms: int = _GATHER_MS,
        words: Callable[[list[str]], tuple[str, str]] | None = None,
    ) -> None:
        super().__init__()
        self._show = show
        self._words = words or self._needs_you
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

    def forget(self, account: str) -> None:
        """Speak of it the next time at once, because the person has seen to it."""
        self._told.pop(account, None)

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
        time = self._clock.elapsed()
        recent = {account: told for account, told in self._told.items() if time - told < REPEAT_AFTER}
        self._told = recent | dict.fromkeys(now, time)
        self._waiting -= set(now)
        if now:
            self._show(*self._words([self._needing[account].translate(_PLAIN) for account in now]))
        self._plan()

    def _needs_you(self, names: list[str]) -> tuple[str, str]:
        if len(names) == 1:
            return self.tr("{name} needs you").format(name=names[0]), self.tr("Open Keyrack to see what to do.")
        return self.tr("{count} accounts need you").format(count=len(names)), listed(names)


def listed(names: list[str]) -> str:
    """The first three of several names, and how many there are besides."""
    named = ", ".join(names[:_NAMED])
    if len(names) <= _NAMED:
        return named
    text = QCoreApplication.translate("Notifications", "{names} and {count} more")
    return text.format(names=named, count=len(names) - _NAMED)
