"""Keeps the requests of one client apart, as its provider demands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from keyrack.primitives.clock import Clock
from keyrack.primitives.sleep import sleep_until


class Throttle:
    """One queue. A turn begins only when the one before has ended for so many seconds (WhiteBIT Q13).

    An account that somebody waits for comes before those that are only due.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._taken = False
        self._places: dict[asyncio.Event, str] = {}
        self._hurried: set[str] = set()
        self._ended: float | None = None
        self._reserved: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, id: str, interval: float) -> AsyncIterator[None]:
        """Wait for this account's turn. `interval` is in seconds."""
        place = asyncio.Event()
        self._places[place] = id
        self._call_next()
        try:
            await place.wait()
            await self._wait_for_interval(interval)
            try:
                yield
            finally:
                self._ended = self._clock.elapsed()
        finally:
            self._hurried.discard(id)
            if self._places.pop(place, None) is None:
                self._taken = False
            self._call_next()

    def hurry(self, id: str) -> None:
        """Let this account's next turn come before those of accounts that nobody waits for."""
        self._hurried.add(id)

    def ahead(self, id: str) -> int | None:
        """How many turns come before that of an account that somebody waits for, None where there is no such one."""
        waiting = [self._places[place] for place in self._in_order()]
        return waiting.index(id) + self._taken if id in waiting and id in self._hurried else None

    def reserve(self, id: str, at: float, interval: float) -> float:
        """The moment at which this account takes its turn: `at`, or as much earlier as others have reserved before it.

        Moments are in elapsed seconds, each `interval` from the next. Where none is left from now on, it is `at`, and
        the account waits in the queue.
        """
        now = self._clock.elapsed()
        self._reserved = {other: moment for other, moment in self._reserved.items() if moment > now and other != id}
        moment = at
        for taken in sorted(self._reserved.values(), reverse=True):
            if abs(taken - moment) < interval:
                moment = taken - interval
        self._reserved[id] = moment if moment > now else at
        return self._reserved[id]

    def _in_order(self) -> list[asyncio.Event]:
        return sorted(self._places, key=lambda place: self._places[place] not in self._hurried)

    def _call_next(self) -> None:
        if self._places and not self._taken:
            place = self._in_order()[0]
            del self._places[place]
            self._taken = True
            place.set()

    async def _wait_for_interval(self, interval: float) -> None:
        if self._ended is not None:
            await sleep_until(self._ended + interval, self._clock.elapsed)
