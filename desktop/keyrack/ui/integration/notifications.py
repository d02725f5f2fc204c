"""Desktop notifications: only when a person is needed, once per account, several in one."""

import math
from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, QTimer

from keyrack.language.translation import plural
from keyrack.primitives.clock import Clock

REPEAT_AFTER = 15 * 60
# Renewals of one client are seconds apart, so accounts that fail together are known one after the other.
GATHER_MORE = 60
_GATHER_MS = 2000
_NAMED = 3
_PLAIN = str.maketrans({"<": "(", ">": ")", "&": "+"})


class Notifications(QObject):
    """Shows which accounts need a person.

    `show` receives a title and a text. Both are plain: characters that desktops read as markup are replaced (S49).
    `gather_ms` is how long to wait for further accounts, and `gather_more` how many seconds are between two notices
    while accounts that were told of still need the person. The later one counts those too. `words` makes title and
    text of the names, for notifications about something other than accounts. `is_in_front` says whether the person
    looks at an account. `quiet_for` is how long nothing is shown, in seconds.
    """

    def __init__(
        self,
        show: Callable[[str, str], object],
        clock: Clock | None = None,
        gather_ms: int = _GATHER_MS,
        words: Callable[[list[str]], tuple[str, str]] | None = None,
        is_in_front: Callable[[str], bool] = lambda _: False,
        quiet_for: Callable[[], float] = lambda: 0.0,
        gather_more: float = GATHER_MORE,
    ) -> None:
        super().__init__()
        self._show = show
        self._words = words or self._needs_you
        self._is_in_front = is_in_front
        self._clock = clock or Clock()
        self._gather_ms = gather_ms
        self._gather_more = gather_more
        self._quiet_for = quiet_for
        self._last = -math.inf
        self._needing: dict[str, str] = {}
        self._shown_at: dict[str, float] = {}
        self._waiting: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._show_due)

    @property
    def due_in(self) -> float | None:
        """Seconds until the next notification, None when none is planned."""
        return self._timer.remainingTime() / 1000 if self._timer.isActive() else None

    def report(self, needing: Mapping[str, str]) -> None:
        """Set which accounts (id to name) need a person now. New ones are shown.

        An account that was shown within 15 minutes waits until they are over. It is not shown at all if it no longer
        needs a person by then, or if the person looks at it.
        """
        self._waiting |= set(needing) - set(self._needing)
        self._needing = dict(needing)
        self._waiting &= set(needing)
        self._schedule()

    def forget(self, account: str) -> None:
        """Show this account at once the next time, because the person has dealt with it."""
        self._shown_at.pop(account, None)

    def _delay_of(self, account: str) -> float:
        """Seconds until an account may be shown."""
        quiet = self._quiet_for()
        if account not in self._shown_at:
            return quiet
        return max(quiet, self._shown_at[account] + REPEAT_AFTER - self._clock.elapsed())

    def look_again(self) -> None:
        """Follow another time in which nothing is shown. What waited meanwhile is shown after it."""
        self._timer.stop()
        self._schedule()

    def _schedule(self) -> None:
        delay = min(map(self._delay_of, self._waiting), default=math.inf)
        if delay == math.inf:
            self._timer.stop()
            return
        if self._told():
            delay = max(delay, self._last + self._gather_more - self._clock.elapsed())
        wait = max(self._gather_ms, round(delay * 1000))
        if not self._timer.isActive() or wait < self._timer.remainingTime():
            self._timer.start(wait)

    def _show_due(self) -> None:
        due = [account for account in self._needing if account in self._waiting and self._delay_of(account) <= 0]
        self._waiting -= set(due)
        due = [account for account in due if not self._is_in_front(account)]
        time = self._clock.elapsed()
        recent = {account: shown for account, shown in self._shown_at.items() if time - shown < REPEAT_AFTER}
        self._shown_at = recent | dict.fromkeys(due, time)
        if due:
            self._last = time
            named = dict.fromkeys((*due, *self._told()))
            self._show(*self._words([self._needing[account].translate(_PLAIN) for account in named]))
        self._schedule()

    def _told(self) -> list[str]:
        """The accounts that were told of and still need the person, without the one that the person looks at."""
        return [id for id in self._needing if id not in self._waiting and not self._is_in_front(id)]

    def _needs_you(self, names: list[str]) -> tuple[str, str]:
        if len(names) == 1:
            return self.tr("{name} needs you").format(name=names[0]), self.tr("Open Keyrack to see what to do.")
        return plural("{n} account needs you", "{n} accounts need you", len(names)), listed(names)


def listed(names: list[str]) -> str:
    """The first three names, and the number of the others."""
    named = ", ".join(names[:_NAMED])
    if len(names) <= _NAMED:
        return named
    text = QCoreApplication.translate("Notifications", "{names} and {count} more")
    return text.format(names=named, count=len(names) - _NAMED)
