"""What an etcd can do to its users: compaction, a full quota, an older state, answers that are none of etcd's."""

import asyncio
import base64
import json
import os
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.newest_revision import NewestRevision
from keyrack.core.shared_store.shared_store import Condition, Put
from keyrack.core.shared_store.store_failures import (
    AnswerLost,
    ChangesGone,
    LeaseGone,
    OtherStore,
    SharedStoreFailure,
    StoreFull,
    StoreUnreadable,
)
from keyrack.net.client.http_client import ClientLimits
from keyrack.primitives.secret import Secret
from tests.clock import FakeClock
from tests.core.shared_store.scripted_member import HEADER, STATUS, line, scripted
from tests.etcd_cluster import EtcdCluster
from tests.until import until


async def test_compacted_changes_are_told_and_read_again(store: EtcdStore, etcd: EtcdCluster, prefix: str) -> None:
    start = (await store.read(prefix)).revision
    for number in range(3):
        last = await store.commit([], [Put(prefix + "a", b"%d" % number)])
    etcd.ask(etcd.members[0], "/v3/kv/compaction", {"revision": str(last.revision)})
    with pytest.raises(ChangesGone):
        await anext(store.watch(prefix, start))
    found = await store.read(prefix)
    changes = store.watch(prefix, found.revision)
    await store.commit([], [Put(prefix + "a", b"9")])
    assert [change.value for change in await anext(changes)] == [b"9"]
    await changes.aclose()


async def test_a_full_etcd_is_told_and_can_still_be_read(tmp_path: Path, prefix: str) -> None:
    with EtcdCluster(tmp_path, options=["--quota-backend-bytes", "1000000"]) as small:
        small.wait()
        store = EtcdStore(EtcdSettings(small.addresses))
        await store.commit([], [Put(prefix + "a", b"1")])
        with pytest.raises(StoreFull) as full:
            for _ in range(40):
                await store.commit([], [Put(prefix + "b", b"x" * 100_000)])
        assert "compacts" in full.value.todo
        assert (await store.read(prefix)).entries[0].value == b"1"
        lease = await asyncio.wait_for(outcome(store), 10)
        assert isinstance(lease, int | StoreFull)
        await store.close()


async def outcome(store: EtcdStore) -> object:
    try:
        return await store.grant(10)
    except SharedStoreFailure as why:
        return why


async def test_a_lease_that_has_ended_takes_no_write(store: EtcdStore, prefix: str) -> None:
    lease = await store.grant(30)
    await store.revoke(lease)
    with pytest.raises(LeaseGone):
        await store.commit([], [Put(prefix + "a", b"1", lease)])
    assert (await store.read(prefix)).entries == ()


async def test_a_record_that_is_too_large_is_told_before_it_is_sent(store: EtcdStore, prefix: str) -> None:
    with pytest.raises(StoreUnreadable) as refused:
        await store.commit([], [Put(prefix + "a", b"x" * 1_500_000)])
    assert refused.value.code == "shared_request_too_large"
    with pytest.raises(StoreUnreadable):
        await store.commit([], [Put(f"{prefix}{number}", b"") for number in range(65)])
    assert (await store.commit([], [Put(f"{prefix}{number}", b"") for number in range(64)])).happened


async def test_an_etcd_that_was_restored_from_a_backup_is_refused(tmp_path: Path, prefix: str) -> None:
    with EtcdCluster(tmp_path) as cluster:
        member = cluster.members[0]
        store = EtcdStore(EtcdSettings(cluster.addresses))
        await store.commit([], [Put(prefix + "a", b"1")])
        saved = tmp_path / "saved.db"
        etcdctl("--endpoints", member.address, "snapshot", "save", str(saved))
        for number in range(3):
            newest = await store.commit([], [Put(prefix + "a", b"%d" % number)])
        member.kill()
        member.folder.joinpath("data").rename(tmp_path / "lost")
        etcdctl(
            *("snapshot", "restore", str(saved), "--name", member.name, "--data-dir", str(member.folder / "data")),
            *("--initial-cluster", f"{member.name}={member.peer}", "--initial-cluster-token", "desk"),
            *("--initial-advertise-peer-urls", member.peer),
        )
        cluster.start_member(member)
        cluster.wait()
        with pytest.raises(OtherStore) as older:
            await store.read(prefix)
        assert older.value.code == "shared_store_older"
        later = EtcdStore(
            EtcdSettings(cluster.addresses, cluster=store.cluster), newest=NewestRevision(newest.revision)
        )
        with pytest.raises(OtherStore) as older:
            await later.read(prefix)
        assert str(newest.revision) in older.value.means
        await store.close()
        await later.close()


