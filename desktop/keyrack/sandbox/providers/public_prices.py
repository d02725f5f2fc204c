"""What Gemini, Deribit, Kraken and Uphold tell everybody about prices, each in its own shape."""

from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.transport import exact_json
from keyrack.sandbox.transport.endpoint import Call, Place

_SPREAD = Decimal("0.002")
_ALSO = {"GUSD": Decimal("1.0000"), "DOT": Decimal("6.1204"), "BAT": Decimal("0.2214")}
# Kraken's own names of old pairs; what is not here is written plainly.
_OLD = {"BTC": "XXBTZUSD", "ETH": "XETHZUSD", "XRP": "XXRPZUSD", "XLM": "XXLMZUSD", "EUR": "ZEURZUSD"}


def _last(call: Call) -> dict[str, Decimal]:
    """The last price of each asset in dollars."""
    return {**{asset: portfolio.price(asset, call.elapsed) for asset in portfolio.PRICES}, **_ALSO}


def gemini(call: Call) -> Response:
    """Every pair in one word, and the day's change as a share."""
    rows = [
        {"pair": f"{a}USD", "price": portfolio.text(p), "percentChange24h": "0.0057"} for a, p in _last(call).items()
    ]
    return JSONResponse(rows)


def deribit(call: Call) -> Response:
    """One index at a time, as a number; an unknown one is refused."""
    base, _, quote = call.query.get("index_name", "").partition("_")
    found = _last(call).get(base.upper()) if quote == "usdc" else None
    if found is None:
        data = {"reason": "invalid index_name", "param": "index_name"}
        return JSONResponse(
            {"jsonrpc": "2.0", "error": {"code": -32602, "message": "Invalid params", "data": data}}, 400
        )
    return exact_json.response({"jsonrpc": "2.0", "result": {"index_price": found, "estimated_delivery_price": found}})


def kraken(call: Call) -> Response:
    """Keyed by pair; each figure stands in a list, the last price with its volume in `c`."""
    rows: dict[str, Any] = {}
    for asset, last in _last(call).items():
        ask, bid = portfolio.text(_moved(last, _SPREAD)), portfolio.text(_moved(last, -_SPREAD))
        figures = {"a": [ask, "1", "1.000"], "b": [bid, "1", "1.000"], "c": [portfolio.text(last), "0.00150000"]}
        rows[_OLD.get(asset, f"{asset}USD")] = {**figures, "v": ["12.5", "120.7"], "t": [91, 870]}
    return JSONResponse({"error": [], "result": rows})


def uphold(call: Call) -> Response:
    """What it takes and pays in dollars; some pairs stand the other way round, in another currency."""
    rows = [_uphold_row(asset, last) for asset, last in _last(call).items()]
    return JSONResponse([*rows, {"ask": "0.93", "bid": "0.92", "currency": "EUR", "pair": "USDEUR"}])


def _uphold_row(asset: str, last: Decimal) -> dict[str, str]:
    ask, bid = portfolio.text(_moved(last, _SPREAD)), portfolio.text(_moved(last, -_SPREAD))
    return {"ask": ask, "bid": bid, "currency": "USD", "pair": f"{asset}USD"}


def _moved(price: Decimal, share: Decimal) -> Decimal:
    return (price * (1 + share)).quantize(Decimal("0.0000001"))


GEMINI = Place("GET /v1/pricefeed", "prices", gemini)
DERIBIT = Place("GET /api/v2/public/get_index_price", "prices", deribit, "index_name")
KRAKEN = Place("GET /0/public/Ticker", "prices", kraken)
UPHOLD = Place("GET /v0/ticker/USD", "prices", uphold)
