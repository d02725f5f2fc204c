"""WhiteBIT's account stream, frame by frame: what each answer leads to, and what no frame may do."""

import json
from decimal import Decimal
from typing import Any

import pytest

from keyrack.net.client.http_client import HttpClient
from keyrack.primitives.secret import Secret
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    Pong,
    Send,
    Snapshot,
    StreamProblem,
    StreamRefused,
    StreamTarget,
)
from keyrack.providers.registry import BUILT_IN
from keyrack.providers.whitebit.whitebit_stream import WhitebitKeyStream
from tests.tokens import provider

FAST = provider("whitebit-fast-key")
D = Decimal


def stream() -> WhitebitKeyStream:
    return WhitebitKeyStream(StreamTarget(FAST, FAST.regions["global"], HttpClient()))


def read(**said: Any) -> list[Event]:
    return stream().read(json.dumps(said))


def answer(id: int, result: Any) -> list[Event]:
    return read(id=id, result=result, error=None)


def asked(event: Event) -> dict[str, Any]:
    assert isinstance(event, Send)
    found: dict[str, Any] = json.loads(event.frame.reveal())
    return found


def test_the_provider_pushes() -> None:
    assert BUILT_IN[FAST.id].stream is WhitebitKeyStream
    assert FAST.regions["global"].stream == "wss://wss.whitebit.com/ws"


async def test_the_opening_is_the_token_and_the_word_public() -> None:
    (frame,) = await stream().opening(Secret("token-invented"))
    assert json.loads(frame.reveal()) == {"id": 1, "method": "authorize", "params": ["token-invented", "public"]}
    assert "invented" not in repr(frame)


def test_the_conversation_asks_for_everything_anew() -> None:
    """Authorize, request, subscribe. Spot is requested once more, for what changed between the two."""
    authorized, first = answer(1, {"status": "success"})
    assert authorized == Authorized()
    assert asked(first)["method"] == "balanceSpot_request"
    assert asked(first)["params"] == [], "Q12: a long list of assets is refused"
    snapshot, follow = answer(asked(first)["id"], {"BTC": {"available": "0.1", "freeze": "0.02"}})
    assert isinstance(snapshot, Snapshot)
    assert snapshot.places == frozenset({"Spot"})
    assert [(row.asset, row.available, row.total) for row in snapshot.holdings] == [("BTC", D("0.1"), D("0.12"))]
    assert asked(follow)["method"] == "balanceSpot_subscribe"
    (again,) = answer(asked(follow)["id"], {"status": "success"})
    assert asked(again)["method"] == "balanceSpot_request"
    _, margin = answer(asked(again)["id"], {})
    assert asked(margin)["method"] == "balanceMargin_subscribe"
    (all_margin,) = answer(asked(margin)["id"], {"status": "success"})
    assert asked(all_margin)["method"] == "balanceMargin_request"
    row = {"balance": "5", "borrow": "0", "available_without_borrow": "4.5", "available_with_borrow": "28.4"}
    (collateral,) = answer(asked(all_margin)["id"], {"USDT": row})
    assert isinstance(collateral, Snapshot)
    assert collateral.places == frozenset({"Collateral"})
    assert [(row.asset, row.available, row.total) for row in collateral.holdings] == [("USDT", D("4.5"), D(5))]


def test_all_assets_of_all_objects_of_an_update_count_q13() -> None:
    params = [
        {"USDT": {"available": "985.5", "freeze": "14.5"}, "BTC": {"available": "0", "freeze": "0"}},
        {"ETH": {"available": "1", "freeze": "0"}},
    ]
    (delta,) = read(id=None, method="balanceSpot_update", params=params)
    assert isinstance(delta, Delta)
    assert {row.asset: row.total for row in delta.holdings} == {"USDT": D(1000), "BTC": D(0), "ETH": D(1)}
    assert {row.place for row in delta.holdings} == {"Spot"}


def test_margin_updates_have_short_names_q14() -> None:
    params = [
        {"a": "USDT", "B": "5.000000000000000001", "b": "0", "av": "5", "ab": "28.4"},
        {"a": "BTC", "B": "1", "av": "1"},
    ]
    (delta,) = read(id=None, method="balanceMargin_update", params=params)
    assert isinstance(delta, Delta)
    assert [(row.asset, row.total) for row in delta.holdings] == [("USDT", D("5.000000000000000001")), ("BTC", D(1))]
    assert {row.place for row in delta.holdings} == {"Collateral"}


def test_answers_go_by_number_and_updates_by_method_q15() -> None:
    assert answer(77, {"BTC": {"available": "1", "freeze": "0"}}) == [Ignored()]
    assert read(id=None, method="depth_update", params=[]) == [Ignored()]
    assert read(method="balanceSpot_update", params=[{"BTC": {"available": "1", "freeze": "0"}}])[0] != Ignored()


def test_a_ping_is_answered_and_sent_often_enough() -> None:
    ping = stream().ping
    assert ping is not None
    assert ping.seconds <= 50
    assert json.loads(ping.frame) == {"id": 0, "method": "ping", "params": []}
    assert answer(0, "pong") == [Pong()]


def test_a_refused_token_is_told() -> None:
    (refused,) = read(id=1, result=None, error={"code": 1, "message": "invalid argument"})
    assert isinstance(refused, StreamRefused)
    assert "invalid argument" in refused.detail
    assert isinstance(answer(1, {"status": "odd"})[0], StreamRefused)


@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 6, 7])
def test_an_error_of_spot_ends_the_connection_and_one_of_collateral_does_not(code: int) -> None:
    """A key that may not see the collateral account still sees spot; what is polled shows the rest."""
    error = {"code": code, "message": "in words"}
    assert isinstance(read(id=2, result=None, error=error)[0], StreamProblem)
    assert isinstance(read(id=3, result=None, error=error)[0], StreamProblem)
    assert read(id=5, result=None, error=error) == [Ignored()]
    assert read(id=6, result=None, error=error) == [Ignored()]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "null",
        "[]",
        "7",
        "{",
        '{"id":2,"result":"x","error":null}',
        '{"id":2,"result":[1],"error":null}',
        '{"id":null,"method":"balanceSpot_update","params":"x"}',
        '{"id":null,"method":"balanceSpot_update","params":["x"]}',
        '{"id":2,"id":2}',
        '{"id":2,"result":{"BTC":{"available":NaN,"freeze":"0"}},"error":null}',
        "[" * 100_000,
    ],
)
def test_a_frame_of_another_shape_ends_the_connection_and_raises_nothing(frame: str) -> None:
    assert all(isinstance(event, StreamProblem) for event in stream().read(frame))


@pytest.mark.parametrize(
    "frame", ['{"id":{},"result":1}', '{"id":"1","result":{"status":"success"}}', '{"id":true}', "{}"]
)
def test_a_frame_that_answers_nothing_is_passed_over(frame: str) -> None:
    events = stream().read(frame)
    assert not any(isinstance(event, Snapshot | Delta | StreamProblem) for event in events)
