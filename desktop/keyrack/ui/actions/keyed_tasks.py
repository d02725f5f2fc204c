"""Tasks that buttons start: one per key at a time, and all cancelled at close."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from keyrack.primitives.signal import Signal

P = ParamSpec("P")


class KeyedTasks:
    """The running tasks of the window.

    A second start under a running key is refused. `failed` receives what a task raises. Cancelling a task is no
    failure. `changed` carries the key whose task started or ended.
    """

    def __init__(self, failed: Callable[[BaseException], object]) -> None:
        self.changed: Signal[[str]] = Signal()
        self._failed = failed
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._closed = False

    def start(
        self, key: str, function: Callable[P, Coroutine[Any, Any, object]], *args: P.args, **kwargs: P.kwargs
    ) -> bool:
        """Start `function` unless `key` is running or the window is closing. Returns whether it was started."""
        if self._closed or key in self._running:
            return False
        task = asyncio.get_running_loop().create_task(function(*args, **kwargs), name=key)
        self._running[key] = task
        task.add_done_callback(self._ended)
        self.changed.emit(key)
        return True

    @property
    def idle(self) -> bool:
        """Whether no task is running."""
        return not self._running

    def running(self, key: str) -> bool:
        """Whether a task runs under `key`."""
        return key in self._running

    def cancel(self, key: str) -> None:
        """Cancel the task under `key`, if there is one."""
        if key in self._running:
            self._running[key].cancel()

    async def close(self) -> None:
        """Cancel all tasks, wait for their end, and refuse further starts."""
        self._closed = True
        tasks = tuple(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.pop(task.get_name(), None)
        self.changed.emit(task.get_name())
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)
