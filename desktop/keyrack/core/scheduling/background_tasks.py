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

    def __init__(self, closing_seconds: float = CLOSING_SECONDS) -> None:
        self._closing_seconds = closing_seconds
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether a task has not ended."""
        return bool(self._running)

    def start(self, doing: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Begin it; its failure is told to whoever still waits."""
        task = asyncio.create_task(doing)
        self._running.add(task)
        task.add_done_callback(self._over)
        return task

    def _over(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    async def finish(self, doing: Coroutine[Any, Any, T]) -> T:
        """Do it to its end, even if the asker is cancelled meanwhile."""
        return await asyncio.shield(self.start(doing))

    async def close(self) -> None:
        """Let what runs end within 3 s, then end it."""
        await end_within(self._closing_seconds, self._running)
