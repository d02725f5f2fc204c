"""How a stream's figures are shown: row by row, mixed with polls, and not faster than a person can read."""

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from keyrack.core.balances.live_balances import LiveBalances, LiveRows
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.providers.api.balance_rows import MOST_ROWS
from keyrack.providers.api.stream import Delta, Snapshot
from keyrack.providers.holding import Holding
from tests.clock import FakeClock

SPOT = frozenset({"Spot"})


def row(asset: str, total: str, place: str = "") -> Holding:
    return Holding(asset, Decimal(total), Decimal(total), place)


def totals(holdings: tuple[Holding, ...]) -> dict[tuple[str, str], str]:
    return {(held.asset, held.place): str(held.total) for held in holdings}


@pytest.fixture
def account() -> Account:
    made = Account(Settings("a", "A", "p", "r", "client_credentials", "c"), Activity([], lambda: 0.0))
    made.become(Active(Token(None, 0.0, None)), expected=made.state)
    return made


def shown(account: Account) -> Balances:
    assert account.balances is not None
    return account.balances


def begun(account: Account, places: frozenset[str] | None = None) -> LiveBalances:
    pushed = LiveBalances(account, FakeClock(wall=77.0).clock, "Staked funds are not included.")
    pushed.connection_opened(places)
    return pushed


async def test_a_snapshot_replaces_and_a_change_changes(account: Account) -> None:
    pushed = begun(account)
    states = [pushed.has_snapshot]
    pushed.apply(Snapshot((row("BTC", "1"), row("ETH", "2"))))
    states.append(pushed.has_snapshot)
    assert (shown(account).source, shown(account).taken) == ("push", 77.0)
    assert shown(account).leaves_out == "Staked funds are not included."
    pushed.apply(Delta((row("ETH", "0"), row("XRP", "3.000000000000000001"))))
    pushed.connection_lost()
    assert totals(shown(account).holdings) == {("BTC", ""): "1", ("XRP", ""): "3.000000000000000001"}
    assert shown(account).source == "poll", "the last figures stay, and no longer count as live"
    assert [*states, pushed.has_snapshot] == [False, True, False]


async def test_a_flood_is_shown_a_few_times_and_in_the_end_as_it_was_told(account: Account) -> None:
    pushed, told = begun(account), list[int]()
    for signal in (account.changed, account.pushed):
        signal.connect(lambda: told.append(len(told)))
    for number in range(5000):
        pushed.apply(Delta((row("BTC", str(number + 1)),)))
    assert len(told) == 1
    async with asyncio.timeout(5):
        while shown(account).holdings != (row("BTC", "5000"),):
            await asyncio.sleep(0.01)
    assert len(told) == 2


async def test_nothing_is_shown_to_an_account_that_is_signed_out(account: Account) -> None:
    pushed = begun(account)
    account.become(LoggedOut(Reason.SIGNED_OUT), expected=account.state)
    pushed.apply(Snapshot((row("BTC", "1"),)))
    pushed.connection_lost()
    assert account.balances is None


async def test_a_poll_leaves_the_pushed_wallets_alone(account: Account) -> None:
    pushed = begun(account, SPOT)
    polled = Balances((row("BTC", "1", "Main"), row("BTC", "2", "Spot"), row("ETH", "2", "Spot")), 50.0, "poll")
    account.show_balances(pushed.merge(polled))
    assert shown(account) == polled, "before the stream told anything, the poll is all there is"
    pushed.apply(Snapshot((row("BTC", "5", "Spot"),), SPOT))
    assert totals(shown(account).holdings) == {("BTC", "Main"): "1", ("BTC", "Spot"): "5"}
    later = Balances((row("BTC", "9", "Main"), row("BTC", "2", "Spot"), row("USDT", "1", "Collateral")), 60.0, "poll")
    merged = pushed.merge(later)
    assert totals(merged.holdings) == {("BTC", "Main"): "9", ("BTC", "Spot"): "5", ("USDT", "Collateral"): "1"}
    assert merged.source == "push"
    account.show_balances(replace(merged, leaves_out="Earn could not be read.", failure=Failure("unexpected")))
    pushed.apply(Delta((row("BTC", "6", "Spot"),)))
    async with asyncio.timeout(5):
        while totals(shown(account).holdings)["BTC", "Spot"] != "6":
            await asyncio.sleep(0.01)
    assert shown(account).leaves_out == "Earn could not be read."
    assert shown(account).failure is not None, "the other wallets are as old as they were"
    pushed.close()
    assert pushed.merge(later) == later


def test_no_more_rows_are_kept_than_anyone_may_hold() -> None:
    figures = LiveRows()
    for number in range(MOST_ROWS + 500):
        figures.update([row(f"C{number}", "1")])
    assert len(figures.holdings()) == MOST_ROWS
    figures.update([row("C7", "2"), row("NEW", "1")])
    assert totals(figures.holdings())["C7", ""] == "2"
    figures.update([row("C7", "0"), row("NEW", "1")])
    assert ("NEW", "") in totals(figures.holdings())
