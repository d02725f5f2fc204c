"""The store on a real etcd of one member."""

import asyncio
import json

from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, StoreChange, Transaction
from keyrack.core.sharing.joined_commits import MOST_TOGETHER
from tests.etcd_cluster import EtcdCluster


async def test_an_entry_is_written_once_and_read_back(store: EtcdStore, prefix: str) -> None:
    key = prefix + "accounts/a"
    first = await store.commit([Condition(key, created=0)], [Put(key, b"\x00\xffone")])
    again = await store.commit([Condition(key, created=0)], [Put(key, b"two")])
    assert first.happened
    assert not again.happened
    (entry,) = again.entries
    assert (entry.key, entry.value, entry.created, entry.modified) == (
        key,
        b"\x00\xffone",
        first.revision,
        first.revision,
    )
    assert first.entries == again.entries
    assert (await store.read(prefix)).entries == (entry,)


async def test_a_write_follows_the_revision_that_was_read(store: EtcdStore, prefix: str) -> None:
    key = prefix + "accounts/a"
    first = await store.commit([Condition(key, modified=0)], [Put(key, b"1")])
    second = await store.commit([Condition(key, modified=first.revision)], [Put(key, b"2")])
    late = await store.commit([Condition(key, modified=first.revision)], [Put(key, b"3")])
    assert (first.happened, second.happened, late.happened) == (True, True, False)
    assert [entry.value for entry in late.entries] == [b"2"]


async def test_a_failed_condition_is_seen(store: EtcdStore, prefix: str) -> None:
    leader, record = prefix + "leaders/a", prefix + "accounts/a"
    led = await store.commit([], [Put(leader, b"desk-1")])
    lost = await store.commit([Condition(leader, created=led.revision + 1)], [Put(record, b"x")])
    assert not lost.happened
    assert [(entry.key, entry.value) for entry in lost.entries] == [(leader, b"desk-1")]


async def test_a_removal_leaves_nothing(store: EtcdStore, prefix: str) -> None:
    await store.commit([], [Put(prefix + "a", b"1"), Put(prefix + "b", b"2")])
    removed = await store.commit([], [Removal(prefix + "a")])
    assert removed.happened
    assert removed.entries == ()
    assert [entry.key for entry in (await store.read(prefix)).entries] == [prefix + "b"]


async def test_all_pages_are_read_at_one_revision(store: EtcdStore, prefix: str) -> None:
    for batch in range(0, 450, 50):
        await store.commit([], [Put(f"{prefix}{number:04}", b"x" * 100) for number in range(batch, batch + 50)])
    found = await store.read(prefix)
    assert [entry.key for entry in found.entries] == [f"{prefix}{number:04}" for number in range(450)]
    assert found.revision == store.newest.revision


async def test_a_watch_tells_what_a_transaction_did_together(store: EtcdStore, prefix: str) -> None:
    start = (await store.read(prefix)).revision
    one = await store.commit([], [Put(prefix + "a", b"1"), Put(prefix + "b", b"2")])
    two = await store.commit([], [Removal(prefix + "a")])
    changes = store.watch(prefix, start)
    async with asyncio.timeout(10):
        assert await anext(changes) == (
            StoreChange(prefix + "a", b"1", one.revision, one.revision),
            StoreChange(prefix + "b", b"2", one.revision, one.revision),
        )
        assert await anext(changes) == (StoreChange(prefix + "a", None, 0, two.revision),)
        later = asyncio.ensure_future(anext(changes))
        three = await store.commit([], [Put(prefix + "b", b"3")])
        assert await later == (StoreChange(prefix + "b", b"3", one.revision, three.revision),)
    await changes.aclose()


async def test_what_hangs_on_a_lease_goes_with_it(store: EtcdStore, prefix: str) -> None:
    lease = await store.grant(30)
    assert 25 <= await store.keep_alive(lease) <= 30
    put = await store.commit([], [Put(prefix + "hosts/1", b"desk-1", lease)])
    assert put.entries[0].lease == lease
    await store.revoke(lease)
    assert (await store.read(prefix)).entries == ()
    assert await store.keep_alive(lease) == 0
    await store.revoke(lease)


async def test_etcd_alone_knows_what_was_stored(store: EtcdStore, etcd: EtcdCluster, prefix: str) -> None:
    await store.commit([], [Put(prefix + "a", b"hello")])
    answer = etcd.ask(etcd.members[0], "/v3/kv/range", {"key": "AA==", "range_end": "AA=="})
    assert "aGVsbG8=" in json.dumps(answer)
    assert store.cluster == str(answer["header"]["cluster_id"])


async def test_transactions_of_one_request_happen_each_by_its_own_conditions(store: EtcdStore, prefix: str) -> None:
    first, second, third = (f"{prefix}accounts/{name}" for name in "abc")
    there = await store.commit([], [Put(second, b"there")])
    results = await store.commit_each(
        [
            Transaction((Condition(first, modified=0),), (Put(first, b"1"),)),
            Transaction((Condition(second, modified=0),), (Put(second, b"2"),)),
            Transaction((Condition(second, modified=there.revision),), (Put(third, b"3"),)),
        ]
    )
    assert [each.happened for each in results] == [True, False, True]
    assert [[(entry.key, entry.value) for entry in each.entries] for each in results] == [
        [(first, b"1")],
        [(second, b"there")],
        [(third, b"3"), (second, b"there")],
    ]
    assert results[0].entries[0].modified == results[0].revision == there.revision + 1
    (alone,) = await store.commit_each([Transaction((Condition(first, modified=0),), (Put(first, b"4"),))])
    assert not alone.happened
    assert [entry.value for entry in alone.entries] == [b"1"]


async def test_as_many_transactions_as_are_sent_together_are_taken(store: EtcdStore, prefix: str) -> None:
    made = [
        Transaction(
            (Condition(f"{prefix}accounts/{n}", modified=0), Condition(f"{prefix}leaders/{n}", created=0)),
            (Put(f"{prefix}accounts/{n}", b"x"), Put(f"{prefix}leaders/{n}", b"y")),
        )
        for n in range(MOST_TOGETHER)
    ]
    assert all(each.happened for each in await store.commit_each(made))
