"""This host's lease and what it leads, on a real etcd and a clock that the test moves."""

import asyncio

import pytest

from keyrack.core.shared_store.election import Election
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.shared_store import Condition, Put, Removal
from keyrack.core.shared_store.store_failures import LeaseGone, StoreAway
from tests.clock import FakeClock
from tests.etcd_cluster import EtcdCluster
from tests.free_port import free_port
from tests.tcp_relay import TcpRelay
from tests.until import until


class Host:
    """One host of a group, with a store of its own."""

    def __init__(self, store: EtcdStore, prefix: str, name: str) -> None:
        self.store, self.prefix = store, prefix
        self.clock = FakeClock()
        self.lease = HostLease(store, self.clock.clock, 30)
        self.election = Election(store, self.lease, prefix=prefix + "leaders/", host=name)
        self.entry = (f"{prefix}hosts/{name}", name.encode())

    async def look(self) -> None:
        """Take all that the store holds."""
        found = await self.store.read(self.prefix + "leaders/")
        self.election.saw_all({entry.key: entry for entry in found.entries}, found.revision)


async def test_a_lease_is_taken_kept_and_given_back(store: EtcdStore, prefix: str) -> None:
    host = Host(store, prefix, "desk-1")
    assert host.lease.left == 0
    await host.lease.keep(host.entry)
    lease = host.lease.current
    assert lease is not None
    assert (await store.read(prefix)).entries[0].lease == lease
    host.clock.move(20)
    assert host.lease.left == 10
    await host.lease.keep(host.entry)
    assert (host.lease.current, host.lease.left) == (lease, 30)
    await host.lease.close()
    assert host.lease.current is None
    assert (await store.read(prefix)).entries == ()


async def test_a_host_that_slept_through_its_lease_has_none_and_takes_another(store: EtcdStore, prefix: str) -> None:
    host = Host(store, prefix, "desk-1")
    await host.lease.keep(host.entry)
    lease = host.lease.current
    await host.election.claim(["a"])
    assert host.election.mine("a") is not None
    told: list[int | None] = []
    host.lease.changed.connect(lambda: told.append(host.lease.current))
    host.clock.move(30)
    assert host.lease.left == 0  # the store keeps it for half a minute more
    assert host.election.mine("a") is None
    with pytest.raises(LeaseGone):
        await host.election.claim(["b"])
    await host.lease.keep(host.entry)
    assert told == [None, host.lease.current]
    assert host.lease.current not in (None, lease)
    assert host.election.mine("a") is None


async def test_a_lease_that_the_store_ended_is_not_held(store: EtcdStore, prefix: str) -> None:
    host = Host(store, prefix, "desk-1")
    await host.lease.keep(host.entry)
    lease = host.lease.current
    assert lease is not None
    await store.revoke(lease)
    await host.lease.keep(host.entry)
    assert host.lease.current not in (None, lease)


async def test_a_lease_counts_from_before_it_was_asked_for(etcd: EtcdCluster, prefix: str) -> None:
    with TcpRelay(etcd.members[0].port) as relay:
        store = EtcdStore(EtcdSettings((f"http://127.0.0.1:{relay.own_port}",)))
        host = Host(store, prefix, "desk-1")
        await host.lease.keep(host.entry)
        host.clock.move(10)
        relay.hold_answers()
        before = relay.asked
        renewing = asyncio.ensure_future(host.lease.keep(host.entry))
        await until(lambda: relay.asked > before)
        host.clock.move(5)
        relay.mend()
        await renewing
        assert host.lease.left == 25
        await store.close()


async def test_without_a_store_a_lease_is_held_to_its_end_and_no_longer(etcd: EtcdCluster, prefix: str) -> None:
    store = EtcdStore(EtcdSettings(etcd.addresses))
    host = Host(store, prefix, "desk-1")
    await host.lease.keep(host.entry)
    lease = host.lease.current
    await store.close()
    away = HostLease(EtcdStore(EtcdSettings((f"http://127.0.0.1:{free_port()}",))), host.clock.clock, 30)
    await away.keep(host.entry)
    assert isinstance(away.trouble, StoreAway)
    assert away.current is None
    assert host.lease.current == lease


