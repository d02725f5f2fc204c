"""The store on a real etcd of three members, of which some are killed, frozen, cut off or strangers."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.shared_store import Condition, Put
from keyrack.core.shared_store.store_failures import AnswerLost, OtherStore, StoreAway, StoreUnreadable
from keyrack.net.client.http_client import ClientLimits
from tests.clock import FakeClock
from tests.etcd_cluster import EtcdCluster, EtcdMember
from tests.free_port import free_port
from tests.tcp_relay import TcpRelay
from tests.until import until

QUICK = ClientLimits(connect=0.5, total=1.0, kept=30.0)


@pytest.fixture
def relays(three: EtcdCluster) -> Iterator[list[TcpRelay]]:
    """A link to each member."""
    with ExitStack() as stack:
        yield [stack.enter_context(TcpRelay(member.port)) for member in three.members]


def through(relays: list[TcpRelay]) -> tuple[str, ...]:
    return tuple(f"http://127.0.0.1:{relay.own_port}" for relay in relays)


async def test_the_loss_of_any_member_is_not_noticed(three: EtcdCluster, prefix: str) -> None:
    store = EtcdStore(EtcdSettings(three.addresses))
    wrote = await store.commit([], [Put(prefix + "a", b"0")])
    for number, member in enumerate(three.members, 1):
        member.kill()
        three.wait()
        found = await store.read(prefix)
        wrote = await store.commit(
            [Condition(prefix + "a", modified=found.entries[0].modified)], [Put(prefix + "a", str(number).encode())]
        )
        assert wrote.happened
        three.start_member(member)
        three.wait()
    assert (await store.read(prefix)).entries[0].value == b"3"
    await store.close()


def follower_first(cluster: EtcdCluster) -> tuple[EtcdMember, tuple[str, ...]]:
    """A member that does not lead, and the addresses of all with its own first.

    Where the leader is frozen the others answer only after an election.
    """
    leader = cluster.leader()
    first, *others = sorted(cluster.members, key=lambda member: member is leader)
    return first, (first.address, *(member.address for member in others))


async def test_a_frozen_member_costs_one_wait_and_no_lease(three: EtcdCluster, prefix: str) -> None:
    first, addresses = follower_first(three)
    store = EtcdStore(EtcdSettings(addresses))
    clock = FakeClock.running()
    lease = HostLease(store, clock.clock)
    await lease.keep((prefix + "hosts/1", b"desk-1"))
    held = lease.current
    assert held is not None
    first.freeze()
    await lease.keep((prefix + "hosts/1", b"desk-1"))
    assert (lease.current, lease.trouble) == (held, None)
    assert (await store.commit([], [Put(prefix + "a", b"1")])).happened
    first.thaw()
    await store.close()


async def test_a_watch_goes_on_at_another_member(three: EtcdCluster, prefix: str) -> None:
    """A frozen member keeps its connections and says nothing."""
    first, addresses = follower_first(three)
    store = EtcdStore(EtcdSettings(addresses), limits=QUICK, silence=0.3)
    other = EtcdStore(EtcdSettings(addresses[1:]))
    changes = store.watch(prefix, (await store.read(prefix)).revision)
    await other.commit([], [Put(prefix + "a", b"0")])
    assert [change.value for change in await anext(changes)] == [b"0"]
    first.freeze()
    await until(lambda: answers(other, prefix), 30)
    await other.commit([], [Put(prefix + "a", b"1")])
    async with asyncio.timeout(30):
        with pytest.raises(StopAsyncIteration):
            await anext(changes)
        found = await store.read(prefix)
        assert [entry.value for entry in found.entries] == [b"1"]
        again = store.watch(prefix, found.revision)
        await other.commit([], [Put(prefix + "a", b"2")])
        assert [change.value for change in await anext(again)] == [b"2"]
    await again.aclose()
    first.thaw()
    await store.close()
    await other.close()


async def answers(store: EtcdStore, prefix: str) -> bool:
    try:
        await store.read(prefix)
    except StoreAway:
        return False
    return True


async def test_without_a_majority_nothing_is_done_and_it_is_told(three: EtcdCluster, prefix: str) -> None:
    store = EtcdStore(EtcdSettings(three.addresses), limits=QUICK)
    await store.commit([], [Put(prefix + "a", b"1")])
    for member in three.members[1:]:
        member.kill()
    with pytest.raises(StoreAway) as away:
        await store.read(prefix)
    assert three.addresses[0] in away.value.means
    with pytest.raises((StoreAway, AnswerLost)):
        await store.commit([], [Put(prefix + "a", b"2")])
    for member in three.members[1:]:
        three.start_member(member)
    await until(lambda: answers(store, prefix), 30)
    await store.close()


async def test_a_transaction_whose_answer_was_lost_is_not_sent_again(
    three: EtcdCluster, relays: list[TcpRelay], prefix: str
) -> None:
    store = EtcdStore(EtcdSettings(through(relays)), limits=QUICK)
    plain = EtcdStore(EtcdSettings(three.addresses))
    key = prefix + "a"
    first = await store.commit([Condition(key, created=0)], [Put(key, b"1")])
    for relay in relays:
        relay.hold_answers()
    with pytest.raises(AnswerLost):
        await store.commit([Condition(key, modified=first.revision)], [Put(key, b"2")])
    (entry,) = (await plain.read(prefix)).entries
    assert (entry.value, entry.modified) == (b"2", first.revision + 1)
    for relay in relays:
        relay.cut()
    with pytest.raises(StoreAway):  # nothing was sent, so it says so
        await store.commit([Condition(key, modified=entry.modified)], [Put(key, b"3")])
    for relay in relays:
        relay.mend()
    assert [each.value for each in (await store.read(prefix)).entries] == [b"2"]
    await store.close()
    await plain.close()


async def test_a_member_of_another_cluster_gets_no_write(etcd: EtcdCluster, tmp_path: Path, prefix: str) -> None:
    with EtcdCluster(tmp_path, token="strangers") as strangers:
        mixed = EtcdStore(EtcdSettings((*strangers.addresses, *etcd.addresses), cluster=await cluster_of(etcd)))
        assert (await mixed.commit([], [Put(prefix + "a", b"1")])).happened
        alone = EtcdStore(EtcdSettings(strangers.addresses, cluster=await cluster_of(etcd)))
        with pytest.raises(OtherStore) as other:
            await alone.commit([], [Put(prefix + "a", b"1")])
        assert other.value.code == "shared_store_other"
        assert strangers.addresses[0] in other.value.happened
        looking = EtcdStore(EtcdSettings(strangers.addresses))
        assert (await looking.read(prefix)).entries == ()
        assert looking.cluster != await cluster_of(etcd)
        for store in (mixed, alone, looking):
            await store.close()


async def cluster_of(etcd: EtcdCluster) -> str:
    store = EtcdStore(EtcdSettings(etcd.addresses))
    await store.read("/keyrack/")
    await store.close()
    return store.cluster


async def test_nobody_there_is_told_with_the_addresses(prefix: str) -> None:
    addresses = (f"http://127.0.0.1:{free_port()}", f"http://[::1]:{free_port()}/")
    store = EtcdStore(EtcdSettings(addresses))
    with pytest.raises(StoreAway) as away:
        await store.read(prefix)
    assert all(address.rstrip("/") in away.value.means for address in addresses)
    await store.close()


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://etcd-1.example:2379", "shared_address_unsafe"),
        ("https://user:word@etcd-1.example", "shared_address_unsafe"),
        ("https://etcd-1.example/v3", "shared_address_unsafe"),
        ("etcd-1.example:2379", "shared_address_unsafe"),
        (" ", "shared_addresses_missing"),
    ],
)
@pytest.mark.security("S40")
async def test_an_address_that_cannot_be_used_is_told(address: str, code: str) -> None:
    with pytest.raises(Exception, match=r"\S") as refused:
        EtcdStore(EtcdSettings((address,)))
    assert getattr(refused.value, "code", "") == code


async def test_another_server_at_the_address_is_told(prefix: str) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 2\r\n\r\nhi")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    store = EtcdStore(EtcdSettings((f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",)))
    with pytest.raises(StoreUnreadable) as refused:
        await store.read(prefix)
    assert refused.value.code == "shared_store_unreadable"
    await store.close()
    server.close()


async def test_an_overthrown_leader_renews_no_lease(three: EtcdCluster, prefix: str) -> None:
    """An etcd of 3.4.23 that was the leader and was frozen renews a lease before it hears of the next term."""
    store = EtcdStore(EtcdSettings(three.addresses))
    lease = await store.grant(10)
    await store.commit([], [Put(prefix + "hosts/1", b"desk-1", lease)])
    old = three.leader()
    other = next(member for member in three.members if member is not old)
    with TcpRelay(old.port) as relay:
        through_old = EtcdStore(
            EtcdSettings((f"http://127.0.0.1:{relay.own_port}",)), limits=ClientLimits(connect=5.0, total=30.0)
        )
        await through_old.read(prefix)
        old.freeze()
        await until(lambda: 0 < three.lease_left(other, lease) <= 7, 30)
        before = relay.asked
        renewing = asyncio.ensure_future(through_old.keep_alive(lease))
        await until(lambda: relay.asked > before, 30)
        old.thaw()
        assert await renewing == 10
        assert three.lease_left(other, lease) >= 8
        await through_old.close()
    await store.close()
