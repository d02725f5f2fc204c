"""A sleep ends at its moment, at a wake-up, or after 30 s."""

import asyncio
import time

import pytest

from keyrack.core.scheduling.sleeper import LONGEST, Sleeper
from keyrack.primitives.clock import Clock
from tests.clock import FakeClock


async def test_a_wake_up_before_the_sleep_is_not_lost() -> None:
    sleeper = Sleeper(Clock())
    sleeper.wake()
    async with asyncio.timeout(1):
        await sleeper.sleep_until(None)


async def test_a_wake_up_during_the_sleep_ends_it() -> None:
    sleeper = Sleeper(Clock())
    sleeping = asyncio.create_task(sleeper.sleep_until(None))
    await asyncio.sleep(0)
    sleeper.wake()
    async with asyncio.timeout(1):
        await sleeping


async def test_a_moment_that_has_passed_is_no_sleep() -> None:
    async with asyncio.timeout(1):
        await Sleeper(FakeClock(elapsed=100.0).clock).sleep_until(3.0)


@pytest.mark.security("S80")
@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="this system has no clock that counts suspend")
def test_elapsed_time_is_the_clock_that_counts_suspend() -> None:
    assert abs(Clock().elapsed() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 5
    assert abs(Clock().wall() - time.time()) < 5


@pytest.mark.security("S80")
async def test_no_sleep_is_longer_than_30_seconds() -> None:
    assert LONGEST == 30.0
    async with asyncio.timeout(2):
        await Sleeper(Clock(), longest=0.05).sleep_until(None)
        await Sleeper(FakeClock(elapsed=0.0).clock, longest=0.05).sleep_until(1e9)
