"""The one thread that works on the history's file, so that neither a slow disk nor a year of rows holds up the loop."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from keyrack.core.history.history_row import NAME, Sample, row_of

if TYPE_CHECKING:
    from keyrack.core.history.history_file import HistoryFile

T = TypeVar("T")


class HistoryThread:
    """Does one piece of work after another. SQLite is imported with the first."""

    def __init__(self, state: Path) -> None:
        self._state = state
        self._file: HistoryFile | None = None
        self._thread: ThreadPoolExecutor | None = None

    @property
    def has_file(self) -> bool:
        """Whether there is anything to read."""
        return (self._state / NAME).exists()

    async def run(self, work: "Callable[[HistoryFile], T]") -> T:
        """The outcome of a piece of work. What has begun is done to its end, also where the caller is cancelled."""
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, "history")
        return await asyncio.wrap_future(self._thread.submit(self._with_file, work))

    def _with_file(self, work: "Callable[[HistoryFile], T]") -> T:
        if self._file is None:
            from keyrack.core.history.history_file import HistoryFile

            self._file = HistoryFile(self._state)
        return work(self._file)

    async def close(self) -> None:
        """Wait for the work that has begun or waits."""
        if self._thread is not None:
            await asyncio.to_thread(self._thread.shutdown)
            self._thread = None


def written(samples: Sequence[Sample]) -> "Callable[[HistoryFile], None]":
    """The work that computes the figures of all samples and writes them."""
    return lambda file: file.append([row_of(sample) for sample in samples])
