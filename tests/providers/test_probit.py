"""ProBit's WebSocket, message by message: what is sent, what an answer means, and that nothing breaks it."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.net.client.http_client import HttpClient
from keyrack.primitives.secret import Secret
from keyrack.providers.api.balance_rows import MOST_ROWS
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    Ping,
    Send,
    Snapshot,
    Stream,
    StreamProblem,
    StreamRefused,
    StreamTarget,
)
from keyrack.providers.holding import Holding
from keyrack.providers.probit import ProbitStream
from tests.tokens import FIXED, provider

TOKEN = Secret("canary/+token/+MTIz==")
OK = {"type": "authorization", "result": "ok"}
BTC = {"BTC": {"available": "0.5", "total": "0.75"}}
UNAUTHORIZED = {"errorCode": "UNAUTHORIZED", "message": "", "details": {}}


def made() -> ProbitStream:
    probit = provider("probit")
    return ProbitStream(StreamTarget(probit, probit.regions["global"], HttpClient()))


async def opened() -> ProbitStream:
    stream = made()
    await stream.opening(TOKEN)
    return stream


async def subscribed() -> ProbitStream:
    stream = await opened()
    heard(stream, OK)
    return stream


def heard(stream: Stream, said: Any) -> list[Event]:
    return stream.read(said if isinstance(said, str) else json.dumps(said))


def balance(data: Any = BTC, **more: Any) -> dict[str, Any]:
    return {"channel": "balance", **more, "data": data}


@pytest.mark.security("S42")
async def test_the_token_is_sent_as_it_is_q4() -> None:
    [frame] = await made().opening(TOKEN)
    assert frame.reveal() == '{"type":"authorization","token":"canary/+token/+MTIz=="}'
    assert "\n" not in frame.reveal()
    assert "canary" not in repr(frame)


async def test_the_subscription_follows_the_authorization() -> None:
    events = heard(await opened(), OK)
    assert events[0] == Authorized()
    assert isinstance(events[1], Send)
    assert json.loads(events[1].frame.reveal()) == {"type": "subscribe", "channel": "balance"}


@pytest.mark.parametrize(
    "said", [UNAUTHORIZED, {"type": "authorization", "result": "unauthorized"}, {"type": "authorization"}]
)
async def test_both_shapes_of_a_refused_token_are_known(said: dict[str, Any]) -> None:
    [event] = heard(await opened(), said)
    assert isinstance(event, StreamRefused)
    assert event.detail


async def test_the_message_is_an_object_keyed_by_asset_q6() -> None:
    data = {
        **BTC,
        "ETH": {"available": "1.000000000000000001", "total": "2"},
        "XLM": {"available": "0", "total": "0.0"},
    }
    assert heard(await subscribed(), balance(data, reset=True)) == [
        Snapshot(
            (
                Holding("BTC", Decimal("0.5"), Decimal("0.75")),
                Holding("ETH", Decimal("1.000000000000000001"), Decimal(2)),
            )
        )
    ]
    [event] = heard(await subscribed(), balance([{"currency_id": "BTC", "available": "1", "total": "1"}], reset=True))
    assert isinstance(event, StreamProblem), "the array belongs to REST"


@pytest.mark.parametrize("reset", [{}, {"reset": False}, {"reset": None}, {"reset": "true"}, {"reset": 1}])
async def test_a_missing_reset_is_false_q11(reset: dict[str, Any]) -> None:
    gone = {"XLM": {"available": "0", "total": "0"}}
    [event] = heard(await subscribed(), balance({**BTC, **gone}, **reset))
    assert isinstance(event, Delta)
    assert [row.asset for row in event.holdings] == ["BTC", "XLM"], "a change to zero counts, too"


async def test_an_error_belongs_to_the_one_request_that_waits_q12() -> None:
    limit = {"errorCode": "RATE_LIMIT_EXCEEDED", "message": "f00f", "details": {}}
    assert heard(await opened(), limit) == [StreamProblem("authorization: RATE_LIMIT_EXCEEDED: f00f")]
    wrong = {"errorCode": "INVALID_ARGUMENT", "message": "", "details": {"interval": "invalid"}}
    stream = await subscribed()
    assert heard(stream, wrong) == [StreamProblem("subscription: INVALID_ARGUMENT: interval invalid")]


async def test_an_error_of_no_request_is_the_connections_and_no_refusal_q12() -> None:
    stream = await subscribed()
    heard(stream, balance(reset=True))
    assert heard(stream, UNAUTHORIZED) == [StreamProblem("UNAUTHORIZED")]


@pytest.mark.security("S49")
async def test_a_message_is_never_shown_alone_nor_with_a_secret_q13() -> None:
    stream = await subscribed()
    heard(stream, balance(reset=True))
    [event] = heard(stream, {"errorCode": "UNAVAILABLE", "message": "", "details": {}})
    assert event == StreamProblem("UNAVAILABLE")
    [event] = heard(stream, {"errorCode": "X", "message": f"you sent {TOKEN.reveal()}", "details": 3})
    assert event == StreamProblem("X: you sent ***")
    [event] = heard(stream, {"errorCode": 7, "message": ["odd"], "details": {"a": {"b": 1}}})
    assert event == StreamProblem("error without a code")


async def test_other_channels_and_words_are_ignored() -> None:
    stream = await subscribed()
    for said in ({"channel": "marketdata", "ticker": {}}, {}, {"type": "pong"}, OK, {"channel": 7}):
        assert heard(stream, said) == [Ignored()]


async def test_figures_before_the_authorization_end_the_connection() -> None:
    assert heard(await opened(), balance(reset=True)) == [StreamProblem("figures before the authorization")]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "null",
        '"x"',
        "7",
        '{"channel":"balance","reset":true,"data":{"BTC":{"available":NaN}}}',
        '{"channel":"balance","reset":true,"data":{"BTC":{"available":Infinity}}}',
        '{"a":1,"a":2}',
        '{"channel":"balance","reset":true,"data":' + "[" * 100_000,
        '{"channel":"balance","reset":true,"data":{"BTC":{"available":' + "9" * 5000 + "}}}",
        '{"channel":"balance","reset":true,"data":{"BTC":"1"}}',
        '{"channel":"balance","reset":true,"data":7}',
        "\ufeff{",
        "\x00",
    ],
)
async def test_what_is_not_a_message_ends_the_connection(text: str) -> None:
    [event] = (await subscribed()).read(text)
    assert isinstance(event, StreamProblem)


@pytest.mark.parametrize("amount", ["1e400", "NaN", "0x10", "1,5", "", None, True, [], {}, "9" * 400, 1e300])
async def test_an_amount_that_cannot_be_read_is_unavailable(amount: object) -> None:
    [event] = heard(await subscribed(), balance({"BTC": {"available": amount, "total": "1"}}, reset=True))
    assert isinstance(event, Snapshot)
    assert event.holdings == (Holding("BTC", None, Decimal(1)),)
    assert event.left_out.unread == (amount not in ("", None))


async def test_very_many_currencies_are_cut_and_odd_names_plain() -> None:
    many = {f"C{number}": {"available": "1", "total": "1"} for number in range(MOST_ROWS + 7)}
    [event] = heard(await subscribed(), balance(many, reset=True))
    assert isinstance(event, Snapshot)
    assert len(event.holdings) == MOST_ROWS
    assert event.left_out.beyond == 7
    odd = {"<b>B\u202eTC</b>\x1b[31m" + "x" * 900: {"available": "1", "total": "1"}, "\ud800": {"total": "1"}}
    [event] = heard(await subscribed(), balance(odd, reset=True))
    assert isinstance(event, Snapshot)
    assert all(row.asset.isprintable() for row in event.holdings)


def test_it_needs_no_ping_of_its_own() -> None:
    ping: Ping | None = made().ping
    assert ping is None, "the WebSocket's own pings do"


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_WORDS = st.fixed_dictionaries(
    {},
    optional={
        "type": _VALUES | st.just("authorization"),
        "result": _VALUES | st.just("ok"),
        "channel": _VALUES | st.just("balance"),
        "reset": _VALUES,
        "data": _VALUES | st.dictionaries(st.text(max_size=4), st.fixed_dictionaries({"total": _VALUES}), max_size=3),
        "errorCode": _VALUES,
        "message": _VALUES,
        "details": _VALUES,
    },
)


@FIXED
@given(st.lists(_WORDS | _VALUES, max_size=4), st.text())
async def test_no_message_breaks_the_reader(said: list[Any], text: str) -> None:
    for stream in (await opened(), await subscribed()):
        for one in said:
            for event in heard(stream, json.dumps(one)):
                rows = event.holdings if isinstance(event, Snapshot | Delta) else ()
                assert all(row.total is None or row.total.is_finite() for row in rows)
        stream.read(text.encode("utf-8", "replace").decode())
