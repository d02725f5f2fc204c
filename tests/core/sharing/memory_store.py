"""A shared store in memory, as the model of etcd for a simulation on a moved clock. It obeys `SharedStore`."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, field

from keyrack.core.shared_store.shared_store import (
    Condition,
    Put,
    Removal,
    StoreChange,
    StoredEntry,
    StoreSnapshot,
    Transaction,
    TransactionResult,
)
from keyrack.core.shared_store.store_failures import AnswerLost, StoreAway


@dataclass
class MemoryEngine:
    """The engine that all hosts share. `now` is its own clock in seconds, by which leases end."""

    now: Callable[[], float]
    revision: int = 1
    entries: dict[str, StoredEntry] = field(default_factory=dict)
    leases: dict[int, tuple[float, int]] = field(default_factory=dict)
    history: list[tuple[StoreChange, ...]] = field(default_factory=list)
    grown: asyncio.Event = field(default_factory=asyncio.Event)
    requests: int = 0

    def end_leases(self) -> None:
        """End what is over, with all that hangs on it."""
        over = [id for id, (ends, _) in self.leases.items() if ends <= self.now()]
        for id in over:
            self.end(id)

    def end(self, lease: int) -> None:
        """End a lease."""
        if self.leases.pop(lease, None) is not None:
            self.write([Removal(entry.key) for entry in self.entries.values() if entry.lease == lease])

    def write(self, writes: Sequence[Put | Removal]) -> None:
        """Do it in one revision."""
        if not writes:
            return
        self.revision += 1
        changes = []
        for each in writes:
            before = self.entries.get(each.key)
            if isinstance(each, Removal):
                if self.entries.pop(each.key, None) is not None:
                    changes.append(StoreChange(each.key, None, 0, self.revision))
                continue
            created = before.created if before is not None else self.revision
            self.entries[each.key] = StoredEntry(each.key, each.value, created, self.revision, each.lease)
            changes.append(StoreChange(each.key, each.value, created, self.revision, each.lease))
        self.history.append(tuple(changes))
        self.grown.set()
        self.grown = asyncio.Event()


class MemoryStore:
    """What one host has of the engine. `away` cuts its link. `loses_answers` does what is asked and says nothing."""

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine
        self.away = False
        self.loses_answers = False

    async def read(self, prefix: str) -> StoreSnapshot:
        """As in SharedStore."""
        await self._reach()
        found = sorted((e for e in self._engine.entries.values() if e.key.startswith(prefix)), key=lambda e: e.key)
        return StoreSnapshot(tuple(found), self._engine.revision)

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        """As in SharedStore."""
        (result,) = await self.commit_each([Transaction(tuple(conditions), tuple(writes))])
        return result

    async def commit_each(self, transactions: Sequence[Transaction]) -> tuple[TransactionResult, ...]:
        """As in SharedStore."""
        await self._reach()
        results = tuple(self._commit(each.conditions, each.writes) for each in transactions)
        if self.loses_answers:
            raise AnswerLost
        return results

    def _commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        engine = self._engine
        holds = all(_holds(engine.entries.get(each.key), each) for each in conditions)
        if holds:
            engine.write(writes)
        keys = dict.fromkeys(each.key for each in (*writes, *conditions))
        return TransactionResult(holds, engine.revision, tuple(engine.entries[k] for k in keys if k in engine.entries))

    async def watch(self, prefix: str, after: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        """As in SharedStore."""
        engine, at = self._engine, 0
        while True:
            while at < len(engine.history):
                await self._reach()
                changes = tuple(c for c in engine.history[at] if c.key.startswith(prefix) and c.modified > after)
                at += 1
                if changes:
                    yield changes
            await engine.grown.wait()

    async def grant(self, seconds: int) -> int:
        """As in SharedStore."""
        await self._reach()
        lease = max(self._engine.leases, default=0) + 1 + self._engine.revision
        self._engine.leases[lease] = (self._engine.now() + seconds, seconds)
        return lease

    async def keep_alive(self, lease: int) -> float:
        """As in SharedStore."""
        await self._reach()
        if lease not in self._engine.leases:
            return 0.0
        seconds = self._engine.leases[lease][1]
        self._engine.leases[lease] = (self._engine.now() + seconds, seconds)
        return float(seconds)

    async def revoke(self, lease: int) -> None:
        """As in SharedStore."""
        await self._reach()
        self._engine.end(lease)

    async def close(self) -> None:
        """Nothing is open."""

    async def _reach(self) -> None:
        self._engine.requests += 1
        await asyncio.sleep(0)
        if self.away:
            raise StoreAway(addresses="memory")
        self._engine.end_leases()


def _holds(entry: StoredEntry | None, condition: Condition) -> bool:
    if condition.modified is not None:
        return (entry.modified if entry is not None else 0) == condition.modified
    return (entry.created if entry is not None else 0) == condition.created
