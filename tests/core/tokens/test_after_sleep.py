"""A laptop that slept: one attempt when the network is back, the right state, and no alarm in between (R16)."""

import asyncio
import itertools

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.scheduling.network_return import LONGEST, NetworkReturn
from keyrack.net.internet_route import has_route
from tests.clock import FakeClock
from tests.core.harness import CoreHarness

ALARMS = ("needs_login", "unsaved", "keyring_unavailable", "retrying")


class Nap:
    """The states that an account shows from a sleep on."""

    def __init__(self, harness: CoreHarness, account: Account) -> None:
        self.harness, self.account = harness, account
        self.shown: list[str] = []
        account.changed.connect(lambda: self.shown.append(harness.status(account).name))

    async def sleep(self, seconds: float) -> None:
        """Sleep that long and wake without a network."""
        self.harness.has_route = False
        self.harness.leap(seconds)
        self.harness.rack.parts.resumed()
        await asyncio.sleep(0.05)


def failures(account: Account) -> list[str]:
    return [line.notice.code for line in account.activity.lines() if line.notice.code == "renewal_failed"]


@pytest.mark.security("S79")
async def test_asleep_through_the_token_with_a_network_that_comes_late_is_one_attempt(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    nap = Nap(harness, account)
    await nap.sleep(420)
    asking = asyncio.create_task(harness.rack.parts.token_source.fresh(account))
    for _ in range(3):
        harness.leap(3)
        harness.rack.accounts.touched.emit(None)
        await asyncio.sleep(0.02)
    assert harness.asked(account) == []
    assert harness.status(account).name == "refreshing"
    harness.has_route = True
    token = await asyncio.wait_for(asking, 10)
    assert [row["status"] for row in harness.asked(account)] == [200]
    assert token == harness.token(account).access
    assert harness.status(account).name == "ready"
    assert not set(nap.shown) & set(ALARMS), nap.shown
    assert failures(account) == []


async def test_asleep_through_the_sign_in_is_told_at_once_and_nothing_is_asked(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    nap = Nap(harness, account)
    await nap.sleep(700)
    await harness.until(lambda: isinstance(account.state, LoggedOut))
    assert isinstance(account.state, LoggedOut)
    assert account.state.reason is Reason.REFRESH_EXPIRED
    assert harness.asked(account) == []
    assert [name for name, _ in itertools.groupby(nap.shown)] == ["refreshing", "needs_login"]


async def test_a_network_that_stays_away_is_told_after_a_while(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    await Nap(harness, account).sleep(250)
    assert harness.status(account).name == "refreshing"
    harness.leap(LONGEST)
    await harness.until(lambda: len(harness.asked(account)) == 1)
    await harness.until(lambda: harness.status(account).name == "ready")


async def test_an_end_while_the_network_is_away_costs_nothing(harness: CoreHarness) -> None:
    account = await harness.signed_in()
    before = account.state
    await Nap(harness, account).sleep(250)
    async with harness.rack.parts.refresher.paused(account, grace=0):
        assert account.state == before
    assert harness.asked(account) == []


@pytest.mark.parametrize("woke", [True, False])
async def test_only_a_resume_makes_it_wait(*, woke: bool) -> None:
    clock, looked = FakeClock(), list[bool]()

    def route() -> bool:
        looked.append(True)
        return len(looked) > 1

    network = NetworkReturn(clock.clock, route)
    if woke:
        network.resumed()
    await network.wait()
    assert len(looked) == (2 if woke else 0)


def test_looking_for_a_route_asks_nobody_and_never_fails() -> None:
    assert has_route() in (True, False)
