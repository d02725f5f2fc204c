"""Background tasks outlive the caller that started them."""

import asyncio

import pytest

from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.primitives.failure import Failure


async def test_it_is_done_even_if_the_asker_goes() -> None:
    tasks, gate, done = BackgroundTasks(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        await gate.wait()
        done.set()

    asker = asyncio.create_task(tasks.finish(work()))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    asker.cancel()
    await asyncio.gather(asker, return_exceptions=True)
    gate.set()
    async with asyncio.timeout(5):
        await done.wait()


async def test_its_answer_and_its_failure_reach_the_asker() -> None:
    async def work(*, fails: bool) -> int:
        if fails:
            raise Failure("unexpected")
        return 7

    tasks = BackgroundTasks()
    assert await tasks.finish(work(fails=False)) == 7
    with pytest.raises(Failure):
        await tasks.finish(work(fails=True))
    await tasks.close()


async def test_closing_lets_it_end_and_ends_what_does_not() -> None:
    tasks = BackgroundTasks(closing_seconds=0.05)
    short, endless = tasks.start(asyncio.sleep(0.001)), tasks.start(asyncio.Event().wait())
    await tasks.close()
    assert short.done()
    assert not short.cancelled()
    assert endless.cancelled()
