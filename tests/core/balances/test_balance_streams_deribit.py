"""Deribit's live figures: exact numbers, each currency by itself, and the sandbox's faults."""

import asyncio
import json
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account
from tests.core.balances.live_rows import PAUSED, moved, shown
from tests.core.harness import Desk


async def live(desk: Desk) -> Account:
    account = await desk.signed_in("deribit", "client_credentials")
    await up(desk, account)
    return account


async def up(desk: Desk, account: Account) -> None:
    async with asyncio.timeout(20):
        while not desk.rack._live.covers(account):
            await desk.step(2)
            await asyncio.sleep(0.02)
    await desk.until(lambda: shown(account).source == "push")
    # Summaries, subscription, and the summaries that close the gap between the two.
    await desk.until(lambda: len(desk.asked(account, "ws.summaries")) >= 2)
    await desk.look()


def pauses(account: Account) -> int:
    return sum(line.what.startswith(PAUSED) for line in account.activity.lines())


async def test_figures_are_pushed_exactly_and_nothing_is_polled_meanwhile(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await live(desk)
    held = {row.asset: row for row in shown(account).holdings}
    assert set(held) == {"BTC", "ETH", "USDC"}, "what is zero is not held"
    assert all(type(row.total) is Decimal and type(row.available) is Decimal for row in held.values())
    assert shown(account).leaves_out.startswith("The total is the equity")
    polls = len(desk.asked(account, "summaries"))
    for _ in range(3):
        await desk.step(61)
    assert len(desk.asked(account, "summaries")) == polls
    await moved(desk, account)
    assert set(held) == {row.asset for row in shown(account).holdings}


async def test_a_renewal_does_not_tear_the_connection_down(desk: Desk) -> None:
    account = await live(desk)
    first = desk.token(account).access
    await desk.rack._refresher.renew(account, by_hand=True)
    assert desk.token(account).access != first
    await moved(desk, account)
    assert (shown(account).source, len(desk.asked(account, "ws"))) == ("push", 1)


async def test_a_dropped_connection_comes_back(desk: Desk) -> None:
    account = await live(desk)
    desk.stand_in.fault("deribit", "ws.push", "reset", times=1)
    await desk.until(lambda: shown(account).source == "poll")
    assert shown(account).holdings
    await up(desk, account)
    assert len(desk.asked(account, "ws")) == 2


@pytest.mark.security("S81")
async def test_a_refused_token_is_one_renewal_and_one_more_connection(desk: Desk) -> None:
    desk.stand_in.fault("deribit", "ws.summaries", "refused", times=1)
    account = await live(desk)
    assert len(desk.asked(account, "token")) == 2
    assert len(desk.asked(account, "ws")) == 2


async def test_busy_is_a_pause(desk: Desk) -> None:
    desk.stand_in.fault("deribit", "ws.summaries", "busy", times=1)
    account = await live(desk)
    assert (pauses(account), len(desk.asked(account, "token"))) == (1, 1)


PUSHED = {"jsonrpc": "2.0", "method": "subscription", "params": {"channel": "user.portfolio.btc", "data": [7]}}


@pytest.mark.parametrize("fault", ["malformed", "big", "body:[]", f"body:{json.dumps(PUSHED)}"])
async def test_a_hostile_frame_ends_cleanly_with_the_figures_kept(desk: Desk, fault: str) -> None:
    account = await live(desk)
    before = {row.asset for row in shown(account).holdings}
    desk.stand_in.fault("deribit", "ws.push", fault, times=1)
    await desk.until(lambda: pauses(account) == 1)
    assert before == {row.asset for row in shown(account).holdings}
    assert desk.status(account).name == "ready"
    await up(desk, account)