async def test_one_host_alone_wins(store: EtcdStore, prefix: str) -> None:
    ids = [f"{number:03}" for number in range(200)]
    hosts = [Host(store, prefix, name) for name in ("desk-1", "desk-2", "desk-3")]
    for host in hosts:
        await host.lease.keep(host.entry)
    won = await asyncio.gather(*(host.election.claim(ids) for host in hosts))
    assert sorted(id for each in won for id in each) == ids
    for host in hosts:
        await host.look()
    for id in ids:
        assert sum(host.election.mine(id) is not None for host in hosts) == 1
        assert len({host.election.leader(id) for host in hosts}) == 1


async def test_what_a_host_led_is_free_when_its_lease_ends(store: EtcdStore, prefix: str) -> None:
    one, two = Host(store, prefix, "desk-1"), Host(store, prefix, "desk-2")
    for host in (one, two):
        await host.lease.keep(host.entry)
    await one.election.claim(["a"])
    await two.look()
    assert two.election.free(["a"]) == []
    assert await two.election.claim(["a"]) == frozenset()
    start = store.newest.revision
    changes = store.watch(prefix, start)
    await one.lease.close()
    together = await anext(changes)
    await changes.aclose()
    assert {change.key for change in together} == {prefix + "hosts/desk-1", prefix + "leaders/a"}
    two.election.saw(together)
    assert two.election.free(["a"]) == ["a"]
    assert await two.election.claim(["a"]) == {"a"}


async def test_what_a_killed_host_led_is_free(store: EtcdStore, prefix: str) -> None:
    """Also where it was started again meanwhile, so that its own entry did not go with the lease."""
    one, two = Host(store, prefix, "desk-1"), Host(store, prefix, "desk-2")
    for host in (one, two):
        await host.lease.keep(host.entry)
    await one.election.claim(["a"])
    await two.look()
    killed = one.lease.current
    again = Host(store, prefix, "desk-1")
    await again.lease.keep(again.entry)
    start = store.newest.revision
    assert killed is not None
    await store.revoke(killed)
    changes = store.watch(prefix, start)
    two.election.saw(await anext(changes))
    await changes.aclose()
    assert two.election.free(["a"]) == ["a"]


async def test_a_host_without_its_lease_can_write_nothing(store: EtcdStore, prefix: str) -> None:
    """The fence: a write compares the revision at which the host began to lead."""
    one, two = Host(store, prefix, "desk-1"), Host(store, prefix, "desk-2")
    for host in (one, two):
        await host.lease.keep(host.entry)
    await one.election.claim(["a"])
    began = one.election.mine("a")
    assert began is not None
    await store.commit([], [Removal(one.election.key("a"))])
    await two.election.claim(["a"])
    late = await store.commit(
        [Condition(one.election.key("a"), modified=began), Condition(prefix + "accounts/a", modified=0)],
        [Put(prefix + "accounts/a", b"x")],
    )
    assert not late.happened


async def test_a_host_from_which_another_one_took_can_write_nothing(store: EtcdStore, prefix: str) -> None:
    """The other one writes over the leader's entry, which is then as old as before and newer."""
    one, two = Host(store, prefix, "desk-1"), Host(store, prefix, "desk-2")
    for host in (one, two):
        await host.lease.keep(host.entry)
    await one.election.claim(["a"])
    began, key = one.election.mine("a"), one.election.key("a")
    assert two.lease.current is not None
    await store.commit([Condition(key, modified=began)], [Put(key, b"desk-2", two.lease.current)])
    late = await store.commit([Condition(key, modified=began)], [Put(prefix + "figures/a", b"x")])
    assert not late.happened
    await one.look()
    await two.look()
    assert one.election.mine("a") is None
    assert two.election.mine("a") not in (None, began)
