"""ProBit's public markets, its error objects and its rate limit."""

import secrets
from datetime import UTC, datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.transport.endpoint import Call, EndpointSpec

API = "/api/exchange/v1"
_CODES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    413: "PAYLOAD_TOO_LARGE",
    423: "RESOURCE_LOCKED",
    429: "RATE_LIMIT_EXCEEDED",
    503: "UNAVAILABLE",
}
_QUIET_MARKET = "PROB"
_CLOSED_MARKET = "XLM"
_DAY = 86_400
_GROUP_3 = Limit("ProBit group 3", 20, 200)


def error_response(status: int, **details: str) -> Response:
    """An error of the exchange."""
    return JSONResponse(error(status, **details), status)


def error(status: int, **details: str) -> dict[str, object]:
    """The error object, which a WebSocket carries without a status. Its message is an opaque id (Q13)."""
    code = _CODES.get(status, "UNAVAILABLE" if status >= 500 else "INVALID_ARGUMENT")
    return {"errorCode": code, "message": secrets.token_hex(8), "details": details}


def too_many(call: Call) -> bool:
    """Whether this address has used up the limit of group 3, which counts every request."""
    return not call.world.limits.allow(_GROUP_3, call.address)


def ticker(call: Call) -> Response:
    """The last trades. `change` is absolute (Q8), and a quiet market last traded days ago (Q9)."""
    wanted = call.query.get("market_ids", "").split(",") if call.query.get("market_ids") else None
    known = {f"{asset}-USDT": asset for asset in portfolio.PRICES}
    for market_id in wanted or ():
        if market_id not in known:
            return error_response(400, market_ids="invalid")
    return _data(call, [_ticker_row(call, m, asset) for m, asset in known.items() if not wanted or m in wanted])


def _ticker_row(call: Call, market_id: str, asset: str) -> dict[str, str]:
    last = portfolio.price(asset, call.elapsed)
    base = portfolio.PRICES[asset]
    traded = call.world.clock.wall() - (3 * _DAY if asset == _QUIET_MARKET else 0)
    return {
        "market_id": market_id,
        "last": portfolio.text(last),
        "low": portfolio.text(min(last, base)),
        "high": portfolio.text(max(last, base)),
        "change": portfolio.text(last - base),
        "base_volume": "12.5",
        "quote_volume": portfolio.text(last * 12),
        "time": _moment(traded),
    }


def market(call: Call) -> Response:
    """The markets. One of them is closed."""
    return _data(call, [_market_row(asset) for asset in portfolio.PRICES])


def _market_row(asset: str) -> dict[str, Any]:
    names = {"id": f"{asset}-USDT", "base_currency_id": asset, "quote_currency_id": "USDT"}
    limits = {"price_increment": "0.01", "min_price": "0.01", "max_price": "9999999999999", "min_cost": "1"}
    amounts = {"min_quantity": "0.0001", "max_quantity": "9999999999999", "quantity_precision": 8, "cost_precision": 8}
    fees = {"max_cost": "9999999999999", "taker_fee_rate": "0.2", "maker_fee_rate": "0.2"}
    return {**names, **limits, **amounts, **fees, "show_in_ui": True, "closed": asset == _CLOSED_MARKET}


def currency(call: Call) -> Response:
    """The assets."""
    return _data(call, [{"id": asset, "display_name": {"en-us": asset}} for asset in (*portfolio.PRICES, "USDT")])


def currency_with_platform(call: Call) -> Response:
    """The assets with their networks. Some fees are an empty object where others have an array (Q15)."""
    return _data(call, [_with_platform(asset) for asset in (*portfolio.PRICES, "USDT")])


def _with_platform(asset: str) -> dict[str, Any]:
    fee = {} if asset == _QUIET_MARKET else [{"amount": "0.001", "priority": 1, "currency_id": asset}]
    limits = {"precision": 8, "min_deposit_amount": "0", "min_withdrawal_amount": "1", "min_confirmation_count": 15}
    state = {"deposit": True, "withdrawal": True, "deposit_suspended": False, "withdrawal_suspended": False}
    names = {"id": asset, "currency_id": asset, "priority": 1, "display_name": {"name": {"en-us": asset}}}
    network = {**names, **limits, **state, "withdrawal_fee": fee, "deposit_fee": {}, "suspended_reason": ""}
    return {"id": asset, "display_name": {"en-us": asset}, "show_in_ui": True, "platform": [network]}


def now(call: Call) -> Response:
    """The time of day in UTC."""
    return _data(call, _moment(call.world.clock.wall()))


def _data(call: Call, content: object) -> Response:
    return error_response(429) if too_many(call) else JSONResponse({"data": content})


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


SPECS = (
    EndpointSpec(f"GET {API}/ticker", "ticker", ticker, "market_ids"),
    EndpointSpec(f"GET {API}/market", "market", market),
    EndpointSpec(f"GET {API}/currency", "currency", currency),
    EndpointSpec(f"GET {API}/currency_with_platform", "currency_with_platform", currency_with_platform),
    EndpointSpec(f"GET {API}/time", "time", now),
)
