"""Running tasks by key: one at a time for each key."""

import asyncio
from collections.abc import Callable, Collection, Coroutine, Hashable, Iterator
from typing import Any, Generic, TypeVar

from keyrack.language.translation import outliving

K = TypeVar("K", bound=Hashable)


class RunningTasks(Generic[K]):
    """The running tasks of one kind of work. `ended` is called with the key after each."""

    def __init__(self, ended: Callable[[K], object] = lambda _: None) -> None:
        self._tasks: dict[K, asyncio.Task[None]] = {}
        self._ended = ended

    def __contains__(self, key: K) -> bool:
        return key in self._tasks

    def __iter__(self) -> Iterator[K]:
        return iter(tuple(self._tasks))

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, key: K, work: Callable[[], Coroutine[Any, Any, None]]) -> asyncio.Task[None]:
        """The task of this key: the one that runs, or a new one that does `work`."""
        task = self._tasks.get(key)
        if task is None or task.done():
            task = self._tasks[key] = asyncio.create_task(work(), context=outliving())
            task.add_done_callback(lambda done: self._remove(key, done))
        return task

    def _remove(self, key: K, task: asyncio.Task[None]) -> None:
        if self._tasks.get(key) is task:
            del self._tasks[key]
        self._ended(key)

    async def join(self, key: K) -> None:
        """Return when the task of this key, if one runs, has ended."""
        task = self._tasks.get(key)
        if task is not None:
            await asyncio.wait({task})

    def cancel(self, key: K) -> None:
        """Cancel the task of this key, if one runs."""
        task = self._tasks.get(key)
        if task is not None:
            task.cancel()

    async def stop(self, key: K) -> None:
        """Cancel the task of this key and return when it has ended."""
        self.cancel(key)
        await self.join(key)

    def tasks(self, keys: Collection[K] | None = None) -> set[asyncio.Task[None]]:
        """The tasks of these keys, by default all."""
        return {task for key, task in self._tasks.items() if keys is None or key in keys}

    async def close(self) -> None:
        """Cancel every task and return when all have ended."""
        tasks = self.tasks()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
