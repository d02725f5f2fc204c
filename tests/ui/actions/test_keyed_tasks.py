"""Coroutines that clicks start: one at a time, none lost."""

import asyncio

from keyrack.ui.actions.keyed_tasks import KeyedTasks


async def ended(tasks: KeyedTasks, *keys: str) -> None:
    """Wait until no task runs under any of `keys`, and its failure was passed on."""
    idle = asyncio.Event()
    forget = tasks.changed.connect(lambda _key: None if any(map(tasks.running, keys)) else idle.set())
    await idle.wait()
    forget()


async def test_a_second_start_is_refused_until_the_first_has_ended() -> None:
    go, seen = asyncio.Event(), list[str]()
    tasks = KeyedTasks(print)

    async def work(word: str) -> None:
        await go.wait()
        seen.append(word)

    changes = list[str]()
    tasks.changed.connect(changes.append)
    assert tasks.start("a", work, "first")
    assert tasks.running("a")
    assert not tasks.start("a", work, "second")
    assert tasks.start("b", work, "other")
    go.set()
    await ended(tasks, "a", "b")
    assert sorted(seen) == ["first", "other"]
    assert sorted(changes) == ["a", "a", "b", "b"]
    assert tasks.start("a", work, "third")
    await tasks.close()


async def test_what_it_raises_goes_to_the_handler() -> None:
    failed = list[BaseException]()
    tasks = KeyedTasks(failed.append)

    async def work() -> None:
        raise ValueError("unexpected")

    tasks.start("a", work)
    await ended(tasks, "a")
    assert str(failed[0]) == "unexpected"
    assert not tasks.running("a")


async def test_cancelled_work_is_no_failure() -> None:
    failed = list[BaseException]()
    tasks = KeyedTasks(failed.append)
    tasks.start("a", asyncio.Event().wait)
    tasks.cancel("a")
    tasks.cancel("never started")
    await ended(tasks, "a")
    assert not failed


async def test_close_ends_everything_and_refuses_more() -> None:
    tasks, ended = KeyedTasks(print), list[str]()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("tidied")

    tasks.start("a", work)
    await asyncio.sleep(0)
    await tasks.close()
    assert ended == ["tidied"]
    assert not tasks.start("b", work)
