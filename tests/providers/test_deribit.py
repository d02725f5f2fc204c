"""Deribit's WebSocket, message by message: the token in the parameters, summaries twice, then each portfolio."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.net.client.http_client import HttpClient
from keyrack.primitives.secret import Secret
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    NotPushed,
    Send,
    Snapshot,
    StreamProblem,
    StreamRefused,
    StreamTarget,
)
from keyrack.providers.deribit import DeribitStream
from keyrack.providers.holding import Holding
from tests.tokens import FIXED, provider

TOKEN = Secret("canary-1700000000.1abc")
ROW = '{"currency":"%s","equity":%s,"balance":1,"available_funds":%s,"maintenance_margin":0.1}'
SUMMARIES = f"[{ROW % ('BTC', '2.305177840000000001', '1.5')},{ROW % ('USDC', '0.0', '0')}]"


async def opened() -> DeribitStream:
    deribit = provider("deribit")
    stream = DeribitStream(StreamTarget(deribit, deribit.regions["global"], HttpClient()))
    await stream.opening(TOKEN)
    return stream


def answer(number: int, result: str) -> str:
    return f'{{"jsonrpc":"2.0","id":{number},"result":{result}}}'


def said(event: Event) -> dict[str, Any]:
    assert isinstance(event, Send)
    assert "canary" not in repr(event)
    found: dict[str, Any] = json.loads(event.frame.reveal())
    return found


@pytest.mark.security("S42")
async def test_the_token_travels_in_the_parameters_alone() -> None:
    deribit = provider("deribit")
    stream = DeribitStream(StreamTarget(deribit, deribit.regions["global"], HttpClient()))
    [first] = await stream.opening(TOKEN)
    asked = json.loads(first.reveal())
    assert asked["method"] == "private/get_account_summaries"
    assert asked["params"] == {"access_token": TOKEN.reveal()}
    assert deribit.regions["global"].stream == "wss://www.deribit.com/ws/api/v2"
    assert deribit.regions["test"].stream == "wss://test.deribit.com/ws/api/v2"


async def test_summaries_then_a_channel_for_each_currency_then_summaries_again() -> None:
    """Figures are numbers in the text and exact decimals here (Deribit Q4)."""
    stream = await opened()
    holds = Snapshot((Holding("BTC", Decimal("1.5"), Decimal("2.305177840000000001")),))
    authorized, snapshot, subscribe = stream.read(answer(1, f'{{"summaries":{SUMMARIES}}}'))
    assert (authorized, snapshot) == (Authorized(), holds)
    assert said(subscribe)["method"] == "private/subscribe"
    assert said(subscribe)["params"]["channels"] == ["user.portfolio.btc", "user.portfolio.usdc"]
    [again] = stream.read(answer(2, '["user.portfolio.btc","user.portfolio.usdc"]'))
    assert said(again)["method"] == "private/get_account_summaries"
    assert stream.read(answer(3, f'{{"summaries":{SUMMARIES}}}')) == [holds]


async def test_a_portfolio_is_a_change() -> None:
    row = ROW % ("ETH", "18.402100000000000009", "0")
    frame = f'{{"method":"subscription","params":{{"channel":"user.portfolio.eth","data":{row}}}}}'
    assert (await opened()).read(frame) == [Delta((Holding("ETH", Decimal(0), Decimal("18.402100000000000009")),))]
    other = '{"method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.raw","data":{}}}'
    assert (await opened()).read(other) == [Ignored()]


@pytest.mark.parametrize("code", [13009, 13004])
async def test_a_token_that_is_not_valid_is_reported(code: int) -> None:
    error = {"id": 1, "error": {"code": code, "message": "unauthorized", "data": {"reason": "invalid_token"}}}
    [event] = (await opened()).read(json.dumps(error))
    assert event == StreamRefused(f"{code}: unauthorized: invalid_token")


async def test_other_errors_end_the_connection_and_no_sign_in() -> None:
    busy = {"id": 1, "error": {"code": 10028, "message": "too_many_requests"}}
    assert (await opened()).read(json.dumps(busy)) == [StreamProblem("10028: too_many_requests")]
    late = {"id": 2, "error": {"code": 13009, "message": "unauthorized"}}
    assert (await opened()).read(json.dumps(late)) == [StreamProblem("13009: unauthorized")]
    echo = {"id": 3, "error": {"code": 1, "message": f"you sent {TOKEN.reveal()}"}}
    assert (await opened()).read(json.dumps(echo)) == [StreamProblem("1: you sent ***")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        answer(1, "null"),
        answer(1, "[]"),
        answer(1, '{"summaries":{}}'),
        answer(1, '{"summaries":[1,2]}'),
        answer(1, '{"summaries":[{"currency":"BTC","equity":NaN}]}'),
        answer(3, '{"summaries":"x"}'),
        '{"method":"subscription","params":{"channel":"user.portfolio.btc","data":[1]}}',
        '{"method":"subscription","params":{"channel":"user.portfolio.btc"}}',
        '{"id":1,"error":null}',
        "[" * 100_000,
    ],
)
async def test_what_is_not_an_answer_ends_the_connection(text: str) -> None:
    assert isinstance((await opened()).read(text)[-1], StreamProblem)


async def test_no_currency_to_follow_is_no_stream() -> None:
    events = (await opened()).read(answer(1, '{"summaries":[]}'))
    assert isinstance(events[-1], StreamProblem), "so that the figures go on being asked for"


async def test_odd_currencies_are_not_asked_for() -> None:
    rows = ",".join(ROW % (name, "1", "1") for name in ('B\\"TC', "a.b", "eth", "ETH", "x" * 40))
    events = (await opened()).read(answer(1, f'{{"summaries":[{rows}]}}'))
    assert said(events[-1])["params"]["channels"] == ["user.portfolio.eth"]


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_WORDS = st.fixed_dictionaries(
    {},
    optional={
        "id": _VALUES | st.integers(1, 3),
        "method": _VALUES | st.just("subscription"),
        "params": _VALUES | st.fixed_dictionaries({"channel": st.just("user.portfolio.btc"), "data": _VALUES}),
        "result": _VALUES | st.fixed_dictionaries({"summaries": _VALUES}),
        "error": _VALUES,
    },
)


@FIXED
@given(st.lists(_WORDS | _VALUES, max_size=4))
async def test_no_message_breaks_the_reader(messages: list[Any]) -> None:
    stream = await opened()
    for one in messages:
        for event in stream.read(json.dumps(one)):
            rows = event.holdings if isinstance(event, Snapshot | Delta) else ()
            assert all(row.total is None or row.total.is_finite() for row in rows)


CROSS = """[
 {"currency":"BTC","equity":2e-05,"available_funds":0.0003,"margin_model":"cross_sm","cross_collateral_enabled":true},
 {"currency":"USDT","equity":23.6,"available_funds":24.9,"margin_model":"cross_sm","cross_collateral_enabled":true},
 {"currency":"SOL","equity":0,"available_funds":0.28,"margin_model":"cross_sm","cross_collateral_enabled":true}]"""
SHARED = (
    Holding("BTC", None, Decimal("0.00002"), remark="shared"),
    Holding("USDT", None, Decimal("23.6"), remark="shared"),
)


async def test_shared_funds_belong_to_no_currency_q17() -> None:
    """Case 10 and report 45, in the answer and in the stream, also where the portfolio does not say it again."""
    stream = await opened()
    _, snapshot, subscribe = stream.read(answer(1, f'{{"summaries":{CROSS}}}'))
    assert snapshot == Snapshot(SHARED)
    assert "user.portfolio.sol" in said(subscribe)["params"]["channels"]
    portfolio = ROW % ("BTC", "0.00003", "0.0003")
    frame = f'{{"method":"subscription","params":{{"channel":"user.portfolio.btc","data":{portfolio}}}}}'
    [changed] = stream.read(frame)
    assert isinstance(changed, Delta)
    assert changed.holdings == (Holding("BTC", None, Decimal("0.00003"), remark="shared"),)
    assert changed.holdings[0].in_use is None


async def test_a_channel_that_is_not_listed_is_not_live_q19() -> None:
    stream = await opened()
    stream.read(answer(1, f'{{"summaries":{SUMMARIES}}}'))
    [missing, again] = stream.read(answer(2, '["user.portfolio.btc"]'))
    assert missing == NotPushed(frozenset({"USDC"}))
    assert said(again)["method"] == "private/get_account_summaries"
    [event] = (await subscribed_to_nothing()).read(answer(2, "[]"))
    assert isinstance(event, StreamProblem)


async def subscribed_to_nothing() -> DeribitStream:
    stream = await opened()
    stream.read(answer(1, f'{{"summaries":{SUMMARIES}}}'))
    return stream
