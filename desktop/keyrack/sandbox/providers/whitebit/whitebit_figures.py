"""WhiteBIT's balances by POST with a Bearer token, and its public prices."""

from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.transport import broken_responses
from keyrack.sandbox.transport.endpoint import Call, EndpointSpec

_PUBLIC = "/api/v4/public"
_BALANCES = "/api/v4/accounts/balances"
_CAP_IDS = {"BTC": 1, "ETH": 1027, "SOL": 5426}
_TETHER = 825
_PUBLIC_LIMIT = Limit("WhiteBIT public", 200, 2000)
MAIN_LIMIT = Limit("WhiteBIT main", 100, 1000)
SPOT_LIMIT = Limit("WhiteBIT spot", 1200, 12_000)


def error_response(status: int) -> Response:
    """The V4 error, or the page of a gateway in its place."""
    if status == 404:
        return Response(status_code=404)
    if status == 401:
        return JSONResponse({"data": {"message": ["Unauthorized."]}}, 401)
    if status in (429, 502, 503):
        return broken_responses.gateway(status)
    if status >= 500:
        return JSONResponse({"error": ["Internal server error."]}, status)
    return JSONResponse({"code": 0, "message": "Validation failed", "errors": {}}, status)


def ended(call: Call) -> Response | None:
    """The answer of a flow that was removed, where a fault says so (Q17). None where it still works."""
    kind = call.fault("ended")
    if kind is None:
        return None
    return error_response(404) if kind == "404" else JSONResponse({"message": "Gone"}, 410)


def main(call: Call) -> Response:
    """The main account, with zero rows or without (Q6)."""
    person = _person(call, MAIN_LIMIT)
    if isinstance(person, Response):
        return person
    rows = {h.asset: portfolio.main(person, h, call.elapsed) for h in person.holdings}
    kept = {asset: amount for asset, amount in rows.items() if amount or call.fault("rows") is None}
    return _rows(call, {asset: {"main_balance": portfolio.text(amount)} for asset, amount in kept.items()})


def spot(call: Call) -> Response:
    """The trading account. Only assets with a balance have a row."""
    person = _person(call, SPOT_LIMIT)
    if isinstance(person, Response):
        return person
    rows = {h.asset: portfolio.spot(person, h, call.elapsed) for h in person.holdings if h.total}
    return _rows(
        call,
        {asset: {"available": portfolio.text(a), "freeze": portfolio.text(f)} for asset, (a, f) in rows.items()},
    )


def _rows(call: Call, rows: dict[str, dict[str, str]]) -> Response:
    """All rows, or the one of the requested ticker. An unknown ticker is zero in main and refused in spot."""
    ticker = call.fields.get("ticker")
    if call.fault("empty") is not None:
        return JSONResponse({})
    if ticker is None or ticker in rows:
        return JSONResponse(rows if ticker is None else rows[ticker])
    if call.row.endpoint == "main":
        return JSONResponse({"main_balance": "0"})
    errors = {"ticker": ["Currency was not found."]}
    return JSONResponse({"code": 30, "message": "Validation failed", "errors": errors}, 422)


def _person(call: Call, limit: Limit) -> Person | Response:
    if not call.world.limits.allow(limit, call.address):
        return broken_responses.gateway(429)
    gone = ended(call)
    if gone is not None:
        return gone
    person = call.person()
    if person is None:
        return error_response(401)
    return person if call.format == "json" else error_response(422)


def ticker(call: Call) -> Response:
    """Every market, with one perpetual among them. `change` is percent."""
    rows = {f"{asset}_USDT": _ticker_row(call, asset) for asset in portfolio.PRICES}
    return _public(call, {**rows, "BTC_PERP": _ticker_row(call, "BTC")})


def _ticker_row(call: Call, asset: str) -> dict[str, Any]:
    last, base = portfolio.price(asset, call.elapsed), portfolio.PRICES[asset]
    return {
        "base_id": _CAP_IDS.get(asset, 0),
        "quote_id": _TETHER,
        "last_price": portfolio.text(last),
        "quote_volume": portfolio.text(last * 700),
        "base_volume": "700",
        "isFrozen": False,
        "change": f"{(last - base) / base * 100:.2f}",
    }


def assets(call: Call) -> Response:
    """The currencies. Whole numbers arrive as text (Q10)."""
    known = (*portfolio.PRICES, "USDT")
    facts = {"can_deposit": True, "can_withdraw": True, "currency_precision": "8"}
    ids = {asset: str(_CAP_IDS.get(asset, 0)) for asset in known}
    return _public(call, {a: {"name": a, "unified_cryptoasset_id": ids[a], **facts} for a in known})


def markets(call: Call) -> Response:
    """The markets and their kind."""
    rows = [{"name": f"{asset}_USDT", "stock": asset, "money": "USDT", "type": "spot"} for asset in portfolio.PRICES]
    return _public(call, [*rows, {"name": "BTC_PERP", "stock": "BTC", "money": "USDT", "type": "futures"}])


def time(call: Call) -> Response:
    """Seconds since 1970 (Q16)."""
    return _public(call, {"time": int(call.world.clock.wall())})


def ping(call: Call) -> Response:
    """The service can be reached."""
    return _public(call, ["pong"])


def status(call: Call) -> Response:
    """The service works."""
    return _public(call, {"status": "system operational"})


def _public(call: Call, content: object) -> Response:
    if not call.world.limits.allow(_PUBLIC_LIMIT, call.address):
        return broken_responses.gateway(429)
    return JSONResponse(content)


BALANCE_SPECS = (
    EndpointSpec(f"POST {_BALANCES}/main", "main", main, "ticker"),
    EndpointSpec(f"POST {_BALANCES}/spot", "spot", spot, "ticker"),
)
PUBLIC_SPECS = (
    EndpointSpec(f"GET {_PUBLIC}/ticker", "ticker", ticker),
    EndpointSpec(f"GET {_PUBLIC}/assets", "assets", assets),
    EndpointSpec(f"GET {_PUBLIC}/markets", "markets", markets),
    EndpointSpec(f"GET {_PUBLIC}/time", "time", time),
    EndpointSpec(f"GET {_PUBLIC}/ping", "ping", ping),
    EndpointSpec(f"GET {_PUBLIC}/platform/status", "status", status),
)


PUBLIC_FAULTS: dict[str, dict[str, str]] = {place.name: {} for place in PUBLIC_SPECS}