def etcdctl(*words: str) -> None:
    subprocess.run(["etcdctl", *words], env={**os.environ, "ETCDCTL_API": "3"}, capture_output=True, check=True)


GOOD = {"key": base64.b64encode(b"/keyrack/x/a").decode(), "value": "MQ==", "create_revision": "2", "mod_revision": "3"}


@asynccontextmanager
async def answering(answer: bytes, limits: ClientLimits | None = None) -> AsyncGenerator[EtcdStore]:
    """A member that says who it is, and gives this answer to everything else."""

    async with scripted(lambda _path, _question: answer) as address:
        store = EtcdStore(EtcdSettings((address,)), limits=limits)
        try:
            yield store
        finally:
            await store.close()


def ranged(**changed: Any) -> bytes:
    return json.dumps({"header": HEADER, "kvs": [{**GOOD, **changed}], "count": "1"}).encode()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"[]",
        b"null",
        b'{"kvs": []}',
        b'{"header": {"revision": "5"}, "kvs": []}',
        b'{"header": {"cluster_id": "77", "cluster_id": "78"}}',
        b'{"header": ["77"]}',
        b'{"header": {"cluster_id": "-77"}}',
        b'{"header": {"cluster_id": true}}',
        b'{"header": {"cluster_id": "77", "revision": "5e3"}}',
        b'{"error": {"message": 7}}',
        ranged()[:-1],
        ranged(key=7),
        ranged(key="a"),
        ranged(value="?"),
        ranged(mod_revision="x"),
        ranged(create_revision=1.5),
        ranged(lease={}),
        ranged()[:-1] + b', "x": ' + b"[" * 100 + b"]" * 100 + b"}",
        b'{"header": {"cluster_id": "77", "revision": "5"}, "kvs": {"a": 1}}',
        b'{"header": {"cluster_id": "77", "revision": "5"}, "kvs": [1]}',
        "{“header”: 1}".encode("utf-16"),
    ],
)
async def test_what_is_no_answer_of_etcd_is_told(answer: bytes) -> None:
    async with answering(answer) as store:
        with pytest.raises(StoreUnreadable) as refused:
            await store.read("/keyrack/x/")
        assert refused.value.code == "shared_store_unreadable"
        with pytest.raises((StoreUnreadable, AnswerLost)):
            await store.commit([Condition("/keyrack/x/a", created=0)], [Put("/keyrack/x/a", b"1")])


async def test_an_answer_without_an_end_is_not_read(prefix: str) -> None:
    async with answering(b'{"kvs": [' + b" " * 300_000, ClientLimits(body=100_000)) as store:
        with pytest.raises(StoreUnreadable) as refused:
            await store.read(prefix)
        assert refused.value.code == "shared_store_too_large"


async def test_a_foreign_key_is_read_as_one(prefix: str) -> None:
    async with answering(ranged(key=base64.b64encode(b"/keyrack/x/\xff\n").decode())) as store:
        (entry,) = (await store.read("/keyrack/x/")).entries
        assert entry.key == "/keyrack/x/\\xff\n"


async def test_events_in_fragments_are_told_together() -> None:
    later = {"kv": {**GOOD, "mod_revision": "4"}}
    told = line(created=True) + line(fragment=True, events=[{"kv": GOOD}]) + line(events=[{"kv": GOOD}, later])
    async with answering(told) as store:
        changes = store.watch("/keyrack/x/", 0)
        assert [len(await anext(changes)), len(await anext(changes))] == [2, 1]
        await changes.aclose()


