"""A sleep that a change can end, and that outlasts a suspend of the computer by 30 s at most."""

import asyncio

from keyrack.primitives.clock import Clock

LONGEST = 30.0


class Sleeper:
    """Sleeps until a moment, a wake-up, or 30 s, whichever comes first."""

    def __init__(self, clock: Clock, longest: float = LONGEST) -> None:
        self._clock = clock
        self._longest = longest
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """End the sleep, or the next one."""
        self._woken.set()

    async def sleep_until(self, moment: float | None) -> None:
        """Sleep until `moment` in elapsed seconds, or for 30 s where it is None."""
        wait = self._longest if moment is None else min(self._longest, max(0.0, moment - self._clock.elapsed()))
        try:
            async with asyncio.timeout(wait):
                await self._woken.wait()
        except TimeoutError:
            return
        finally:
            self._woken.clear()
