"""Keeps requests of one client apart, as its provider demands."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from keyrack.primitives.clock import Clock

LONGEST_NAP = 1.0


class Throttle:
    """One queue: a turn begins only when the one before has ended for so many seconds (WhiteBIT Q13)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = asyncio.Lock()
        self._ended: float | None = None

    @asynccontextmanager
    async def turn(self, interval: float) -> AsyncIterator[None]:
        """Wait for this caller's turn; `interval` in seconds."""
        async with self._lock:
            await self._rest(interval)
            try:
                yield
            finally:
                self._ended = self._clock.elapsed()

    async def _rest(self, interval: float) -> None:
        # Short naps in a loop: timers of the Qt event loop may fire early, and the loop's clock misses a suspend.
        while (left := self._left(interval)) > 0:  # noqa: ASYNC110 - time is what is waited for
            await asyncio.sleep(min(left, LONGEST_NAP))

    def _left(self, interval: float) -> float:
        return 0.0 if self._ended is None else self._ended + interval - self._clock.elapsed()
