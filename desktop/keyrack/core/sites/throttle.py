"""Keeps the requests of one client apart, as its provider demands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from keyrack.primitives.clock import Clock
from keyrack.primitives.sleep import sleep_until


class Throttle:
    """One queue. A turn begins only when the one before has ended for so many seconds (WhiteBIT Q13)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._ended: float | None = None
        self._reserved: dict[str, float] = {}

    @asynccontextmanager
    async def turn(self, interval: float) -> AsyncIterator[None]:
        """Wait for this caller's turn. `interval` is in seconds."""
        async with self._lock:
            await self._wait_for_interval(interval)
            try:
                yield
            finally:
                self._ended = self._clock.elapsed()

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

    async def _wait_for_interval(self, interval: float) -> None:
        if self._ended is not None:
            await sleep_until(self._ended + interval, self._clock.elapsed)
