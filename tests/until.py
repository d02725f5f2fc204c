"""Waiting for a condition instead of for seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], bool | Awaitable[bool]], seconds: float = 10.0) -> None:
    """Return as soon as `condition` holds. Raises TimeoutError after `seconds`."""
    async with asyncio.timeout(seconds):
        while True:
            holds = condition()
            if holds if isinstance(holds, bool) else await holds:
                return
            await asyncio.sleep(0.01)


def wait_for(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Return when the condition holds, where there is no event loop.

    Raises AssertionError, which names `what`, after `seconds`.
    """
    ends = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < ends, f"waited {seconds} s in vain for {what}"
        time.sleep(0.01)
