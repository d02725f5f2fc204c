"""Deribit's live figures: exact numbers, each currency by itself, and the sandbox's faults."""

import asyncio
import json
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.connection.proxy_setting import choice_of
from tests.core.balances.live_rows import PAUSED, moved, shown
from tests.core.harness import CoreHarness


async def live(harness: CoreHarness) -> Account:
    account = await harness.signed_in("deribit", "client_credentials")
    await up(harness, account)
    return account


async def up(harness: CoreHarness, account: Account) -> None:
    async with asyncio.timeout(20):
        while not harness.rack.parts.streams.is_complete(account):
            await harness.step(2)
            await asyncio.sleep(0.02)
    await harness.until(lambda: shown(account).source == "push")
    # Summaries, subscription, and the summaries that close the gap between the two.
    await harness.until(lambda: len(harness.asked(account, "ws.summaries")) >= 2)
    await harness.look()


def pauses(account: Account) -> int:
    return sum(line.notice.sentence.startswith(PAUSED) for line in account.activity.lines())


async def test_figures_are_pushed_exactly_and_nothing_is_polled_meanwhile(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await live(harness)
    held = {row.asset: row for row in shown(account).holdings}
    assert set(held) == {"BTC", "ETH", "USDC"}, "what is zero is not held"
    assert all(type(row.total) is Decimal and type(row.available) is Decimal for row in held.values())
    assert shown(account).leaves_out.startswith("The total is the equity")
    polls = len(harness.asked(account, "summaries"))
    for _ in range(3):
        await harness.step(61)
    assert len(harness.asked(account, "summaries")) == polls
    await moved(harness, account)
    assert set(held) == {row.asset for row in shown(account).holdings}


async def test_a_renewal_does_not_tear_the_connection_down(harness: CoreHarness) -> None:
    account = await live(harness)
    first = harness.token(account).access
    await harness.rack.parts.refresher.renew(account, by_hand=True)
    assert harness.token(account).access != first
    await moved(harness, account)
    assert (shown(account).source, len(harness.asked(account, "ws"))) == ("push", 1)


async def test_a_dropped_connection_comes_back(harness: CoreHarness) -> None:
    account = await live(harness)
    harness.sandbox.fault("deribit", "ws.push", "reset", times=1)
    await harness.until(lambda: shown(account).source == "poll")
    assert shown(account).holdings
    await up(harness, account)
    assert len(harness.asked(account, "ws")) == 2


@pytest.mark.security("S52")
async def test_another_choice_of_a_proxy_opens_the_connection_anew(harness: CoreHarness) -> None:
    account = await live(harness)
    await harness.rack.proxy.choose(choice_of("http://proxy.example:3128"))
    await harness.until(lambda: len(harness.asked(account, "ws")) == 2)
    await up(harness, account)
    assert pauses(account) == 0, "nothing went wrong"


@pytest.mark.security("S81")
async def test_a_refused_token_is_one_renewal_and_one_more_connection(harness: CoreHarness) -> None:
    harness.sandbox.fault("deribit", "ws.summaries", "refused", times=1)
    account = await live(harness)
    assert len(harness.asked(account, "token")) == 2
    assert len(harness.asked(account, "ws")) == 2


async def test_busy_is_a_pause(harness: CoreHarness) -> None:
    harness.sandbox.fault("deribit", "ws.summaries", "busy", times=1)
    account = await live(harness)
    assert (pauses(account), len(harness.asked(account, "token"))) == (1, 1)


PUSHED = {"jsonrpc": "2.0", "method": "subscription", "params": {"channel": "user.portfolio.btc", "data": [7]}}


@pytest.mark.parametrize("fault", ["malformed", "big", "body:[]", f"body:{json.dumps(PUSHED)}"])
async def test_a_hostile_frame_ends_cleanly_with_the_figures_kept(harness: CoreHarness, fault: str) -> None:
    account = await live(harness)
    before = {row.asset for row in shown(account).holdings}
    harness.sandbox.fault("deribit", "ws.push", fault, times=1)
    await harness.until(lambda: pauses(account) == 1)
    assert before == {row.asset for row in shown(account).holdings}
    assert harness.status(account).name == "ready"
    await up(harness, account)


async def test_a_currency_that_deribit_does_not_follow_is_polled_and_said_so(harness: CoreHarness) -> None:
    """Deribit Q19."""
    harness.rack.set_visible(visible=True)
    harness.sandbox.fault("deribit", "ws.subscribe", "partial", times=1)
    account = await harness.signed_in("deribit", "client_credentials")
    await harness.until(
        lambda: account.balances is not None and "Not live, but polled: BTC." in shown(account).leaves_out
    )
    assert not harness.rack.parts.streams.is_complete(account)
    before = total_of(account, "BTC")
    for _ in range(20):
        await harness.step(61)
        if total_of(account, "BTC") != before:
            break
    assert total_of(account, "BTC") != before, "what is not pushed follows the polls"
    assert {row.asset for row in shown(account).holdings} == {"BTC", "ETH", "USDC"}


def total_of(account: Account, asset: str) -> Decimal | None:
    return next(row.total for row in shown(account).holdings if row.asset == asset)


async def test_shared_funds_are_no_currencys_own_also_when_polled(harness: CoreHarness) -> None:
    """Deribit Q17."""
    harness.sandbox.fault("deribit", "ws", "status:503")
    harness.sandbox.fault("deribit", "summaries", "cross")
    account = await harness.signed_in("deribit", "client_credentials")
    await harness.rack.parts.poller.update(account)
    assert {row.asset for row in shown(account).holdings} == {"BTC", "ETH", "USDC"}
    assert {(row.available, row.in_use, row.remark) for row in shown(account).holdings} == {(None, None, "shared")}
