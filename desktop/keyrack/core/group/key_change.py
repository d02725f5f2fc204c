"""Seals every record of the group again, with a new key, and ends what hosts without that key hold.

The new key is stored before the first record is sealed with it, and the old one is forgotten after the last. A change
that was cut off is taken up again by the next `keyrack share rotate-key`. What another host holds of an account goes in
the transaction that seals its record again: a host that sees it free sees a record that it cannot read, and does not
claim it once more.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from keyrack.core.group.group_entry import address_of, group_value
from keyrack.core.group.group_failures import GroupFailure
from keyrack.core.shared_store.seal import MAGIC, Seal
from keyrack.core.shared_store.seal_failures import SealFailure, WentBack
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, SharedStore, StoredEntry, StoreSnapshot

# A transaction of etcd has at most 128 operations. A record and its leader are two, and two more to read them back.
TOGETHER = 30
_MOST_ROUNDS = 1_000

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class KeyChange:
    """What became of it: how many records have the new key, and those that no key of this host opened."""

    sealed_again: int
    left: tuple[str, ...]


class KeyChanger:
    """Changes the key in the store. The seal has the old key and the new one."""

    def __init__(self, store: SharedStore, prefix: str, group_id: str, host_id: str) -> None:
        self._store, self._prefix, self._group_id, self._host_id = store, prefix, group_id, host_id

    async def check(self, seal: Seal) -> None:
        """Raise WentBack where a record is older than what was seen: once its key is given up nothing would open it."""
        for entry in (await self._store.read(self._prefix)).entries:
            if entry.value.startswith(MAGIC) and not self._is_invitation(entry):
                try:
                    seal.open(entry.key, entry.value)
                except WentBack:
                    raise
                except SealFailure:
                    continue

    async def run(self, seal: Seal) -> KeyChange:
        """Announce the newest key, and seal again what has an older one, until nothing has.

        A record that changes meanwhile is read again. Raises GroupFailure where the group's entry changes.
        """
        await self._announce(await self._store.read(self._prefix), seal)
        count, left = 0, set[str]()
        for _ in range(_MOST_ROUNDS):
            snapshot = await self._store.read(self._prefix)
            old = [entry for entry in snapshot.entries if entry.key not in left and self._is_old(entry, seal)]
            if not old:
                return KeyChange(count, tuple(sorted(left)))
            held = set(self._held_elsewhere(snapshot, "leaders/"))
            for some in _parts(old, TOGETHER):
                writes = list(self._sealed(some, seal, left.add))
                if writes and await self._commit(some, writes, held):
                    count += len(writes)
        raise GroupFailure("share_key_change_overtaken")

    async def _announce(self, snapshot: StoreSnapshot, seal: Seal) -> None:
        place = address_of(self._prefix)
        entry = next((each for each in snapshot.entries if each.key == place), None)
        if entry is None:
            raise GroupFailure("share_group_missing", prefix=self._prefix)
        value = group_value(self._prefix, self._group_id, seal, entry.modified)
        others = list(self._held_elsewhere(snapshot, "hosts/"))
        conditions = [Condition(place, modified=entry.modified)]
        first, *rest = [*_parts(others, TOGETHER)] or [list[str]()]
        result = await self._store.commit(conditions, [Put(place, value), *map(Removal, first)])
        if not result.happened:
            raise GroupFailure("share_key_change_overtaken")
        for some in rest:
            await self._store.commit([], [Removal(key) for key in some])

    def _held_elsewhere(self, snapshot: StoreSnapshot, kind: str) -> Iterator[str]:
        mine = next((e.lease for e in snapshot.entries if e.key == f"{self._prefix}hosts/{self._host_id}"), 0)
        for entry in snapshot.entries:
            if entry.key.startswith(f"{self._prefix}{kind}") and (entry.lease != mine or not mine):
                yield entry.key

    def _is_old(self, entry: StoredEntry, seal: Seal) -> bool:
        if entry.key == address_of(self._prefix) or self._is_invitation(entry):
            return False
        return entry.value.startswith(MAGIC) and not seal.is_newest(entry.value)

    def _is_invitation(self, entry: StoredEntry) -> bool:
        return entry.key.startswith(f"{self._prefix}joining/")

    def _sealed(self, some: Sequence[StoredEntry], seal: Seal, leave: Callable[[str], None]) -> Iterator[Put]:
        for entry in some:
            try:
                plain = seal.open(entry.key, entry.value).plain
            except SealFailure:
                leave(entry.key)
            else:
                yield Put(entry.key, seal.close(entry.key, entry.modified, plain), entry.lease)

    async def _commit(self, read: Sequence[StoredEntry], writes: Sequence[Put], held: Collection[str]) -> bool:
        revisions = {entry.key: entry.modified for entry in read}
        conditions = [Condition(write.key, modified=revisions[write.key]) for write in writes]
        leaders = (write.key.replace(f"{self._prefix}accounts/", f"{self._prefix}leaders/") for write in writes)
        gone = [Removal(key) for key in leaders if key in held]
        return (await self._store.commit(conditions, [*writes, *gone])).happened


def _parts(items: Sequence[_Item], size: int) -> Iterator[list[_Item]]:
    left = iter(items)
    while part := list(islice(left, size)):
        yield part
