"""`History`: writes every ten minutes what each account is worth, and answers what it was worth."""

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TypeVar

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.history.course import Course, added
from keyrack.core.history.history_csv import csv_of
from keyrack.core.history.history_failures import HistoryDamaged, HistoryFailure
from keyrack.core.history.history_row import Sample
from keyrack.core.history.history_thread import HistoryThread, written
from keyrack.core.history.periods import DAY, HOUR, MINUTES_10, Period
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.scheduling.clock_steps import ClockSteps
from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.valuation.totals import Totals
from keyrack.primitives.clock import Clock, believable
from keyrack.primitives.signal import Signal

if TYPE_CHECKING:
    from keyrack.core.history.history_file import HistoryFile

# By then the balances and prices of a start are mostly there.
_FIRST_SECONDS = 60.0
_ORPHANS_AFTER = 30 * DAY
_ROWS_AT_ONCE = 1000
_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Courses:
    """The courses of a period: of each account that has one, and of all that count together. `now` is in wall seconds.

    `whole` is None where nothing is known of any of them.
    """

    period: Period
    currency: str
    now: float
    accounts: dict[str, Course] = field(default_factory=dict)
    whole: Course | None = None


class History:
    """The past of the accounts. `changed` announces new rows and another `problem`.

    A row is written at each full ten minutes of the wall clock for each account whose figures are of now. `problem` is
    what keeps the history from being written or read, or what happened to its file, else None.
    """

    def __init__(self, accounts: Accounts, totals: Totals, clock: Clock, state: Path) -> None:
        self.changed: Signal[[]] = Signal()
        self.problem: HistoryFailure | None = None
        self._accounts = accounts
        self.totals = totals
        self._clock = clock
        self._thread = HistoryThread(state)
        self._sleeper = Sleeper(clock, MINUTES_10)
        self._steps = ClockSteps(clock)
        self._steady_since = self._thinned = clock.elapsed()
        self._forgotten: set[str] = set()
        self._tasks = BackgroundTasks()
        accounts.touched.connect(self._touched)

    @property
    def has_past(self) -> bool:
        """Whether anything was written yet."""
        return self._thread.has_file

    def wake(self) -> None:
        """Look at the clock again, after a suspend."""
        self._sleeper.wake()

    async def run(self) -> NoReturn:
        """Write at each full ten minutes, until cancelled."""
        moment = self._clock.elapsed() + _FIRST_SECONDS
        while True:
            while self._clock.elapsed() < moment:
                await self._sleeper.sleep_until(moment)
            moment = self._clock.elapsed_at((math.floor(self._clock.wall() / MINUTES_10) + 1) * MINUTES_10)
            await self.write()

    async def write(self) -> None:
        """Write what is known now. What cannot be written is left out, and `problem` says why."""
        elapsed, wall = self._clock.elapsed(), self._clock.wall()
        if self._steps.taken():
            self._steady_since = elapsed
        samples = self.samples() if believable(wall) else []
        if self._forgotten:
            await self._forget()
        if samples and await self._done(written(samples)):
            self.changed.emit()
        # A clock that was set wrong must not cost what is true: it gets an hour to be corrected, and a day before
        # anything counts as a year old.
        steady = elapsed - self._steady_since
        if believable(wall) and min(steady, elapsed - self._thinned) >= HOUR:
            self._thinned = elapsed
            await self._tidy(wall, steady)

    def samples(self) -> list[Sample]:
        """What would be written now. An account that is away, or of which no value is known yet, is not among it."""
        at, found = int(self._clock.wall()), []
        for account in self._accounts:
            held = account.balances
            if held is None or account.figures_old or (held.storage is not None and not held.holdings):
                continue
            known = self.totals.prices.of(account)
            if held.holdings and known.how.path and not known.taken:
                continue
            found.append(Sample(account.id, at, held.holdings, known))
        return found

    async def courses(self, period: Period) -> Courses:
        """The courses of all accounts over a period that ends now. Accounts that the sum leaves out are left out."""
        currency, now = self.totals.currency, self._clock.wall()
        ids = self._accounts.ids()
        summed = frozenset(account.id for account in self._accounts if self.totals.counts(account))

        def work(file: "HistoryFile") -> Courses:
            found = file.courses(ids, period, currency, now)
            whole = added({id: course for id, course in found.items() if id in summed})
            return Courses(period, currency, now, found, whole)

        return await self._asked(work) or Courses(period, currency, now)

    async def csv(self, account: Account, after: int) -> tuple[str, int | None]:
        """The next lines of an account from after a wall time on, and after which time more follow, else None.

        Raises HistoryFailure.
        """
        now = self._clock.wall()
        name, id = account.settings.name, account.id

        def work(file: "HistoryFile") -> tuple[str, int | None]:
            rows = file.rows(id, after, now, _ROWS_AT_ONCE)
            return csv_of(name, rows), rows[-1].at if len(rows) == _ROWS_AT_ONCE else None

        return await self._thread.run(work)

    def _touched(self, account: Account | None) -> None:
        """Forget an account that is gone. One that is only hidden can still be brought back."""
        if account is not None and account.id not in self._accounts.kept and self.has_past:
            self._forgotten.add(account.id)
            self._tasks.start(self._forget())

    async def _forget(self) -> None:
        ids = tuple(self._forgotten)
        if await self._done(lambda file: file.forget(ids)):
            self._forgotten.difference_update(ids)
            self.changed.emit()

    async def _tidy(self, wall: float, steady: float) -> None:
        there = tuple(self._accounts.kept)

        def work(file: "HistoryFile") -> None:
            file.thin(wall, end=steady >= DAY)
            if there:  # a list of accounts that cannot be read names none
                file.forget_others(there, wall - _ORPHANS_AFTER)

        await self._done(work)

    async def _done(self, work: "Callable[[HistoryFile], None]") -> bool:
        """Whether a piece of work was done. Its failure is said once, until something works again."""
        try:
            await self._thread.run(work)
        except HistoryFailure as why:
            self._say(why)
            return False
        if not isinstance(self.problem, HistoryDamaged):
            self._say(None)
        return True

    async def _asked(self, work: "Callable[[HistoryFile], T]") -> T | None:
        try:
            return await self._thread.run(work)
        except HistoryFailure as why:
            self._say(why)
            return None

    def _say(self, why: HistoryFailure | None) -> None:
        told = self.problem.sentences() if self.problem is not None else ""
        self.problem = why
        if why is not None and why.sentences() != told:
            _log.warning("%s", why.in_english())
        if told != (why.sentences() if why is not None else ""):
            self.changed.emit()

    async def close(self) -> None:
        """Finish what has begun."""
        await self._tasks.close()
        await self._thread.close()
