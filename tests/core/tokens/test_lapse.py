"""A sign-in that could not be renewed in time: what was seen is the reason, also after a restart."""

from keyrack.core.accounts.state import LoggedOut
from keyrack.core.status import describe
from tests.core.harness import CoreHarness


async def test_what_was_seen_last_is_the_reason_also_after_a_restart(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    await harness.step(245)
    tries = 0
    while not isinstance(account.state, LoggedOut):
        tries = len(harness.asked(account))
        await harness.step(30)
    status = harness.status(account)
    assert status.reason == "refresh_expired"
    assert status.happened.startswith("The sign-in could not be renewed before it ended at ")
    assert tries > 2
    assert f"Keyrack tried {tries} times. What it met last: WhiteBIT is not available" in status.means
    assert "sleeps" not in status.means
    assert status.detail == "HTTP 503"
    await harness.kept()
    rack = await harness.kill()
    await harness.start()
    again = rack.accounts.find(account.id)
    assert again is not None
    assert describe(again, rack.clock) == status


async def test_one_that_slept_through_its_end_is_told_so(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    harness.sandbox.fault("whitebit", "refresh", "status:503")
    await harness.step(245)
    await harness.step(700)
    assert "This happens when the computer sleeps" in harness.status(account).means
