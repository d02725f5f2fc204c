"""Ends what still runs when Keyrack ends: a while for it to come to its own end, and no longer."""

import asyncio
from collections.abc import Collection
from typing import Any

CLOSING_SECONDS = 3.0


async def end_within(seconds: float, tasks: Collection[asyncio.Task[Any]]) -> None:
    """Return when all have ended; those that have not after `seconds` are cancelled."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)