async def test_a_member_that_lost_an_event_is_left() -> None:
    watches: list[str] = []

    def answers(path: str, question: dict[str, Any]) -> bytes | None:
        if path == "/v3/kv/range":
            newer = int(question["min_mod_revision"]) <= 3
            return json.dumps({"header": HEADER, "kvs": [GOOD] if newer else []}).encode()
        watches.append(question["create_request"]["start_revision"])
        return None if len(watches) == 1 else line(created=True) + line(events=[{"kv": GOOD}])

    async with scripted(answers) as address:
        store = EtcdStore(EtcdSettings((address,)), silence=0.05)
        changes = store.watch("/keyrack/x/", 2)
        async with asyncio.timeout(10):
            with pytest.raises(StopAsyncIteration):
                await anext(changes)
        again = store.watch("/keyrack/x/", 2)
        assert [change.modified for change in await anext(again)] == [3]
        assert watches == ["3", "3"]
        await again.aclose()
        await store.close()


async def test_a_lease_counts_as_renewed_only_where_the_majority_is_in_the_same_term() -> None:
    terms = {"/v3/lease/keepalive": iter("2334"), "/v3/kv/range": iter("53344")}
    asked: list[str] = []

    def answers(path: str, question: dict[str, Any]) -> bytes:
        asked.append(path)
        header = {**HEADER, "raft_term": next(terms[path])}
        if path == "/v3/kv/range":
            return json.dumps({"header": header}).encode()
        return json.dumps({"result": {"header": header, "ID": "7", "TTL": "10"}}).encode()

    async with scripted(answers) as address:
        store = EtcdStore(EtcdSettings((address,)))
        await store.read("/keyrack/x/")
        assert await store.keep_alive(7) == 10
        assert asked.count("/v3/lease/keepalive") == 2
        await store.close()


async def test_every_page_is_of_the_revision_of_the_first() -> None:
    asked: list[str] = []

    def answers(path: str, question: dict[str, Any]) -> bytes:
        asked.append(question.get("revision", "newest"))
        header = {**HEADER, "revision": str(4 + len(asked))}
        return json.dumps({"header": header, "kvs": [numbered(len(asked))], "more": len(asked) < 3}).encode()

    async with scripted(answers) as address:
        store = EtcdStore(EtcdSettings((address,)))
        assert (await store.read("/keyrack/x/")).revision == 5
        assert asked == ["newest", "5", "5"]
        await store.close()


def numbered(number: int, size: int = 1) -> dict[str, str]:
    """An entry whose key is greater than that of the number before."""
    key = base64.b64encode(b"/keyrack/x/%06d" % number).decode()
    return {**GOOD, "key": key, "value": base64.b64encode(b"x" * size).decode()}


@pytest.mark.parametrize(("grows", "code"), [(True, "shared_store_too_large"), (False, "shared_store_unreadable")])
async def test_pages_without_an_end_are_not_read(grows: bool, code: str) -> None:
    asked: list[str] = []

    def answers(_path: str, question: dict[str, Any]) -> bytes:
        asked.append(question["key"])
        page = [numbered(len(asked) if grows else 1, 12 * 1024 * 1024)]
        return json.dumps({"header": HEADER, "kvs": page, "more": len(asked) < 20}).encode()

    async with scripted(answers) as address:
        store = EtcdStore(EtcdSettings((address,)))
        with pytest.raises(StoreUnreadable) as refused:
            await store.read("/keyrack/x/")
        assert (refused.value.code, len(asked)) == (code, 6 if grows else 2)
        await store.close()


async def test_a_change_in_fragments_without_an_end_is_not_read() -> None:
    fragment = line(fragment=True, events=[{"kv": numbered(1, 9 * 1024 * 1024)}])
    async with answering(fragment * 4) as store:
        with pytest.raises(StoreUnreadable) as refused:
            await anext(store.watch("/keyrack/x/", 0))
        assert refused.value.code == "shared_store_too_large"


