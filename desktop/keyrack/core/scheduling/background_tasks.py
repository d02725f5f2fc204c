"""Background tasks that outlive the caller that started them, and the time they get when Keyrack ends."""

import asyncio
from collections.abc import Collection, Coroutine
from typing import Any, TypeVar

from keyrack.language.translation import outliving

T = TypeVar("T")

CLOSING_SECONDS = 3.0


async def end_within(seconds: float, tasks: Collection[asyncio.Task[Any]]) -> None:
    """Wait for all tasks. Those that have not ended after `seconds` are cancelled."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    if late:
        await asyncio.wait(late)


class BackgroundTasks:
    """Tasks that no caller has to wait for. They run until they are done or Keyrack ends."""

    def __init__(self, closing_seconds: float = CLOSING_SECONDS) -> None:
        self._closing_seconds = closing_seconds
        self._running: set[asyncio.Task[Any]] = set()

    @property
    def busy(self) -> bool:
        """Whether a task has not ended."""
        return bool(self._running)

    def start(self, work: Coroutine[Any, Any, T]) -> "asyncio.Task[T]":
        """Start a task. Its failure is raised to the callers that await it, and to no others."""
        return self._follow(asyncio.create_task(work, context=outliving()))

    def _follow(self, task: "asyncio.Task[T]") -> "asyncio.Task[T]":
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    async def finish(self, work: Coroutine[Any, Any, T]) -> T:
        """Run the work to its end, even if the caller is cancelled meanwhile."""
        return await asyncio.shield(self._follow(asyncio.create_task(work)))

    async def close(self) -> None:
        """Give running tasks 3 s to end, then cancel them."""
        await end_within(self._closing_seconds, self._running)
