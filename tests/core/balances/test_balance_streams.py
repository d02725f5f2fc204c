"""Live figures: pushed as they move, kept when the stream breaks, asked for meanwhile, and never a storm."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active
from keyrack.net.client.websocket_client import Dialler, SocketLimits
from tests.core.balances.live_rows import PAUSED, moved, shown
from tests.core.harness import SECRET, Desk

BACK = "Live figures are back."


async def live(desk: Desk) -> Account:
    """An account whose figures are pushed."""
    account = await desk.signed_in("probit", "client_credentials")
    await up(desk, account)
    return account


async def up(desk: Desk, account: Account) -> None:
    await desk.until(lambda: desk.rack._live.covers(account) and shown(account).source == "push")
    await desk.look()


async def again(desk: Desk, account: Account) -> None:
    """Let the pauses between connections pass until the figures are pushed again."""
    async with asyncio.timeout(20):
        while not desk.rack._live.covers(account):
            await desk.step(2)
            await asyncio.sleep(0.02)
    await up(desk, account)


def notes(account: Account, beginning: str) -> int:
    return sum(line.what.startswith(beginning) for line in account.activity.lines())


def connections(desk: Desk, account: Account) -> int:
    return len(desk.asked(account, "ws"))


async def test_figures_are_pushed_exactly_and_nothing_is_polled_meanwhile(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await live(desk)
    held = {row.asset: row for row in shown(account).holdings}
    assert shown(account).leaves_out == "Staked funds are not part of the exchange balance."
    assert all(type(row.total) is Decimal for row in held.values())
    assert held["ETH"].total is not None
    assert held["ETH"].total.as_tuple().exponent == -18
    assert not {"DOT", "ATOM"} & set(held), "what is zero is not held"
    polls = len(desk.asked(account, "balance"))
    for _ in range(3):
        await desk.step(61)
    await desk.rack._poller.update(account)
    assert len(desk.asked(account, "balance")) == polls
    await moved(desk, account)
    assert shown(account).source == "push"
    assert set(held) == {row.asset for row in shown(account).holdings}, "a change of one leaves the others"


async def test_a_renewal_does_not_tear_the_connection_down_q7(desk: Desk) -> None:
    account = await live(desk)
    first = desk.token(account).access
    for _ in range(3):
        await desk.step(890)
    await desk.until(lambda: len(desk.asked(account, "token")) >= 4)
    assert desk.token(account).access != first
    await moved(desk, account)
    assert shown(account).source == "push"
    assert (connections(desk, account), len(desk.asked(account, "ws.authorization"))) == (1, 1)


async def test_a_dropped_connection_keeps_the_figures_asks_meanwhile_and_comes_back(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await live(desk)
    before, polls = shown(account).holdings, len(desk.asked(account, "balance"))
    desk.stand_in.fault("probit", "ws", "status:503")
    desk.stand_in.fault("probit", "ws.push", "reset", times=1)
    await desk.until(lambda: shown(account).source == "poll")
    assert {row.asset for row in shown(account).holdings} == {row.asset for row in before}
    assert notes(account, PAUSED) == 1
    for _ in range(4):
        await desk.step(61)
    assert len(desk.asked(account, "balance")) == polls + 4, "asked as often as somebody looks"
    assert (shown(account).source, shown(account).failure) == ("poll", None)
    assert notes(account, PAUSED) == 1, "told once, not at every try"
    desk.stand_in.clear_faults()
    await again(desk, account)
    assert notes(account, BACK) == 1
    await moved(desk, account)
    polls = len(desk.asked(account, "balance"))
    await desk.step(400)
    assert len(desk.asked(account, "balance")) == polls


async def test_a_host_that_goes_away_keeps_the_figures_and_is_live_again_when_it_is_back(desk: Desk) -> None:
    desk.rack.show(visible=True)
    account = await live(desk)
    before = shown(account).holdings
    desk.stand_in.fault("probit", "*", "down")
    await desk.until(lambda: shown(account).source == "poll")
    for _ in range(4):
        await desk.step(30)
    assert {row.asset for row in shown(account).holdings} == {row.asset for row in before}
    assert shown(account).failure is not None, "their age is told"
    assert desk.status(account).name == "ready"
    desk.stand_in.clear_faults()
    await again(desk, account)
    assert shown(account).failure is None


@pytest.mark.parametrize("fault", ["html:502", "status:403", "closed", "redirect:https://example.org/", "reset", "big"])
async def test_what_is_no_socket_is_a_pause_and_no_end(desk: Desk, fault: str) -> None:
    desk.stand_in.fault("probit", "ws", fault)
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: notes(account, PAUSED) == 1)
    await desk.until(lambda: account.balances is not None)
    assert (shown(account).source, shown(account).failure) == ("poll", None)
    assert desk.status(account).name == "ready"
    desk.stand_in.clear_faults()
    await again(desk, account)


async def test_the_pauses_grow_and_retry_after_is_obeyed(desk: Desk) -> None:
    before = len(refused(desk))
    desk.stand_in.fault("probit", "ws", "retry:1")
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: notes(account, PAUSED) == 1)
    for _ in range(100):
        await desk.step(3)
    known = len(refused(desk))
    await desk.step(40)
    await desk.until(lambda: len(refused(desk)) > known)  # and now the next pause has begun
    tries = len(refused(desk)) - before
    assert 8 <= tries <= 22, f"{tries} in 340 s: 1, 2, 4 ... 30 s with up to a quarter more"
    desk.stand_in.fault("probit", "ws", "retry:500")
    await desk.step(60)
    await desk.until(lambda: len(refused(desk)) - before > tries)
    count = len(refused(desk))
    for _ in range(8):
        await desk.step(50)
    assert len(refused(desk)) == count
    desk.stand_in.clear_faults()
    await again(desk, account)


def refused(desk: Desk) -> list[object]:
    return [row for row in desk.stand_in.log("probit", "ws") if row["status"] == 429]


@pytest.mark.security("S81")
@pytest.mark.parametrize("shape", ["refused", "refused:result"])
async def test_a_refused_token_is_one_renewal_and_one_more_connection(desk: Desk, shape: str) -> None:
    desk.stand_in.fault("probit", "ws.authorization", shape, times=1)
    account = await desk.signed_in("probit", "client_credentials")
    await desk.step(6)  # the provider's pace of tokens
    await up(desk, account)
    assert len(desk.asked(account, "token")) == 2
    assert len(desk.asked(account, "ws.authorization")) == 2


@pytest.mark.security("S81")
async def test_a_token_refused_for_ever_is_one_renewal_and_never_a_loop(desk: Desk) -> None:
    desk.rack.show(visible=True)
    desk.stand_in.fault("probit", "ws.authorization", "refused")
    account = await desk.signed_in("probit", "client_credentials")
    for _ in range(40):
        await desk.step(10)
    assert len(desk.asked(account, "token")) == 2
    assert len(desk.asked(account, "ws.authorization")) < 25
    assert desk.status(account).name == "ready"
    assert (shown(account).source, shown(account).failure) == ("poll", None)
    desk.stand_in.clear_faults()
    await again(desk, account)


async def test_a_new_connection_takes_a_token_that_is_still_good(desk: Desk) -> None:
    account = await live(desk)
    desk.stand_in.fault("probit", "ws", "status:503")
    desk.stand_in.fault("probit", "ws.push", "reset", times=1)
    await desk.until(lambda: shown(account).source == "poll")
    await desk.step(2000)
    desk.stand_in.clear_faults()
    await again(desk, account)
    rows = desk.asked(account, "ws.authorization")
    assert len(rows) == 2, "none was refused"


async def test_a_missing_reset_is_false_q11(desk: Desk) -> None:
    """The first message changes what was polled, and polling goes on, for nobody said that it is everything."""
    desk.rack.show(visible=True)
    desk.stand_in.fault("probit", "ws.subscribe", "bare")
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: account.balances is not None and shown(account).source == "push")
    assert not desk.rack._live.covers(account)
    held, polls = len(shown(account).holdings), len(desk.asked(account, "balance"))
    await desk.step(61)
    assert len(desk.asked(account, "balance")) == polls + 1
    assert len(shown(account).holdings) == held
    await moved(desk, account)
    assert shown(account).source == "push"
    assert len(shown(account).holdings) == held


async def test_a_first_message_of_one_asset_leaves_what_was_polled_q11(desk: Desk) -> None:
    desk.stand_in.fault("probit", "ws", "status:503")
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: account.balances is not None)
    polled = {row.asset for row in shown(account).holdings}
    said = {"channel": "balance", "data": {"BTC": {"available": "7", "total": "8"}}}
    desk.stand_in.fault("probit", "ws.subscribe", f"body:{json.dumps(said)}")
    desk.stand_in.ask("POST", "/faults", {"provider": "probit", "endpoint": "ws", "fault": "status:503", "times": 1})
    async with asyncio.timeout(20):
        while shown(account).source != "push":
            await desk.step(2)
            await asyncio.sleep(0.02)
    assert held(account, "BTC").total == 8
    assert {row.asset for row in shown(account).holdings} == polled


async def test_changes_without_reset_are_changes_q11(desk: Desk) -> None:
    account = await live(desk)
    held = len(shown(account).holdings)
    desk.stand_in.fault("probit", "ws.push", "bare")
    await moved(desk, account)
    assert len(shown(account).holdings) == held
    assert connections(desk, account) == 1


@pytest.mark.parametrize(
    ("endpoint", "fault", "words"),
    [
        ("ws.authorization", "busy", "authorization: RATE_LIMIT_EXCEEDED"),
        ("ws.subscribe", "refused", "subscription: INVALID_ARGUMENT"),
        ("ws.push", "error", "UNAVAILABLE"),
    ],
)
async def test_an_error_without_a_channel_ends_the_connection_and_no_sign_in_q12_q13(
    desk: Desk, endpoint: str, fault: str, words: str
) -> None:
    desk.stand_in.fault("probit", endpoint, fault, times=1)
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: notes(account, PAUSED) == 1)
    assert next(line for line in account.activity.lines() if line.what.startswith(PAUSED)).detail.startswith(words)
    await again(desk, account)
    assert len(desk.asked(account, "token")) == 1, "no token was at fault"
    assert desk.status(account).name == "ready"


DEEP = "[" * 30_000
HOSTILE = [
    "malformed",
    "big",
    "body:",
    "body:nonsense",
    "body:null",
    "body:[]",
    'body:"text"',
    'body:{"channel":"balance","reset":true,"data":{"BTC":{"available":NaN,"total":1}}}',
    'body:{"channel":"balance","reset":true,"data":{"BTC":{"available":1e400,"total":Infinity}}}',
    'body:{"channel":"balance","reset":true,"data":[{"currency_id":"BTC","available":"1","total":"1"}]}',
    'body:{"channel":"balance","reset":true,"data":{"BTC":"1"}}',
    'body:{"channel":"balance","reset":true,"data":null}',
    'body:{"channel":"balance","reset":true}',
    'body:{"channel":"balance","channel":"balance","data":{}}',
    f"body:{DEEP}",
    'body:{"errorCode":null}',
    'body:{"errorCode":{"a":[]},"message":7,"details":[1]}',
]


@pytest.mark.parametrize("endpoint", ["ws.push", "ws.subscribe"])
@pytest.mark.parametrize("fault", HOSTILE, ids=range(len(HOSTILE)))
async def test_a_hostile_frame_ends_cleanly_with_the_figures_kept(desk: Desk, fault: str, endpoint: str) -> None:
    if endpoint == "ws.push":
        account = await live(desk)
    else:
        desk.stand_in.fault("probit", endpoint, fault)
        account = await desk.signed_in("probit", "client_credentials")
        await desk.until(lambda: account.balances is not None)
    before = {row.asset for row in shown(account).holdings}
    desk.stand_in.fault("probit", endpoint, fault)
    await desk.until(lambda: notes(account, PAUSED) == 1)
    assert before == {row.asset for row in shown(account).holdings}
    assert all(row.total is not None and row.total.is_finite() for row in shown(account).holdings)
    assert shown(account).source == "poll"
    assert desk.status(account).name == "ready"
    desk.stand_in.clear_faults()
    await again(desk, account)


@pytest.mark.parametrize("amount", ["1e400", "NaN", "-0", "0x10", "9" * 400, "1,5", None, True, 7.5, [], {}])
async def test_an_amount_that_cannot_be_read_is_unavailable_and_breaks_nothing(desk: Desk, amount: object) -> None:
    account = await live(desk)
    said = {"channel": "balance", "reset": False, "data": {"BTC": {"available": "1", "total": amount}}}
    desk.stand_in.fault("probit", "ws.push", f"body:{json.dumps(said)}")
    await desk.until(lambda: held(account, "BTC").available == 1)
    total = held(account, "BTC").total
    assert total is None or total.is_finite()
    assert connections(desk, account) == 1


def held(account: Account, asset: str):  # type: ignore[no-untyped-def]
    return next(row for row in shown(account).holdings if row.asset == asset)


async def test_an_asset_that_falls_to_zero_is_gone(desk: Desk) -> None:
    account = await live(desk)
    said = {"channel": "balance", "reset": False, "data": {"XRP": {"available": "0.000", "total": "0"}}}
    desk.stand_in.fault("probit", "ws.push", f"body:{json.dumps(said)}")
    await desk.until(lambda: "XRP" not in {row.asset for row in shown(account).holdings})
    assert len(shown(account).holdings) > 3


async def test_a_host_that_falls_silent_is_noticed(desk: Desk) -> None:
    desk.rack._services._dialler = Dialler(limits=SocketLimits(ping=0.2, pong=0.5))
    account = await live(desk)
    desk.stand_in.fault("probit", "ws.push", "silence", times=1)
    await desk.until(lambda: shown(account).source == "poll")
    await again(desk, account)


async def test_after_a_sleep_a_dead_connection_is_found_by_a_ping_and_a_live_one_kept(desk: Desk) -> None:
    desk.rack._services._dialler = Dialler(limits=SocketLimits(ping=3600.0, pong=0.5))
    fine, dead = await live(desk), await live(desk)
    desk.stand_in.fault("probit", "ws.push", "silence", times=1)
    await desk.until(lambda: not desk.stand_in.ask("GET", "/faults"))
    await desk.step(700)
    await desk.until(lambda: "poll" in {shown(fine).source, shown(dead).source})
    await again(desk, fine)
    await again(desk, dead)
    assert connections(desk, fine) + connections(desk, dead) == 3, "the one that lived was not torn down"


async def test_a_pause_passes_also_while_the_computer_sleeps(desk: Desk) -> None:
    desk.stand_in.fault("probit", "ws", "retry:390")
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: notes(account, PAUSED) == 1)
    desk.stand_in.clear_faults()
    await desk.step(400)
    await up(desk, account)


async def test_a_stream_that_hangs_delays_nobody(desk: Desk) -> None:
    desk.stand_in.fault("probit", "ws.authorization", "silence")
    stuck = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: len(desk.asked(stuck, "ws.authorization")) == 1)
    desk.stand_in.clear_faults()
    fine = await live(desk)
    assert not desk.rack._live.covers(stuck)
    await desk.until(lambda: stuck.balances is not None)
    assert shown(stuck).source == "poll"
    assert shown(fine).source == "push"


async def test_no_answer_to_the_authorization_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("keyrack.core.balances.stream_connection.ANSWER_SECONDS", 0.3)
    desk.stand_in.fault("probit", "ws.authorization", "delay:20", times=1)
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: notes(account, PAUSED) == 1)
    await again(desk, account)


ENDS: dict[str, Callable[[Desk, Account], Awaitable[object]]] = {
    "sign_out": lambda desk, account: desk.rack.sign_out(account),
    "remove": lambda desk, account: desk.rack.remove(account),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("fault", ["", "silence"])
async def test_a_sign_out_or_removal_ends_the_stream_in_time(desk: Desk, end: str, fault: str) -> None:
    account, other = await live(desk), await live(desk)
    if fault:
        desk.stand_in.fault("probit", "ws.push", fault, times=2)
        await desk.until(lambda: not desk.stand_in.ask("GET", "/faults"))
    async with asyncio.timeout(5):
        await ENDS[end](desk, account)
    assert account.balances is None
    assert account.id not in desk.rack._live._running
    pushes = len(desk.asked(account, "ws.push"))
    if not fault:
        await moved(desk, other)
        await moved(desk, other)
    assert len(desk.asked(account, "ws.push")) == pushes
    assert account.balances is None


@pytest.mark.parametrize("fault", ["ws delay:20", "ws.authorization silence", "ws.push silence", "ws status:503"])
async def test_closing_ends_every_stream_in_time(desk: Desk, fault: str) -> None:
    endpoint, _, kind = fault.partition(" ")
    desk.stand_in.fault("probit", endpoint, kind)
    account = await desk.signed_in("probit", "client_credentials")
    await desk.until(lambda: desk.stand_in.log("probit", endpoint))
    async with asyncio.timeout(5):
        await desk.rack.close()
    assert not desk.rack._live._running
    assert isinstance(account.state, Active)


async def test_a_sign_in_that_the_provider_ended_ends_the_stream_and_keeps_the_figures(desk: Desk) -> None:
    account = await live(desk)
    desk.stand_in.fault("probit", "token", "refused")
    await desk.step(800)
    await desk.until(lambda: desk.status(account).name == "needs_login")
    await desk.until(lambda: account.id not in desk.rack._live._running)
    assert shown(account).holdings
    desk.stand_in.clear_faults()
    await desk.sign_in(account)
    await up(desk, account)


async def edit(desk: Desk, account: Account) -> None:
    """Enter the credentials of another account of the exchange."""
    other = desk.stand_in.client("probit", "korea")
    made = {**other, "client_id": f"edited-{account.id}", "client_secret": SECRET}
    desk.stand_in.ask("POST", "/clients", made)
    await desk.rack.edit(account, made["client_id"], None, "")
    await desk.look()
    assert connections(desk, account) == 0, "the old token is the old account's still"


async def test_edited_credentials_are_followed_from_their_first_token_on(desk: Desk) -> None:
    account = await live(desk)
    before = {row.asset for row in shown(account).holdings}
    await edit(desk, account)
    await desk.step(900)
    await desk.until(lambda: connections(desk, account) == 1)
    await up(desk, account)
    assert {row.asset for row in shown(account).holdings} != before


async def test_credentials_that_were_edited_during_a_pause_are_followed_too(desk: Desk) -> None:
    account = await live(desk)
    before = {row.asset for row in shown(account).holdings}
    desk.stand_in.fault("probit", "ws", "status:503")
    desk.stand_in.fault("probit", "ws.push", "reset", times=1)
    await desk.until(lambda: shown(account).source == "poll")
    await edit(desk, account)
    desk.stand_in.clear_faults()
    await again(desk, account)
    assert {row.asset for row in shown(account).holdings} == before, "with the old token"
    await desk.step(900)
    await desk.until(lambda: connections(desk, account) == 1)
    await up(desk, account)
    assert {row.asset for row in shown(account).holdings} != before


async def test_a_restart_of_the_program_comes_alive_again(desk: Desk) -> None:
    account = await live(desk)
    rack = await desk.kill()
    rack.load()
    await rack.open()
    same = next(iter(rack.accounts))
    assert same.id == account.id
    await up(desk, same)
