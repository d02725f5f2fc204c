"""Waits for a moment of the clock that counts suspend."""

import asyncio
from collections.abc import Awaitable, Callable

# A timer of the event loop stands still while the computer is suspended, so waiting is done in short naps (S80).
NAP = 0.25


async def sleep_until(moment: float, elapsed: Callable[[], float]) -> None:
    """Return at `moment`, in seconds of `elapsed`. Timers of the Qt event loop may fire early, so the clock decides."""
    while (left := moment - elapsed()) > 0:  # noqa: ASYNC110 - time is what is waited for
        await asyncio.sleep(min(left, NAP))


async def happens_before(moment: float, elapsed: Callable[[], float], wait: Callable[[], Awaitable[object]]) -> bool:
    """Return True as soon as `wait()` returns, or False at `moment`, in seconds of `elapsed`.

    `wait` is called again after each nap and may be cancelled, as `asyncio.Event.wait` may.
    """
    while (left := moment - elapsed()) > 0:
        try:
            async with asyncio.timeout(min(left, NAP)):
                await wait()
                return True
        except TimeoutError:
            continue
    return False
