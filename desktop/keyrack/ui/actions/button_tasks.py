"""Coroutines that a click starts: one per key at a time, none lost, all ended at close."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from keyrack.primitives.signal import Signal

P = ParamSpec("P")


class ButtonTasks:
    """The running coroutines of the window.

    A second start under a key that is still running is refused. What a coroutine raises goes to
    `failed`; a cancelled one goes nowhere. `changed` tells the key that began or ended.
    """

    def __init__(self, failed: Callable[[BaseException], object]) -> None:
        self.changed: Signal[[str]] = Signal()
        self._failed = failed
        self._running: dict[str, asyncio.Task[Any]] = {}
        self._closed = False

    def start(
        self, key: str, function: Callable[P, Coroutine[Any, Any, object]], *args: P.args, **kwargs: P.kwargs
    ) -> bool:
        """Start `function` unless `key` is running or everything is closed; whether it was started."""
        if self._closed or key in self._running:
            return False
        task = asyncio.get_running_loop().create_task(function(*args, **kwargs), name=key)
        self._running[key] = task
        task.add_done_callback(self._ended)
        self.changed.emit(key)
        return True

    def running(self, key: str) -> bool:
        """Whether something runs under `key`."""
        return key in self._running

    def cancel(self, key: str) -> None:
        """Ask what runs under `key` to end."""
        if key in self._running:
            self._running[key].cancel()

    async def close(self) -> None:
        """Cancel everything, wait until it has ended, and refuse further starts."""
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
