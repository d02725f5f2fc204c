"""A host that slept through its lease and then writes: what the store makes of it, and the checker of histories."""

import time
from collections.abc import Sequence

import pytest

from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Condition, Put
from tests.campaigns.sharing.linear import Operation, is_linearizable


class Sleeper:
    """Writes a record as a host does, and keeps its history. Without `compares` it forgets the leader's entry."""

    def __init__(self, store: EtcdStore, prefix: str, *, compares: bool) -> None:
        self.store, self.compares = store, compares
        self.leader, self.record = prefix + "leaders/a", prefix + "accounts/a"
        self.history: list[Operation] = []

    async def lead(self) -> tuple[int, int]:
        """A new lease, and the revision at which its host began to lead."""
        began = time.monotonic()
        lease = await self.store.grant(60)
        won = await self.store.commit([Condition(self.leader, created=0)], [Put(self.leader, b"x", lease)])
        assert won.happened
        self.history.append(Operation("claim", began, time.monotonic(), won.revision))
        return lease, won.revision

    async def write(self, leadership: int, old: str, new: str, modified: int) -> tuple[bool, int]:
        """Whether it happened, and at which revision."""
        began = time.monotonic()
        lease: Sequence[Condition] = [Condition(self.leader, created=leadership)] if self.compares else []
        done = await self.store.commit(
            [*lease, Condition(self.record, modified=modified)], [Put(self.record, new.encode())]
        )
        if done.happened:
            self.history.append(Operation("write", began, time.monotonic(), leadership, old, new))
        return done.happened, done.revision


@pytest.mark.parametrize("compares", [True, False])
async def test_the_write_of_a_host_that_slept(store: EtcdStore, prefix: str, compares: bool) -> None:
    """The record's revision alone does not show it: nobody else has written the record yet."""
    hosts = Sleeper(store, prefix, compares=compares)
    lease, first = await hosts.lead()
    _, noted = await hosts.write(first, "", "note", 0)
    await store.revoke(lease)  # as it ends by itself while the host sleeps
    await hosts.lead()
    happened, _ = await hosts.write(first, "note", "late", noted)
    assert happened is not compares
    assert is_linearizable(hosts.history) is compares