@pytest.mark.parametrize(
    "told",
    [
        line(events=[{"type": "MOVE", "kv": GOOD}]),
        line(events=[{"kv": {**GOOD, "value": "?"}}]),
        line(events=[{"kv": {**GOOD, "mod_revision": "x"}}]),
        line(canceled=True, compact_revision="x"),
    ],
)
async def test_a_change_that_is_none_of_etcd_s_is_told(told: bytes) -> None:
    async with answering(told) as store:
        with pytest.raises(StoreUnreadable) as refused:
            await anext(store.watch("/keyrack/x/", 0))
        assert refused.value.code == "shared_store_unreadable"


async def test_an_answer_inside_of_another_one_is_none_of_etcd_s() -> None:
    """Etcd wraps what it streams, and that alone."""
    async with answering(json.dumps({"result": {"header": HEADER, "succeeded": True}}).encode()) as store:
        with pytest.raises(StoreUnreadable) as refused:
            await store.read("/keyrack/x/")
        assert refused.value.code == "shared_store_unreadable"
        with pytest.raises(AnswerLost):
            await store.commit([], [Put("/keyrack/x/a", b"1")])


async def test_a_member_whose_leader_is_no_number_is_told() -> None:
    async with scripted(lambda _path, _question: None, {**STATUS, "leader": "the second one"}) as address:
        store = EtcdStore(EtcdSettings((address,)))
        with pytest.raises(StoreUnreadable) as refused:
            await store.read("/keyrack/x/")
        assert refused.value.code == "shared_store_unreadable"
        await store.close()


async def test_a_watch_that_a_login_ended_logs_in_anew_and_is_not_begun_again_by_itself() -> None:
    asked: list[str] = []

    def answers(path: str, _question: dict[str, Any]) -> bytes:
        asked.append(path)
        if path == "/v3/auth/authenticate":
            return json.dumps({"header": HEADER, "token": f"invented-login-{len(asked)}"}).encode()
        return line(canceled=True, cancel_reason="etcdserver: invalid auth token")

    async with scripted(answers) as address:
        store = EtcdStore(EtcdSettings((address,), user="desk", password=Secret("invented-word")))
        async with asyncio.timeout(30):
            for _ in range(2):
                with pytest.raises(StopAsyncIteration):
                    await anext(store.watch("/keyrack/x/", 2))
        assert asked == ["/v3/auth/authenticate", "/v3/watch"] * 2
        await store.close()


async def test_a_watch_ends_after_a_sleep_because_what_it_tells_is_old(etcd: EtcdCluster, prefix: str) -> None:
    clock = FakeClock()
    sleeping = EtcdStore(EtcdSettings(etcd.addresses), clock=clock.clock)
    other = EtcdStore(EtcdSettings(etcd.addresses))
    changes = sleeping.watch(prefix, (await other.commit([], [Put(prefix + "a", b"1")])).revision - 1)
    assert [change.value for change in await anext(changes)] == [b"1"]
    before = clock.asked
    waiting = asyncio.ensure_future(anext(changes))
    await until(lambda: clock.asked > before)
    clock.move(2 * 86_400)
    await other.commit([], [Put(prefix + "a", b"2")])
    with pytest.raises(StopAsyncIteration):
        await waiting
    await sleeping.close()
    await other.close()


async def test_many_requests_log_in_once() -> None:
    logins: list[str] = []

    def answers(path: str, question: dict[str, Any]) -> bytes:
        if path == "/v3/auth/authenticate":
            logins.append(question["name"])
            return json.dumps({"header": HEADER, "token": f"invented-login-{len(logins)}"}).encode()
        return json.dumps({"header": HEADER}).encode()

    async with scripted(answers) as address:
        store = EtcdStore(EtcdSettings((address,), user="desk", password=Secret("invented-word")))
        await asyncio.gather(*(store.read("/keyrack/x/") for _ in range(10)))
        assert logins == ["desk"]
        await store.close()
