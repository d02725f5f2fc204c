"""One client's requests begin a second apart, whichever of them is cancelled."""

import asyncio
import itertools
import time

import pytest

from keyrack.core.sites.throttle import Throttle
from keyrack.primitives.clock import Clock
from tests.clock import FakeClock


async def turns(pace: Throttle, count: int, interval: float) -> list[float]:
    began: list[float] = []

    async def one() -> None:
        async with pace.turn("w1", interval):
            began.append(time.monotonic())

    await asyncio.gather(*(one() for _ in range(count)))
    return began


@pytest.mark.security("S79")
async def test_turns_of_one_client_are_apart() -> None:
    began = await turns(Throttle(Clock()), 4, 0.1)
    assert all(later - earlier >= 0.1 for earlier, later in itertools.pairwise(began))


async def test_a_turn_that_fails_or_is_cancelled_counts_and_blocks_nobody() -> None:
    pace = Throttle(Clock())

    async def fails() -> None:
        async with pace.turn("w1", 0.1):
            raise ValueError("invented")

    with pytest.raises(ValueError, match="invented"):
        await fails()
    ended = time.monotonic()
    waiting = asyncio.create_task(turns(pace, 1, 60.0))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await turns(pace, 1, 0.1))[0] - ended >= 0.09


async def test_one_that_somebody_waits_for_comes_before_those_that_are_due() -> None:
    pace, began = Throttle(FakeClock().clock), list[str]()

    async def one(id: str) -> None:
        async with pace.turn(id, 0.0):
            began.append(id)

    async with pace.turn("first", 0.0):
        waiting = {id: asyncio.create_task(one(id)) for id in ("cancelled", "due", "asked too", "asked")}
        await asyncio.sleep(0)
        assert [pace.ahead(id) for id in ("asked too", "asked", "first", "unknown")] == [None] * 4
        pace.hurry("asked")
        assert [pace.ahead(id) for id in ("asked too", "asked")] == [None, 1]
        pace.hurry("asked too")
        assert [pace.ahead(id) for id in ("asked too", "asked")] == [1, 2]
        waiting.pop("cancelled").cancel()
    await asyncio.gather(*waiting.values())
    assert began == ["asked too", "asked", "due"]


async def test_a_turn_that_is_cancelled_as_it_is_called_blocks_nobody() -> None:
    pace = Throttle(FakeClock().clock)
    async with pace.turn("first", 0.0):
        called = asyncio.create_task(turns(pace, 1, 0.0))
        await asyncio.sleep(0)
    called.cancel()
    async with asyncio.timeout(0.5):
        await turns(pace, 1, 0.0)


async def test_a_clock_that_moved_on_ends_the_wait() -> None:
    clock = FakeClock()
    pace = Throttle(clock.clock)
    await turns(pace, 1, 1.0)
    clock.move(5.0)
    async with asyncio.timeout(0.5):
        await turns(pace, 1, 1.0)


async def test_timers_that_fire_early_do_not_shorten_the_distance(monkeypatch: pytest.MonkeyPatch) -> None:
    clock, naps = FakeClock(), list[float]()
    pace = Throttle(clock.clock)

    async def early(seconds: float) -> None:
        naps.append(seconds)
        clock.move(seconds * 0.9 if len(naps) == 1 else seconds)

    await turns(pace, 1, 0.1)
    ended = clock.elapsed
    monkeypatch.setattr("keyrack.core.sites.throttle.asyncio.sleep", early)
    await turns(pace, 1, 0.1)
    assert clock.elapsed >= ended + 0.1
    assert len(naps) > 1


def test_moments_that_are_reserved_are_an_interval_apart_and_none_is_later_than_wanted() -> None:
    clock = FakeClock(elapsed=1000.0)
    pace, wanted = Throttle(clock.clock), [1240.0, 1241.5, 1238.2, 1300.0, 1240.0, 1236.0]
    reserved = [pace.reserve(str(number), moment, 5.0) for number, moment in enumerate(wanted)]
    assert reserved == [1240.0, 1235.0, 1230.0, 1300.0, 1225.0, 1220.0]
    assert pace.reserve("0", 1241.0, 5.0) == 1241.0, "its own moment is free for it"


def test_where_no_moment_is_left_the_wanted_one_is_reserved_and_the_queue_decides() -> None:
    clock = FakeClock(elapsed=1000.0)
    pace = Throttle(clock.clock)
    assert [pace.reserve(str(number), 1012.0, 5.0) for number in range(4)] == [1012.0, 1007.0, 1002.0, 1012.0]
    clock.move(20.0)
    assert pace.reserve("later", 1032.0, 5.0) == 1032.0, "moments that are over are free"
