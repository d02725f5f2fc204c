"""What Keyrack needs of a store that several hosts share: revisions, leases, transactions and a watch.

Every change of the store makes its revision greater, and an entry carries the revision that wrote it. A lease ends by
itself when its host no longer keeps it alive, and the entries that hang on it go with it. These are the terms of etcd.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A key and its value. `created` and `modified` are revisions of the store. `lease` is 0 where it has none."""

    key: str
    value: bytes
    created: int
    modified: int
    lease: int = 0


@dataclass(frozen=True, slots=True)
class StoreSnapshot:
    """What stood under a prefix at one revision, in the order of the keys."""

    entries: tuple[StoredEntry, ...]
    revision: int


@dataclass(frozen=True, slots=True)
class Condition:
    """What must be true for a transaction to happen. A revision of 0 says that there is no such entry.

    Give one of them: `modified` is the revision that last wrote the entry, `created` the one that made it.
    """

    key: str
    modified: int | None = None
    created: int | None = None


@dataclass(frozen=True, slots=True)
class Put:
    """Write a value. It goes with its lease where it has one."""

    key: str
    value: bytes
    lease: int = 0


@dataclass(frozen=True, slots=True)
class Removal:
    """Delete an entry."""

    key: str


@dataclass(frozen=True, slots=True)
class Transaction:
    """Writes that happen together where all conditions hold, and not at all otherwise."""

    conditions: tuple[Condition, ...]
    writes: tuple[Put | Removal, ...]


@dataclass(frozen=True, slots=True)
class TransactionResult:
    """What became of a transaction: whether it happened, at which revision, and the entries as they are after it."""

    happened: bool
    revision: int
    entries: tuple[StoredEntry, ...]


@dataclass(frozen=True, slots=True)
class StoreChange:
    """An entry was written, or deleted where `value` is None, at this revision."""

    key: str
    value: bytes | None
    created: int
    modified: int
    lease: int = 0


class SharedStore(Protocol):
    """A store of several hosts. Keys are ASCII and start with the group's prefix. Revisions are whole numbers > 0.

    Every method raises a Failure that says what is wrong with the store: it is away, it refuses this host, it is full,
    or it is another one than before.
    """

    async def read(self, prefix: str) -> StoreSnapshot:
        """Everything under a prefix, at one revision."""

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        """Do all the writes if all the conditions hold, and nothing else. Either way, read the keys written back.

        Where no answer came, it may have happened. The caller reads again before it says anything.
        """

    async def commit_each(self, transactions: Sequence[Transaction]) -> tuple[TransactionResult, ...]:
        """Several transactions in one request, of which each happens or not by its own conditions.

        No two of them may write the same key. A failure holds for all of them.
        """

    def watch(self, prefix: str, after: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        """The changes under a prefix after this revision, those of one transaction together.

        It ends where the store no longer tells them at once, and raises a Failure where they are no longer kept. Either
        way the caller reads everything again, because what a next watch told first may have happened long ago.
        """

    async def grant(self, seconds: int) -> int:
        """A new lease of so many seconds."""

    async def keep_alive(self, lease: int) -> float:
        """Renew a lease. Returns the seconds that it lives from now on, 0 where it has ended."""

    async def revoke(self, lease: int) -> None:
        """End a lease, with all that hangs on it."""

    async def close(self) -> None:
        """End every connection."""
