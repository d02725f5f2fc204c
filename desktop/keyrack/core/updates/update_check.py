"""Looks for a newer version: when the person asks, and once a day where they chose it.

A look asks for one fixed file. What it sends is the same from every computer: no version, no system, no language, and
nothing that an earlier answer gave.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec

from keyrack import __version__
from keyrack.core.preferences.all_settings import LOOK_FOR_UPDATES
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.updates.release_list import Release, ReleaseList, list_of
from keyrack.core.updates.release_signature import signed_by
from keyrack.core.updates.release_source import ReleaseSource, is_known, source_of
from keyrack.core.updates.seen_lists import SeenList, SeenLists
from keyrack.core.updates.update_failures import ListRefused, UpdateFailure
from keyrack.net.client.client_message import Request, Response
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.internet_route import has_route
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.clock import Clock, believable
from keyrack.primitives.failure import Failure
from keyrack.primitives.signal import Signal

LIMITS = ClientLimits(connect=10.0, total=30.0, body=256 * 1024, connections=1)
# Every Keyrack says the same, whatever its version.
HEADERS = {"User-Agent": "Keyrack", "Accept": "*/*"}
DAY = 24 * 3600.0
# So that not everybody asks in the same hour, and nobody's hour is known.
SPREAD = 4 * 3600.0
AGAIN_AFTER_FAILURE = 4 * 3600.0
_OK, _REDIRECTS = 200, range(300, 400)
_CLOCK_ERROR = timedelta(days=1)
_log = logging.getLogger(__name__)
_CHANCE = secrets.SystemRandom()


@dataclass(frozen=True, slots=True)
class Pace:
    """How often is looked whether a look is due, and how long a start waits for the first time, in seconds."""

    first: float = 120.0
    look: float = 1800.0


@dataclass(frozen=True, slots=True)
class Found:
    """What the last look with a believed answer found. `newer` are later than the running version, latest first.

    `looked` is its wall time. `failed` is why a later look failed, at `tried`, or None. `doubt` is why the list
    does not tell today whether this version is the newest one, or None.
    """

    running: str
    looked: float
    tried: float
    list: ReleaseList | None
    newer: tuple[Release, ...] = ()
    failed: Failure | None = None
    doubt: Failure | None = None

    @property
    def mends_security(self) -> bool:
        """Whether one of the newer ones mends a weakness of the running one."""
        return any(release.security for release in self.newer)


class UpdateCheck:
    """`changed` tells of every look that ended. `last` is what is known without asking anybody."""

    def __init__(
        self,
        preferences: Preferences,
        proxies: Proxies,
        state: Path,
        clock: Clock,
        *,
        sandbox: bool = False,
        running: str = __version__,
        ca_file: Path | None = None,
        route: Callable[[], bool] = has_route,
        pace: Pace = Pace(),
    ) -> None:
        self.changed: Signal[[]] = Signal()
        self.running = running
        self._preferences = preferences
        self._proxies = proxies
        self._seen = SeenLists(state)
        self._clock = clock
        self._sandbox = sandbox
        self._ca_file = ca_file
        self._route = route
        self._pace = pace
        self._looking = asyncio.Lock()
        # The file has both as well, where it can be written.
        self._tried, self._failed = 0.0, False
        self._sleeper = Sleeper(clock, pace.look)
        preferences.changed.connect(self._preference_changed)

    async def last(self) -> Found:
        """What the last look found. Raises UpdateFailure where the note of it cannot be read."""
        return self._found(await asyncio.to_thread(self._seen.read))

    async def look(self) -> Found:
        """Ask for the list now. Raises UpdateFailure or NetworkFailure, and then has kept what was known."""
        if self._sandbox:
            raise UpdateFailure("update_of_sandbox")
        async with self._looking:
            self._tried, self._failed = self._clock.wall(), True
            try:
                source = source_of(self._preferences)
                await asyncio.to_thread(self._seen.read)  # nobody is asked where nothing can be compared
                found = await self._asked(source)
                self._failed = False
                return found
            finally:
                self.changed.emit()

    async def told(self, version: str) -> None:
        """Note that a notice has named a version, so that none does so again."""
        async with self._looking:
            await asyncio.to_thread(self._seen.change, lambda seen: msgspec.structs.replace(seen, told=version))

    async def untold(self) -> Found | None:
        """What a notice may tell: a newer version that none has named yet. None where there is nothing to tell."""
        if self._sandbox or not self._preferences.value(LOOK_FOR_UPDATES):
            return None
        with contextlib.suppress(UpdateFailure):
            seen = await asyncio.to_thread(self._seen.read)
            found = self._found(seen)
            return found if found.newer and found.newer[0].version != seen.told else None
        return None

    async def run(self) -> None:
        """Look once a day where the person chose it, there is a list, and a network. Until cancelled."""
        if self._sandbox:
            return
        wait = _CHANCE.uniform(0.5, 1.5) * self._pace.first
        spread = _CHANCE.uniform(0, SPREAD)
        while True:
            await self._sleeper.sleep_until(self._clock.elapsed() + wait)
            wait = self._pace.look
            if await self._is_due(spread):
                spread = _CHANCE.uniform(0, SPREAD)
                await self._look_by_itself()

    async def _look_by_itself(self) -> None:
        """Look, and leave a line in the log, which is all that a server has."""
        try:
            found = await self.look()
        except Failure as why:
            _log.info("no release list: %s", why.in_english())
            return
        if found.newer:
            _log.info("Keyrack %s is there", found.newer[0].version)

    async def _is_due(self, spread: float) -> bool:
        if not (self._preferences.value(LOOK_FOR_UPDATES) and is_known(self._preferences) and self._route()):
            return False
        try:
            seen = await asyncio.to_thread(self._seen.read)
        except UpdateFailure:
            return False
        tried, failed = max((seen.tried, bool(seen.refused)), (self._tried, self._failed))
        since = self._clock.wall() - tried
        # A note from the future was made before the clock was set right.
        return since < 0 or since >= (AGAIN_AFTER_FAILURE if failed else DAY) + spread

    def _preference_changed(self, name: str) -> None:
        if name == LOOK_FOR_UPDATES.name:
            self._sleeper.wake()

    async def _asked(self, source: ReleaseSource) -> Found:
        try:
            answer = await self._answer(source.address)
            return self._found(await asyncio.to_thread(self._seen.change, partial(self._believed, source, answer.body)))
        except Failure as why:
            failed = {"tried": self._clock.wall(), "refused": why.code, "params": dict(why.params)}
            with contextlib.suppress(UpdateFailure):
                await asyncio.to_thread(self._seen.change, lambda seen: msgspec.structs.replace(seen, **failed))
            raise

    def _believed(self, source: ReleaseSource, answer: bytes, seen: SeenList) -> SeenList:
        """What is remembered after an answer. Raises ListRefused for one that is not believed."""
        text, key = signed_by(answer, seen.trusted(source.key))
        found = list_of(text)
        before = seen if seen.goes_on_from(source.key) else SeenList()
        self._check_time(before, found)
        before.check(found, text)
        now = self._clock.wall()
        following = "" if found.next_key is None else found.next_key.text
        return SeenList(
            row=seen.row_with(source.key, key), key=key.text, following=following, text=text.decode(), looked=now,
            tried=now, told=seen.told,
        )  # fmt: skip

    async def _answer(self, address: str) -> Response:
        client = HttpClient(ca_file=self._ca_file, limits=LIMITS, proxies=self._proxies)
        request = Request("GET", address, HEADERS)
        try:
            response = await client.send(request)
        finally:
            await client.close()
        if response.status in _REDIRECTS:
            raise ListRefused("update_moved", host=request.host)
        if response.status != _OK:
            raise ListRefused("update_not_served", host=request.host, status=str(response.status))
        return response

    def _check_time(self, seen: SeenList, found: ReleaseList) -> None:
        """Raise ListRefused where the list is over, or where the clock here cannot be right (R31)."""
        wall = self._clock.wall()
        if not believable(wall):
            raise ListRefused("update_clock_wrong")
        now, last = datetime.fromtimestamp(wall, UTC), seen.list
        latest = found.made if last is None else max(found.made, last.made)
        if now + _CLOCK_ERROR < latest:
            raise ListRefused("update_clock_behind", now=_day(now), made=_day(latest))
        if now >= found.good_until:
            raise ListRefused("update_over", now=_day(now), made=_day(found.made), until=_day(found.good_until))

    def _found(self, seen: SeenList) -> Found:
        failed = None
        if seen.refused:
            with contextlib.suppress(KeyError):
                failed = Failure(seen.refused, params=seen.params)
        known, doubt = seen.list, None
        newer = () if known is None else known.after(self.running)
        if known is not None:
            try:
                self._check_time(SeenList(), known)
            except ListRefused as why:
                doubt = why
        return Found(self.running, seen.looked, seen.tried, known, newer, failed, doubt)


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
