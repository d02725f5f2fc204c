"""Transactions of several accounts that go in one request."""

import asyncio
from collections.abc import Sequence

import pytest

from keyrack.core.shared_store.shared_store import Condition, Put, Transaction, TransactionResult
from keyrack.core.shared_store.store_failures import StoreAway
from keyrack.core.sharing.joined_commits import MOST_TOGETHER, JoinedCommits
from tests.clock import FakeClock
from tests.core.sharing.memory_store import MemoryEngine, MemoryStore


class SlowStore(MemoryStore):
    """A store whose requests wait for `passes`. `together` says how many transactions each one had."""

    def __init__(self) -> None:
        super().__init__(MemoryEngine(lambda: 0.0))
        self.passes = asyncio.Event()
        self.together: list[int] = []

    async def commit_each(self, transactions: Sequence[Transaction]) -> tuple[TransactionResult, ...]:
        self.together.append(len(transactions))
        await self.passes.wait()
        return await super().commit_each(transactions)


def put(commits: JoinedCommits, key: str, *, may_wait: bool = False) -> "asyncio.Task[TransactionResult]":
    work = commits.commit((Condition(key, modified=0),), (Put(key, b"x"),), may_wait=may_wait)
    return asyncio.create_task(work)


async def turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_what_comes_while_a_request_is_under_way_goes_with_the_next_one() -> None:
    store = SlowStore()
    commits = JoinedCommits(store, FakeClock.running().clock)
    first = put(commits, "a")
    await turns()
    others = [put(commits, key) for key in ("b", "c", "a")]
    await turns()
    assert store.together == [1]
    store.passes.set()
    results = await asyncio.gather(first, *others)
    assert store.together == [1, 3]
    assert [each.happened for each in results] == [True, True, True, False]


async def test_two_that_write_the_same_key_follow_each_other_and_no_request_grows_without_end() -> None:
    store = SlowStore()
    store.passes.set()
    commits = JoinedCommits(store, FakeClock.running().clock)
    work = [put(commits, key) for key in ("a", "a", *map(str, range(MOST_TOGETHER + 5)))]
    results = await asyncio.gather(*work)
    assert [each.happened for each in results[:2]] == [True, False]
    assert sum(store.together) == len(work)
    assert max(store.together) <= MOST_TOGETHER


async def test_what_may_wait_goes_with_what_may_not() -> None:
    store = SlowStore()
    store.passes.set()
    commits = JoinedCommits(store, FakeClock.running().clock)
    await put(commits, "a", may_wait=True)
    waiting = [put(commits, key, may_wait=True) for key in ("b", "c")]
    await turns()
    assert store.together == [1]
    await put(commits, "d")
    assert all(each.happened for each in await asyncio.gather(*waiting))
    assert store.together == [1, 3]


async def test_what_may_wait_is_sent_by_itself() -> None:
    store = SlowStore()
    store.passes.set()
    commits = JoinedCommits(store, FakeClock.running().clock)
    await put(commits, "a", may_wait=True)
    assert (await put(commits, "b", may_wait=True)).happened
    assert store.together == [1, 1]


async def test_a_failure_is_told_to_all_that_went_together_and_to_no_later_one() -> None:
    store = SlowStore()
    commits = JoinedCommits(store, FakeClock.running().clock)
    work = [put(commits, key) for key in ("a", "b")]
    await turns()
    store.away = True
    store.passes.set()
    for each in work:
        with pytest.raises(StoreAway):
            await each
    store.away = False
    assert (await put(commits, "a")).happened


async def test_a_caller_that_left_before_it_was_sent_writes_nothing() -> None:
    store = SlowStore()
    commits = JoinedCommits(store, FakeClock.running().clock)
    first, left, last = put(commits, "a"), None, None
    await turns()
    left, last = put(commits, "b"), put(commits, "c")
    await turns()
    left.cancel()
    await turns()
    store.passes.set()
    await asyncio.gather(first, last)
    assert [entry.key for entry in (await store.read("")).entries] == ["a", "c"]


async def test_what_is_under_way_ends_when_the_host_does() -> None:
    store = SlowStore()
    commits = JoinedCommits(store, FakeClock.running().clock)
    first = put(commits, "a")
    await turns()
    second = put(commits, "b")
    await turns()
    await commits.close()
    for each in (first, second):
        with pytest.raises(asyncio.CancelledError):
            await each
