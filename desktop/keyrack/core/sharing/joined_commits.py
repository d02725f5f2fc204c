"""Sends the transactions of several accounts in one request, where many are renewed at the same time.

A thousand accounts would cost two requests a renewal otherwise, besides those that keep the leases alive. Each
transaction keeps its own conditions, so what happens to one says nothing about the others.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from keyrack.core.shared_store.shared_store import Condition, Put, Removal, SharedStore, Transaction, TransactionResult
from keyrack.primitives.clock import Clock

# What may wait is sent at most so often, in seconds. The lead of a renewal is many times longer.
PAUSE = 1.0
# etcd counts each transaction as one of 128 operations, besides those of the largest one.
MOST_TOGETHER = 40
_MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    transaction: Transaction
    at: float
    result: "asyncio.Future[TransactionResult]"

    @property
    def size(self) -> int:
        return sum(len(each.value) for each in self.transaction.writes if isinstance(each, Put))


class JoinedCommits:
    """One request at a time. What comes meanwhile goes with the next one."""

    def __init__(self, store: SharedStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._queue: deque[_Waiting] = deque()
        self._came = asyncio.Event()
        self._next = 0.0
        self._sending: asyncio.Task[None] | None = None

    async def commit(
        self, conditions: Sequence[Condition], writes: Sequence[Put | Removal], *, may_wait: bool = False
    ) -> TransactionResult:
        """As in SharedStore. One that `may_wait` follows the last such by a second, or goes with any other.

        A caller that is cancelled does not know whether it happened.
        """
        now = self._clock.elapsed()
        at = min(self._next, now + PAUSE) if may_wait else now
        made: asyncio.Future[TransactionResult] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(Transaction(tuple(conditions), tuple(writes)), at, made))
        self._came.set()
        if self._sending is None or self._sending.done():
            self._sending = asyncio.create_task(self._send_all())
        return await made

    async def _send_all(self) -> None:
        while self._queue:
            wait = min(each.at for each in self._queue) - self._clock.elapsed()
            if wait <= 0:
                await self._send(self._taken())
                continue
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), wait)
            except TimeoutError:
                continue

    def _taken(self) -> list[_Waiting]:
        """What goes together. Two that write the same key follow each other."""
        taken: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        keys: set[str] = set()
        size = 0
        for each in self._queue:
            own = {write.key for write in each.transaction.writes}
            size += each.size
            full = len(taken) == MOST_TOGETHER or (taken and size > _MOST_BYTES)
            if each.result.cancelled():
                continue
            if full or own & keys:
                left.append(each)
            else:
                taken.append(each)
            keys |= own
        self._queue = left
        return taken

    async def _send(self, taken: list[_Waiting]) -> None:
        if not taken:
            return
        self._next = self._clock.elapsed() + PAUSE
        try:
            results = await self._store.commit_each([each.transaction for each in taken])
        except asyncio.CancelledError:
            for each in taken:
                each.result.cancel()
            raise
        except Exception as why:  # noqa: BLE001 - each caller decides what it means
            for each in taken:
                if not each.result.done():
                    each.result.set_exception(why)
            return
        for each, result in zip(taken, results, strict=True):
            if not each.result.done():
                each.result.set_result(result)

    async def close(self) -> None:
        """End what is under way. Its callers do not know whether it happened."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)
        while self._queue:
            self._queue.popleft().result.cancel()
