"""The public prices of every stand-in, in each provider's own shape and without a token."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from keyrack.sandbox.people import portfolio
from tests.sandbox_process import RunningSandbox

SHAPES = {
    "gemini": "/v1/pricefeed",
    "kraken": "/0/public/Ticker",
    "uphold": "/v0/ticker/USD",
    "deribit": "/api/v2/public/get_index_price?index_name=btc_usdc",
    "example": "/api/v1/prices",
    "whitebit-fast-key": "/api/v4/public/ticker",
}


def bitcoin(provider: str, answer: Any) -> Any:
    """The price of BTC in a provider's answer."""
    match provider:
        case "gemini":
            return next(row["price"] for row in answer if row["pair"] == "BTCUSD")
        case "kraken":
            assert answer["error"] == []
            return answer["result"]["XXBTZUSD"]["c"][0]
        case "uphold":
            return next(row["bid"] for row in answer if row["pair"] == "BTCUSD")
        case "deribit":
            return answer["result"]["index_price"]
        case "example":
            return answer["BTC/USDT"]["last"]
        case _:
            return answer["BTC_USDT"]["last_price"]


@pytest.mark.parametrize("provider", SHAPES)
def test_bitcoins_price_needs_no_token(sandbox: RunningSandbox, http: httpx.Client, provider: str) -> None:
    answer = http.get(sandbox.base(provider) + SHAPES[provider])
    assert answer.status_code == 200
    found = bitcoin(provider, answer.json())
    assert isinstance(found, float if provider == "deribit" else str)
    assert abs(Decimal(str(found)) / portfolio.PRICES["BTC"] - 1) < Decimal("0.02")
    assert sandbox.log(provider)[-1]["unexpected"] == []


def test_deribit_refuses_an_index_that_it_does_not_know(sandbox: RunningSandbox, http: httpx.Client) -> None:
    for name in ("odd_usdc", "btc_usd", ""):
        refused = http.get(f"{sandbox.base('deribit')}/api/v2/public/get_index_price", params={"index_name": name})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, -32602)


def test_probits_currencies_with_an_empty_object_in_place_of_fees_q15(
    sandbox: RunningSandbox, http: httpx.Client
) -> None:
    sandbox.advance(20)
    rows = http.get(sandbox.base("probit") + "/api/exchange/v1/currency_with_platform").json()["data"]
    fees = {row["id"]: row["platform"][0]["withdrawal_fee"] for row in rows}
    assert fees["PROB"] == {}
    assert isinstance(fees["BTC"], list)


def test_probits_quiet_market_and_closed_market_are_two(sandbox: RunningSandbox, http: httpx.Client) -> None:
    """ProBit Q9: one market last traded three days ago and is open, another is closed."""
    base = sandbox.base("probit") + "/api/exchange/v1"
    closed = [row["id"] for row in http.get(base + "/market").json()["data"] if row["closed"]]
    times = {row["market_id"]: row["time"] for row in http.get(base + "/ticker").json()["data"]}
    assert closed == ["XLM-USDT"]
    assert min(times, key=lambda pair: times[pair]) == "PROB-USDT"
