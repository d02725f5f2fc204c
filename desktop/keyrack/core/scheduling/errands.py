"""Work that goes on when whoever asked for it has gone: a sign-in, or a removal that must not stop half way."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from keyrack.core.scheduling.background_tasks import CLOSING_SECONDS, end_within

T = TypeVar("T")


class Errands:
    """Everything that runs for nobody in particular, until it is done or Keyrack ends."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

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
        await end_within(CLOSING_SECONDS, self._running)
