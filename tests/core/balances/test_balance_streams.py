"""Live figures: pushed as they move, kept when the stream breaks, asked for meanwhile, and never a storm."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal

import pytest

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active
from keyrack.net.client.websocket_client import Dialler
from keyrack.net.client.websocket_limits import WebSocketLimits
from tests.core.balances.live_rows import PAUSED, moved, shown
from tests.core.harness import SECRET, CoreHarness

BACK = "Live figures are back."


async def live(harness: CoreHarness) -> Account:
    """An account with pushed figures."""
    account = await harness.signed_in("probit", "client_credentials")
    await up(harness, account)
    return account


async def up(harness: CoreHarness, account: Account) -> None:
    await harness.until(lambda: harness.rack.parts.streams.is_complete(account) and shown(account).source == "push")
    await harness.look()


async def again(harness: CoreHarness, account: Account) -> None:
    """Let the pauses between connections pass until the figures are pushed again."""
    async with asyncio.timeout(20):
        while not harness.rack.parts.streams.is_complete(account):
            await harness.step(2)
            await asyncio.sleep(0.02)
    await up(harness, account)


def notes(account: Account, beginning: str) -> int:
    return sum(line.notice.sentence.startswith(beginning) for line in account.activity.lines())


def connections(harness: CoreHarness, account: Account) -> int:
    return len(harness.asked(account, "ws"))


async def test_figures_are_pushed_exactly_and_nothing_is_polled_meanwhile(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await live(harness)
    held = {row.asset: row for row in shown(account).holdings}
    assert shown(account).leaves_out == "Staked funds are not part of the exchange balance."
    assert all(type(row.total) is Decimal for row in held.values())
    assert held["ETH"].total is not None
    assert held["ETH"].total.as_tuple().exponent == -18
    assert not {"DOT", "ATOM"} & set(held), "what is zero is not held"
    polls = len(harness.asked(account, "balance"))
    for _ in range(3):
        await harness.step(61)
    await harness.rack.parts.poller.update(account)
    assert len(harness.asked(account, "balance")) == polls
    await moved(harness, account)
    assert shown(account).source == "push"
    assert set(held) == {row.asset for row in shown(account).holdings}, "a change of one leaves the others"


async def test_a_renewal_does_not_tear_the_connection_down_q7(harness: CoreHarness) -> None:
    account = await live(harness)
    first = harness.token(account).access
    for _ in range(3):
        await harness.step(890)
    await harness.until(lambda: len(harness.asked(account, "token")) >= 4)
    assert harness.token(account).access != first
    await moved(harness, account)
    assert shown(account).source == "push"
    assert (connections(harness, account), len(harness.asked(account, "ws.authorization"))) == (1, 1)


async def test_a_dropped_connection_keeps_the_figures_asks_meanwhile_and_comes_back(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await live(harness)
    before, polls = shown(account).holdings, len(harness.asked(account, "balance"))
    harness.sandbox.fault("probit", "ws", "status:503")
    harness.sandbox.fault("probit", "ws.push", "reset", times=1)
    await harness.until(lambda: shown(account).source == "poll")
    assert {row.asset for row in shown(account).holdings} == {row.asset for row in before}
    assert notes(account, PAUSED) == 1
    for _ in range(4):
        await harness.step(61)
    assert len(harness.asked(account, "balance")) == polls + 4, "asked as often as somebody looks"
    assert (shown(account).source, shown(account).failure) == ("poll", None)
    assert notes(account, PAUSED) == 1, "told once, not at every try"
    harness.sandbox.clear_faults()
    await again(harness, account)
    assert notes(account, BACK) == 1
    await moved(harness, account)
    polls = len(harness.asked(account, "balance"))
    await harness.step(400)
    assert len(harness.asked(account, "balance")) == polls


async def test_a_host_that_goes_away_keeps_the_figures_and_is_live_again_when_it_is_back(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    account = await live(harness)
    before = shown(account).holdings
    harness.sandbox.fault("probit", "*", "down")
    await harness.until(lambda: shown(account).source == "poll")
    for _ in range(4):
        await harness.step(30)
    assert {row.asset for row in shown(account).holdings} == {row.asset for row in before}
    assert shown(account).failure is not None, "their age is told"
    assert harness.status(account).name == "ready"
    harness.sandbox.clear_faults()
    await again(harness, account)
    assert shown(account).failure is None


@pytest.mark.parametrize("fault", ["html:502", "status:403", "closed", "redirect:https://example.org/", "reset", "big"])
async def test_what_is_no_socket_is_a_pause_and_no_end(harness: CoreHarness, fault: str) -> None:
    harness.sandbox.fault("probit", "ws", fault)
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: notes(account, PAUSED) == 1)
    await harness.until(lambda: account.balances is not None)
    assert (shown(account).source, shown(account).failure) == ("poll", None)
    assert harness.status(account).name == "ready"
    harness.sandbox.clear_faults()
    await again(harness, account)


async def test_the_pauses_grow_and_retry_after_is_obeyed(harness: CoreHarness) -> None:
    before = len(refused(harness))
    harness.sandbox.fault("probit", "ws", "retry:1")
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: notes(account, PAUSED) == 1)
    for _ in range(100):
        await harness.step(3)
    known = len(refused(harness))
    await harness.step(40)
    await harness.until(lambda: len(refused(harness)) > known)  # and now the next pause has begun
    tries = len(refused(harness)) - before
    assert 8 <= tries <= 22, f"{tries} in 340 s: 1, 2, 4 ... 30 s with up to a quarter more"
    harness.sandbox.fault("probit", "ws", "retry:500")
    await harness.step(60)
    await harness.until(lambda: len(refused(harness)) - before > tries)
    count = len(refused(harness))
    for _ in range(8):
        await harness.step(50)
    assert len(refused(harness)) == count
    harness.sandbox.clear_faults()
    await again(harness, account)


def refused(harness: CoreHarness) -> list[object]:
    return [row for row in harness.sandbox.log("probit", "ws") if row["status"] == 429]


@pytest.mark.security("S81")
@pytest.mark.parametrize("shape", ["refused", "refused:result"])
async def test_a_refused_token_is_one_renewal_and_one_more_connection(harness: CoreHarness, shape: str) -> None:
    harness.sandbox.fault("probit", "ws.authorization", shape, times=1)
    account = await harness.signed_in("probit", "client_credentials")
    await harness.step(6)  # the provider's pace of tokens
    await up(harness, account)
    assert len(harness.asked(account, "token")) == 2
    assert len(harness.asked(account, "ws.authorization")) == 2


@pytest.mark.security("S81")
async def test_a_token_refused_for_ever_is_one_renewal_and_never_a_loop(harness: CoreHarness) -> None:
    harness.rack.set_visible(visible=True)
    harness.sandbox.fault("probit", "ws.authorization", "refused")
    account = await harness.signed_in("probit", "client_credentials")
    for _ in range(40):
        await harness.step(10)
    assert len(harness.asked(account, "token")) == 2
    assert len(harness.asked(account, "ws.authorization")) < 25
    assert harness.status(account).name == "ready"
    assert (shown(account).source, shown(account).failure) == ("poll", None)
    harness.sandbox.clear_faults()
    await again(harness, account)


async def test_a_new_connection_takes_a_token_that_is_still_good(harness: CoreHarness) -> None:
    account = await live(harness)
    harness.sandbox.fault("probit", "ws", "status:503")
    harness.sandbox.fault("probit", "ws.push", "reset", times=1)
    await harness.until(lambda: shown(account).source == "poll")
    await harness.step(2000)
    harness.sandbox.clear_faults()
    await again(harness, account)
    rows = harness.asked(account, "ws.authorization")
    assert len(rows) == 2, "none was refused"


async def test_a_missing_reset_is_false_q11(harness: CoreHarness) -> None:
    """The first message changes what was polled. Polling goes on, because no message says that it is everything."""
    harness.rack.set_visible(visible=True)
    harness.sandbox.fault("probit", "ws.subscribe", "bare")
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: account.balances is not None and shown(account).source == "push")
    assert not harness.rack.parts.streams.is_complete(account)
    held, polls = len(shown(account).holdings), len(harness.asked(account, "balance"))
    await harness.step(61)
    assert len(harness.asked(account, "balance")) == polls + 1
    assert len(shown(account).holdings) == held
    await moved(harness, account)
    assert shown(account).source == "push"
    assert len(shown(account).holdings) == held


async def test_a_first_message_of_one_asset_leaves_what_was_polled_q11(harness: CoreHarness) -> None:
    harness.sandbox.fault("probit", "ws", "status:503")
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: account.balances is not None)
    polled = {row.asset for row in shown(account).holdings}
    said = {"channel": "balance", "data": {"BTC": {"available": "7", "total": "8"}}}
    harness.sandbox.fault("probit", "ws.subscribe", f"body:{json.dumps(said)}")
    harness.sandbox.ask("POST", "/faults", {"provider": "probit", "endpoint": "ws", "fault": "status:503", "times": 1})
    async with asyncio.timeout(20):
        while shown(account).source != "push":
            await harness.step(2)
            await asyncio.sleep(0.02)
    assert held(account, "BTC").total == 8
    assert {row.asset for row in shown(account).holdings} == polled


async def test_changes_without_reset_are_changes_q11(harness: CoreHarness) -> None:
    account = await live(harness)
    held = len(shown(account).holdings)
    harness.sandbox.fault("probit", "ws.push", "bare")
    await moved(harness, account)
    assert len(shown(account).holdings) == held
    assert connections(harness, account) == 1


@pytest.mark.parametrize(
    ("endpoint", "fault", "words"),
    [
        ("ws.authorization", "busy", "authorization: RATE_LIMIT_EXCEEDED"),
        ("ws.subscribe", "refused", "subscription: INVALID_ARGUMENT"),
        ("ws.push", "error", "UNAVAILABLE"),
    ],
)
async def test_an_error_without_a_channel_ends_the_connection_and_no_sign_in_q12_q13(
    harness: CoreHarness, endpoint: str, fault: str, words: str
) -> None:
    harness.sandbox.fault("probit", endpoint, fault, times=1)
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: notes(account, PAUSED) == 1)
    assert next(line for line in account.activity.lines() if line.notice.sentence.startswith(PAUSED)).detail.startswith(
        words
    )
    await again(harness, account)
    assert len(harness.asked(account, "token")) == 1, "no token was at fault"
    assert harness.status(account).name == "ready"


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
async def test_a_hostile_frame_ends_cleanly_with_the_figures_kept(
    harness: CoreHarness, fault: str, endpoint: str
) -> None:
    if endpoint == "ws.push":
        account = await live(harness)
    else:
        harness.sandbox.fault("probit", endpoint, fault)
        account = await harness.signed_in("probit", "client_credentials")
        await harness.until(lambda: account.balances is not None)
    before = {row.asset for row in shown(account).holdings}
    harness.sandbox.fault("probit", endpoint, fault)
    await harness.until(lambda: notes(account, PAUSED) == 1)
    assert before == {row.asset for row in shown(account).holdings}
    assert all(row.total is not None and row.total.is_finite() for row in shown(account).holdings)
    assert shown(account).source == "poll"
    assert harness.status(account).name == "ready"
    harness.sandbox.clear_faults()
    await again(harness, account)


@pytest.mark.parametrize("amount", ["1e400", "NaN", "-0", "0x10", "9" * 400, "1,5", None, True, 7.5, [], {}])
async def test_an_amount_that_cannot_be_read_is_unavailable_and_breaks_nothing(
    harness: CoreHarness, amount: object
) -> None:
    account = await live(harness)
    said = {"channel": "balance", "reset": False, "data": {"BTC": {"available": "1", "total": amount}}}
    harness.sandbox.fault("probit", "ws.push", f"body:{json.dumps(said)}")
    await harness.until(lambda: held(account, "BTC").available == 1 or held(account, "BTC").remark == "borrowed")
    total = held(account, "BTC").total
    assert total is None or total.is_finite()
    assert connections(harness, account) == 1


def held(account: Account, asset: str):  # type: ignore[no-untyped-def]
    return next(row for row in shown(account).holdings if row.asset == asset)


async def test_an_asset_that_falls_to_zero_is_gone(harness: CoreHarness) -> None:
    account = await live(harness)
    said = {"channel": "balance", "reset": False, "data": {"XRP": {"available": "0.000", "total": "0"}}}
    harness.sandbox.fault("probit", "ws.push", f"body:{json.dumps(said)}")
    await harness.until(lambda: "XRP" not in {row.asset for row in shown(account).holdings})
    assert len(shown(account).holdings) > 3


async def test_a_host_that_falls_silent_is_noticed(harness: CoreHarness) -> None:
    harness.rack.parts.sites.dialler = Dialler(limits=WebSocketLimits(ping=0.2, pong=0.5))
    account = await live(harness)
    harness.sandbox.fault("probit", "ws.push", "silence", times=1)
    await harness.until(lambda: shown(account).source == "poll")
    await again(harness, account)


async def test_after_a_sleep_a_dead_connection_is_found_by_a_ping_and_a_live_one_kept(harness: CoreHarness) -> None:
    harness.rack.parts.sites.dialler = Dialler(limits=WebSocketLimits(ping=3600.0, pong=0.5))
    fine, dead = await live(harness), await live(harness)
    harness.sandbox.fault("probit", "ws.push", "silence", times=1)
    await harness.until(lambda: not harness.sandbox.ask("GET", "/faults"))
    await harness.step(700)
    await harness.until(lambda: "poll" in {shown(fine).source, shown(dead).source})
    await again(harness, fine)
    await again(harness, dead)
    assert connections(harness, fine) + connections(harness, dead) == 3, "the one that lived was not torn down"


async def test_a_pause_passes_also_while_the_computer_sleeps(harness: CoreHarness) -> None:
    harness.sandbox.fault("probit", "ws", "retry:390")
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: notes(account, PAUSED) == 1)
    harness.sandbox.clear_faults()
    await harness.step(400)
    await up(harness, account)


async def test_a_stream_that_hangs_delays_nobody(harness: CoreHarness) -> None:
    harness.sandbox.fault("probit", "ws.authorization", "silence")
    stuck = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: len(harness.asked(stuck, "ws.authorization")) == 1)
    harness.sandbox.clear_faults()
    fine = await live(harness)
    assert not harness.rack.parts.streams.is_complete(stuck)
    await harness.until(lambda: stuck.balances is not None)
    assert shown(stuck).source == "poll"
    assert shown(fine).source == "push"


async def test_no_answer_to_the_authorization_is_given_up(
    harness: CoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyrack.core.balances.stream_connection.ANSWER_SECONDS", 0.3)
    harness.sandbox.fault("probit", "ws.authorization", "delay:20", times=1)
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: notes(account, PAUSED) == 1)
    await again(harness, account)


ENDS: dict[str, Callable[[CoreHarness, Account], Awaitable[object]]] = {
    "sign_out": lambda harness, account: harness.rack.sign_out(account),
    "remove": lambda harness, account: harness.rack.remove(account),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("fault", ["", "silence"])
async def test_a_sign_out_or_removal_ends_the_stream_in_time(harness: CoreHarness, end: str, fault: str) -> None:
    account, other = await live(harness), await live(harness)
    if fault:
        harness.sandbox.fault("probit", "ws.push", fault, times=2)
        await harness.until(lambda: not harness.sandbox.ask("GET", "/faults"))
    async with asyncio.timeout(5):
        await ENDS[end](harness, account)
    assert account.balances is None
    assert account.id not in harness.rack.parts.streams.running
    pushes = len(harness.asked(account, "ws.push"))
    if not fault:
        await moved(harness, other)
        await moved(harness, other)
    assert len(harness.asked(account, "ws.push")) == pushes
    assert account.balances is None


@pytest.mark.parametrize("fault", ["ws delay:20", "ws.authorization silence", "ws.push silence", "ws status:503"])
async def test_closing_ends_every_stream_in_time(harness: CoreHarness, fault: str) -> None:
    endpoint, _, kind = fault.partition(" ")
    harness.sandbox.fault("probit", endpoint, kind)
    account = await harness.signed_in("probit", "client_credentials")
    await harness.until(lambda: harness.sandbox.log("probit", endpoint))
    async with asyncio.timeout(5):
        await harness.rack.close()
    assert not harness.rack.parts.streams.running
    assert isinstance(account.state, Active)


async def test_a_sign_in_that_the_provider_ended_ends_the_stream_and_keeps_the_figures(harness: CoreHarness) -> None:
    account = await live(harness)
    harness.sandbox.fault("probit", "token", "refused")
    await harness.step(800)
    await harness.until(lambda: harness.status(account).name == "needs_login")
    await harness.until(lambda: account.id not in harness.rack.parts.streams.running)
    assert shown(account).holdings
    harness.sandbox.clear_faults()
    await harness.sign_in(account)
    await up(harness, account)


async def edit(harness: CoreHarness, account: Account) -> None:
    """Enter the credentials of another account of the exchange."""
    other = harness.sandbox.client("probit", "korea")
    made = {**other, "client_id": f"edited-{account.id}", "client_secret": SECRET}
    harness.sandbox.ask("POST", "/clients", made)
    await harness.rack.edit(account, made["client_id"], None, "")
    await harness.look()
    assert connections(harness, account) == 0, "the old token is the old account's still"


async def test_edited_credentials_are_followed_from_their_first_token_on(harness: CoreHarness) -> None:
    account = await live(harness)
    before = {row.asset for row in shown(account).holdings}
    await edit(harness, account)
    await harness.step(900)
    await harness.until(lambda: connections(harness, account) == 1)
    await up(harness, account)
    assert {row.asset for row in shown(account).holdings} != before


async def test_credentials_that_were_edited_during_a_pause_are_followed_too(harness: CoreHarness) -> None:
    account = await live(harness)
    before = {row.asset for row in shown(account).holdings}
    harness.sandbox.fault("probit", "ws", "status:503")
    harness.sandbox.fault("probit", "ws.push", "reset", times=1)
    await harness.until(lambda: shown(account).source == "poll")
    await edit(harness, account)
    harness.sandbox.clear_faults()
    await again(harness, account)
    assert {row.asset for row in shown(account).holdings} == before, "with the old token"
    await harness.step(900)
    await harness.until(lambda: connections(harness, account) == 1)
    await up(harness, account)
    assert {row.asset for row in shown(account).holdings} != before


async def test_a_restart_of_the_program_comes_alive_again(harness: CoreHarness) -> None:
    account = await live(harness)
    rack = await harness.kill()
    rack.load()
    await rack.open()
    same = next(iter(rack.accounts))
    assert same.id == account.id
    await up(harness, same)
