"""A wall clock that is hours wrong at the start and is set later, as beside another system on the same computer."""

import pytest

from keyrack.core.accounts.account import Account
from tests.core.harness import CoreHarness

HOURS = 7 * 3_600.0


async def started(harness: CoreHarness, ahead: float) -> Account:
    """End, and start again with a clock that is so many seconds ahead."""
    harness.clock.wall_offset = ahead
    await harness.kill()
    await harness.start()
    return next(iter(harness.rack.accounts))


async def set_right(harness: CoreHarness) -> None:
    harness.clock.wall_offset = 0.0
    await harness.rack.parts.restorer.look_at_clock()
    await harness.look()


@pytest.mark.security("S80")
async def test_a_sign_in_that_seemed_lapsed_is_tried_when_the_clock_is_set_back(harness: CoreHarness) -> None:
    await harness.signed_in()
    account = await started(harness, HOURS)
    assert harness.status(account).reason == "refresh_expired"
    await harness.rack.parts.restorer.look_at_clock()
    assert harness.status(account).reason == "refresh_expired"
    await set_right(harness)
    await harness.until(lambda: harness.status(account).name == "ready")
    assert [row["status"] for row in harness.asked(account)] == [200]
    assert "sign_in_judged_again" in [line.notice.code for line in account.activity.lines()]


@pytest.mark.security("S80")
async def test_what_a_clock_that_was_behind_noted_is_noted_anew(harness: CoreHarness) -> None:
    await harness.signed_in()
    account = await started(harness, -HOURS)
    await harness.until(lambda: harness.status(account).name == "ready")
    await set_right(harness)
    harness.leap(10)
    account = await started(harness, 0.0)
    await harness.until(lambda: harness.status(account).name == "ready")
    assert [row["status"] for row in harness.asked(account)] == [200, 200]


@pytest.mark.security("S80")
@pytest.mark.parametrize("step", [HOURS, -HOURS, 4_102_444_800.0 - 1_790_000_000.0])
async def test_a_clock_that_jumps_while_it_runs_changes_nothing(harness: CoreHarness, step: float) -> None:
    account = await harness.signed_in()
    left = harness.status(account).sign_in_left or 0.0
    harness.clock.wall_offset = step
    await harness.rack.parts.restorer.look_at_clock()
    await harness.step(1)
    assert harness.status(account).name == "ready"
    assert left - 30 < (harness.status(account).sign_in_left or 0.0) <= left
    assert harness.asked(account) == []


async def test_a_lapsed_sign_in_stays_lapsed_when_the_clock_is_set(harness: CoreHarness) -> None:
    await harness.signed_in()
    harness.leap(3_600)
    account = await started(harness, HOURS)
    await set_right(harness)
    assert harness.status(account).reason == "refresh_expired"
    assert harness.asked(account) == []
    assert "sign_in_judged_again" not in [line.notice.code for line in account.activity.lines()]


async def test_no_line_of_the_activity_is_too_old_for_a_clock_that_cannot_be_right(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    lines = account.activity.lines()
    harness.clock.wall_offset = 4_102_444_800.0 - harness.clock.wall
    account.note("token_renewed")
    assert account.activity.lines()[1:] == lines
