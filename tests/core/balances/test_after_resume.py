"""After a resume figures, prices and streams wait for a route, and go on at once when there is one (R16)."""

import asyncio

import pytest

from keyrack.core.accounts.account import Account
from tests.core.balances.live_rows import shown
from tests.core.harness import CoreHarness

NIGHT = 3_000.0
ALARMS = {"live_paused", "live_back", "renewal_failed", "sign_in_ended"}


class Night:
    """What an account showed from a sleep on."""

    def __init__(self, harness: CoreHarness, account: Account) -> None:
        self.harness, self.account = harness, account
        self.states: set[str] = set()
        self.failures: list[object] = []
        self._lines = len(account.activity.lines())
        account.changed.connect(self._look)

    def _look(self) -> None:
        self.states.add(self.harness.status(self.account).name)
        if self.account.balances is not None and self.account.balances.failure is not None:
            self.failures.append(self.account.balances.failure)

    async def wake_without_network(self, slept: float = NIGHT) -> None:
        """Sleep, wake, and be without a network for ten seconds."""
        self.harness.has_route = False
        self.harness.leap(slept)
        self.harness.rack.parts.resumed()
        for _ in range(5):
            await asyncio.sleep(0.02)
            self.harness.leap(2)
            self.harness.rack.accounts.touched.emit(None)

    @property
    def notes(self) -> set[str]:
        """The codes of the lines of the activity since the sleep."""
        lines = self.account.activity.lines()
        return {line.notice.code for line in lines[: len(lines) - self._lines]}


def asked(harness: CoreHarness, account: Account) -> dict[str, int]:
    return {name: len(harness.asked(account, name)) for name in ("token", "balance", "ws")}


async def live(harness: CoreHarness) -> Account:
    account = await harness.signed_in("probit", "client_credentials")
    await up(harness, account)
    return account


async def up(harness: CoreHarness, account: Account) -> None:
    await harness.until(lambda: harness.rack.parts.streams.is_complete(account) and shown(account).source == "push")


async def test_a_stream_waits_for_the_network_and_is_opened_once_without_an_alarm(harness: CoreHarness) -> None:
    account = await live(harness)
    night, before = Night(harness, account), asked(harness, account)
    harness.sandbox.fault("probit", "*", "down")
    await night.wake_without_network()
    assert asked(harness, account) == before
    harness.sandbox.clear_faults()
    harness.has_route = True
    await harness.until(lambda: len(harness.asked(account, "ws")) == before["ws"] + 1)
    await up(harness, account)
    assert len(harness.asked(account, "token")) == before["token"] + 1
    assert night.failures == []
    assert not night.notes & ALARMS
    assert night.states <= {"ready", "refreshing"}


@pytest.mark.parametrize(("slept", "renewals"), [(400.0, 0), (NIGHT, 1)], ids=["the token lives", "it ended"])
async def test_figures_are_asked_for_once_when_there_is_a_route(
    harness_without_streams: CoreHarness, slept: float, renewals: int
) -> None:
    harness = harness_without_streams
    harness.rack.set_visible(visible=True)
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: account.balances is not None)
    await harness.until(lambda: harness.rack.totals.prices.of(account).prices)
    night, before = Night(harness, account), asked(harness, account)
    prices = len(harness.sandbox.log("probit", "ticker"))
    await night.wake_without_network(slept)
    assert asked(harness, account) == before
    assert len(harness.sandbox.log("probit", "ticker")) == prices
    harness.has_route = True
    await harness.until(lambda: len(harness.sandbox.log("probit", "ticker")) == prices + 1)
    await harness.until(lambda: len(harness.asked(account, "balance")) > before["balance"])
    await harness.look()
    assert asked(harness, account) == {**before, "token": before["token"] + renewals, "balance": before["balance"] + 1}
    assert night.failures == []
    assert not night.notes & ALARMS


def tries(harness: CoreHarness) -> int:
    """The connections that were asked for. One that was refused names no client."""
    return len(harness.sandbox.log("probit", "ws"))


async def test_a_grown_pause_ends_with_the_sleep(harness: CoreHarness) -> None:
    harness.sandbox.fault("probit", "ws", "status:503")
    account = await harness.signed_in("probit", "client_credentials")
    first = tries(harness)
    while tries(harness) < first + 5:
        await harness.step(31)
        await asyncio.sleep(0.02)
    harness.sandbox.clear_faults()
    harness.rack.parts.resumed()
    await up(harness, account)


async def test_a_pause_that_the_provider_asked_for_does_not(harness: CoreHarness) -> None:
    harness.sandbox.fault("probit", "ws", "retry:390")
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: "live_paused" in {line.notice.code for line in account.activity.lines()})
    before = tries(harness)
    harness.rack.parts.resumed()
    for _ in range(5):
        await harness.look()
    assert tries(harness) == before
    harness.leap(400)
    harness.rack.parts.resumed()
    await harness.until(lambda: tries(harness) == before + 1)
