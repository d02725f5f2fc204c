"""The courses of all accounts over the chosen period, read anew when there is something new to see."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QTimer, Signal

from keyrack.core.history.course import Course, up_to
from keyrack.core.history.history import Courses
from keyrack.core.history.periods import PERIODS, Period, PeriodName
from keyrack.core.preferences.all_settings import HISTORY_PERIOD
from keyrack.ui.actions.keyed_tasks import KeyedTasks

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

_KEY = "history"
# The first paint, and what belongs to it, come before.
_LATER_MS = 400


class CourseFeed(QObject):
    """What the pictures of the overview and the panes show. `changed` announces other courses or another period.

    Nothing is read until something that shows it `wants` it.
    """

    changed = Signal()

    def __init__(self, rack: "Rack", tasks: KeyedTasks) -> None:
        super().__init__()
        self._rack = rack
        self._tasks = tasks
        self.courses: Courses | None = None
        self._wanted = False
        self._again = False
        self._later = QTimer(self, singleShot=True, interval=_LATER_MS)
        self._later.timeout.connect(self._read)
        rack.history.changed.connect(self._ask)
        rack.totals.changed.connect(self._currency_changed)
        rack.preferences.changed.connect(self._chosen)

    @property
    def period(self) -> Period:
        """The chosen period, a week unless the person chose another one."""
        return PERIODS[cast("PeriodName", self._rack.preferences.value(HISTORY_PERIOD))]

    @property
    def shown_period(self) -> Period:
        """The period of the courses that are there. The chosen one follows when it was read."""
        return self.courses.period if self.courses is not None else self.period

    def choose(self, name: PeriodName) -> None:
        """Show another period, also after the next start."""
        if name != self.period.name:
            self._wanted = True
            self._rack.preferences.choose(HISTORY_PERIOD, name)

    def _chosen(self, name: str) -> None:
        """Follow a choice, wherever it was made."""
        if name == HISTORY_PERIOD.name:
            if self._wanted:
                self._read()
            self.changed.emit()

    def want(self) -> None:
        """Read for the first time, soon, because something shows it."""
        if not self._wanted:
            self._wanted = True
            self._later.start()

    def of(self, account: "Account") -> "Course | None":
        """The account's course. None where nothing is known of it, or not yet in this currency."""
        courses = self.courses
        return courses.accounts.get(account.id) if courses is not None and self._is_current(courses) else None

    def of_all(self) -> "Course | None":
        """The course of the sum."""
        courses = self.courses
        return courses.whole if courses is not None and self._is_current(courses) else None

    def now_of(self, account: "Account") -> "Course | None":
        """The account's course up to its present value."""
        return self._up_to_now(self.of(account), (account.id,))

    def now_of_all(self) -> "Course | None":
        """The course of the sum up to the present sum of the same accounts."""
        course = self.of_all()
        return self._up_to_now(course, course.ids if course is not None else ())

    def _up_to_now(self, course: "Course | None", ids: Sequence[str]) -> "Course | None":
        """With what was written last where one of them has no present value. An old one counts, as in the sum."""
        if course is None or course.change is None or not ids:
            return course
        there = [self._rack.accounts.find(id) for id in ids]
        totals = [self._rack.totals.total_of(each) for each in there if each is not None]
        amounts = [found.amount for found in totals if found is not None and found.known]
        if len(amounts) < len(ids):
            return course
        return up_to(course, int(self._rack.clock.wall()), amounts)

    def _is_current(self, courses: Courses) -> bool:
        return courses.currency == self._rack.totals.currency

    def _currency_changed(self) -> None:
        if self.courses is not None and not self._is_current(self.courses):
            self._ask()

    def _ask(self) -> None:
        if self._wanted:
            self._later.start()

    def _read(self) -> None:
        if self._rack.history.has_past:
            self._again = not self._tasks.start(_KEY, self._take)

    async def _take(self) -> None:
        while True:
            self._again = False
            self.courses = await self._rack.history.courses(self.period)
            if not self._again:
                break
        self.changed.emit()
