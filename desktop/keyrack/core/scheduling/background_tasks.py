"""Background tasks that outlive the caller that started them, and the time they get when Keyrack ends."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

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


class BackgroundTasks:
    """Everything that runs for nobody in particular, until it is done or Keyrack ends."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Begin it; its failure is told to whoever still waits."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Do it to its end, even if the asker is cancelled meanwhile."""
        return await asyncio.shield(self.start(work))

    async def close(self) -> None:
        """Let what runs end within 3 s, then end it."""
        await end_within(CLOSING_SECONDS, self._running)
