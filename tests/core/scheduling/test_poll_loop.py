"""Each key is looked at when it is woken and when its moment has come, and no other key with it."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from keyrack.core.scheduling.poll_loop import Due, PollLoop
from tests.clock import FakeClock
from tests.until import until


class Work:
    """Keys with their moments. Notes what was started and which keys were looked at."""

    def __init__(self, **moments: float) -> None:
        self.clock = FakeClock(100.0)
        self.moments = dict(moments)
        self.started: list[str] = []
        self.looked_at: list[str] = []
        self.loop: PollLoop[str] = PollLoop(self.clock.clock, lambda: tuple(self.moments), self.due)

    def due(self, key: str) -> Due | None:
        """When the key is due. A started key is due no more."""
        self.looked_at.append(key)
        moment = self.moments.get(key)
        return None if moment is None else (moment, partial(self.start, key))

    def start(self, key: str) -> None:
        """Note that the key was started."""
        self.started.append(key)
        del self.moments[key]

    async def settled(self) -> None:
        """Let the loop turn until it sleeps."""
        for _ in range(5):
            await asyncio.sleep(0)


@pytest.fixture
async def work() -> AsyncIterator[Work]:
    found = Work(now=90.0, soon=150.0, later=900.0)
    running = asyncio.create_task(found.loop.run())
    await until(lambda: bool(found.started))
    yield found
    running.cancel()
    await asyncio.wait({running})


async def test_what_is_due_is_started_and_the_rest_waits(work: Work) -> None:
    assert work.started == ["now"]
    work.clock.move(60.0)
    work.loop.wake()
    await work.settled()
    assert work.started == ["now", "soon"]


async def test_a_woken_key_is_looked_at_alone(work: Work) -> None:
    work.looked_at.clear()
    work.moments["later"] = 99.0
    work.loop.wake("later")
    await work.settled()
    assert work.started == ["now", "later"]
    assert set(work.looked_at) == {"later"}


async def test_a_key_that_is_new_is_started(work: Work) -> None:
    work.moments["new"] = 0.0
    work.loop.wake("new")
    await work.settled()
    assert work.started == ["now", "new"]


async def test_a_key_that_was_put_off_waits_for_its_new_moment(work: Work) -> None:
    work.moments["soon"] = 500.0
    work.clock.move(60.0)
    work.loop.wake("now")
    work.moments["later"] = 120.0
    work.loop.wake("later")
    await work.settled()
    assert work.started == ["now", "later"]
    work.clock.move(400.0)
    work.loop.wake("later")
    work.moments["kick"] = 0.0
    work.loop.wake("kick")
    await work.settled()
    assert work.started == ["now", "later", "kick", "soon"]


async def test_a_key_that_is_gone_is_not_started(work: Work) -> None:
    del work.moments["soon"]
    work.loop.wake("soon")
    work.clock.move(5_000.0)
    work.loop.wake()
    await work.settled()
    assert work.started == ["now", "later"]


async def test_a_sleep_ends_by_itself_at_the_moment_of_a_key_that_was_woken_meanwhile() -> None:
    work = Work(later=10_000.0)
    work.clock = FakeClock.running()
    base = work.clock.elapsed
    work.moments["later"] = base + 10_000.0
    work.loop = PollLoop(work.clock.clock, lambda: tuple(work.moments), work.due)
    running = asyncio.create_task(work.loop.run())
    await work.settled()
    work.moments["soon"] = base + 0.2
    work.loop.wake("soon")
    await until(lambda: work.started == ["soon"])
    running.cancel()
    await asyncio.wait({running})


async def test_many_changes_of_one_key_leave_no_queue_that_grows(work: Work) -> None:
    for number in range(5_000):
        work.moments["later"] = 900.0 + number
        work.loop.wake("later")
    work.clock.move(790.0)
    work.moments["kick"] = 0.0
    work.loop.wake("kick")
    await work.settled()
    assert work.started == ["now", "kick", "soon"]
    work.clock.move(5_800.0)
    work.loop.wake()
    await work.settled()
    assert work.started.count("later") == 1
