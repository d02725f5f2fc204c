"""Which host leads what: claimed by whoever finds it free, and held while the host's lease lives.

Nothing is moved to balance the hosts. What has a leader stays with it until a person has another host take it, so that
no two hosts ever contend for the same.
"""

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.shared_store import Condition, Put, SharedStore, StoreChange, StoredEntry
from keyrack.core.shared_store.store_failures import AnswerLost, LeaseGone
from keyrack.primitives.signal import Signal

# A claim compares, writes and reads each key, and etcd takes 128 operations (--max-txn-ops).
CLAIMED_TOGETHER = 64

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Leadership:
    """Who leads: the host's id, its lease, and the revision at which it began.

    A host that takes over writes over the same entry. So `began` is the revision that last wrote it, not its first one.
    """

    host: str
    lease: int
    began: int


class Election:
    """Who leads each of the ids under `prefix`, which ends with a slash. `changed` announces those with another leader.

    It is told what the store holds and what changes there, and asks the store for nothing but to claim.
    """

    def __init__(self, store: SharedStore, lease: HostLease, *, prefix: str, host: str) -> None:
        self.changed: Signal[[frozenset[str]]] = Signal()
        self._store = store
        self._lease = lease
        self._prefix = prefix
        self._host = host
        self._leaders: dict[str, Leadership] = {}
        self._seen: dict[str, int] = {}

    def leader(self, id: str) -> Leadership | None:
        """Who leads it, as far as this host knows."""
        return self._leaders.get(id)

    def mine(self, id: str) -> int | None:
        """The revision at which this host began to lead it, None where it does not, or its lease may be over.

        Every write compares it: `Condition(key, modified=...)`.
        """
        found = self._leaders.get(id)
        if found is None or found.host != self._host or found.lease != self._lease.current:
            return None
        return found.began

    def key(self, id: str) -> str:
        """The key of the entry that says who leads it."""
        return self._prefix + id

    def free(self, ids: Iterable[str]) -> list[str]:
        """Those that nobody leads, sorted."""
        return sorted(id for id in ids if id not in self._leaders)

    async def claim(self, ids: Collection[str]) -> frozenset[str]:
        """Lead those of the ids that nobody leads. Returns those that this host has won.

        Raises a SharedStoreFailure. What it won before is told by the watch.
        """
        won: set[str] = set()
        wanted = sorted(set(ids))
        for start in range(0, len(wanted), CLAIMED_TOGETHER):
            won |= await self._claim_together(wanted[start : start + CLAIMED_TOGETHER])
        return frozenset(won)

    async def _claim_together(self, ids: Sequence[str]) -> frozenset[str]:
        while ids:
            lease = self._lease.current
            if lease is None:
                raise LeaseGone
            result = await self._commit(
                [Condition(self.key(id), created=0) for id in ids],
                [Put(self.key(id), self._host.encode(), lease) for id in ids],
            )
            self._tell(self._takes(entry) for entry in result)
            ours = frozenset(id for id in ids if self.mine(id) is not None)
            if ours or not result:
                return ours
            ids = [id for id in ids if id not in self._leaders]
        return frozenset()

    async def _commit(self, conditions: list[Condition], writes: list[Put]) -> Sequence[StoredEntry]:
        """What stands there after it, whether or not it happened, and also where its answer was lost."""
        try:
            return (await self._store.commit(conditions, writes)).entries
        except AnswerLost:
            keys = {each.key for each in writes}
            return [each for each in (await self._store.read(self._prefix)).entries if each.key in keys]

    def saw_all(self, entries: Mapping[str, StoredEntry], revision: int) -> None:
        """Take what stands under the prefix at this revision. Everything else has no leader."""
        gone = [id for id in self._leaders if self.key(id) not in entries and self._seen.get(id, 0) < revision]
        self._tell(
            [
                *(self._frees(id, revision) for id in gone),
                *(self._takes(entry) for entry in entries.values() if entry.key.startswith(self._prefix)),
            ],
        )

    def saw(self, changes: Iterable[StoreChange]) -> None:
        """Take what one transaction changed. Other keys are left alone."""
        told: list[str | None] = []
        for change in changes:
            if not change.key.startswith(self._prefix):
                continue
            if change.value is None:
                told.append(self._frees(change.key.removeprefix(self._prefix), change.modified))
            else:
                told.append(self._takes(_entry(change, change.value)))
        self._tell(told)

    def _takes(self, entry: StoredEntry) -> str | None:
        id = entry.key.removeprefix(self._prefix)
        if entry.modified <= self._seen.get(id, 0):
            return None
        self._seen[id] = entry.modified
        self._leaders[id] = Leadership(entry.value.decode("ascii", "replace"), entry.lease, entry.modified)
        return id

    def _frees(self, id: str, revision: int) -> str | None:
        if revision <= self._seen.get(id, 0):
            return None
        self._seen[id] = revision
        self._leaders.pop(id, None)
        return id

    def _tell(self, ids: Iterable[str | None]) -> None:
        changed = frozenset(id for id in ids if id is not None)
        if changed:
            self.changed.emit(changed)


def _entry(change: StoreChange, value: bytes) -> StoredEntry:
    return StoredEntry(change.key, value, change.created, change.modified, change.lease)
