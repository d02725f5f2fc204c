"""WhiteBIT's signed V4 calls (K1 and K2): main, spot and collateral balances, and tokens for the stream."""

from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Holding, Person
from keyrack.sandbox.providers.whitebit.whitebit_figures import MAIN_LIMIT, SPOT_LIMIT
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import FastKey, keys_of
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.transport import wire
from keyrack.sandbox.transport.endpoint import Call, Place

_API = "/api/v4"
_TEN_A_MINUTE = Limit("WhiteBIT stream token", 10 / 60, 10)
_EXPECTED = "request nonce nonceWindow ticker"
_MARGIN = (Holding("BTC", Decimal("0.35000000")), Holding("USDT", Decimal("5125.40"), digits=2))


def main(call: Call) -> Response:
    """All currencies, or the bare inner object for one (section 7)."""
    holder = _holder(call, MAIN_LIMIT, "info")
    if isinstance(holder, Response):
        return holder
    rows = {h.asset: portfolio.text(portfolio.main(holder, h, call.elapsed)) for h in holder.holdings}
    wanted = call.fields.get("ticker")
    if wanted is not None:
        return JSONResponse({"main_balance": rows.get(wanted, "0")})
    return JSONResponse({asset: {"main_balance": amount} for asset, amount in rows.items()})


def trade(call: Call) -> Response:
    """Only what holds something; an unknown currency is refused."""
    holder = _holder(call, SPOT_LIMIT, "spot")
    if isinstance(holder, Response):
        return holder
    rows, wanted = spot_rows(holder, call.elapsed), call.fields.get("ticker")
    if wanted is None or wanted in rows:
        return JSONResponse(rows if wanted is None else rows[wanted])
    errors = {"ticker": ["Currency was not found."]}
    return JSONResponse({"code": 30, "message": "Validation failed", "errors": errors}, 422)


def collateral(call: Call) -> Response:
    """Numbers as the schema says, or text as the live client reads them."""
    holder = _holder(call, SPOT_LIMIT, "collateral")
    if isinstance(holder, Response):
        return holder
    found = margin(holder, call.elapsed)
    if call.mode("text") is not None:
        return JSONResponse({asset: portfolio.text(amount) for asset, amount in found.items()})
    # Written by hand: a float would round.
    return wire.as_json("{" + ",".join(f'"{a}":{portfolio.text(v)}' for a, v in found.items()) + "}")


def summary(call: Call) -> Response:
    """Strings, with what may be used without borrowing (Q14: written in one word here)."""
    holder = _holder(call, SPOT_LIMIT, "collateral")
    if isinstance(holder, Response):
        return holder
    rows = [
        {
            "asset": asset,
            "balance": portfolio.text(amount),
            "borrow": "0",
            "availableWithoutBorrow": portfolio.text(amount),
            "availableWithBorrow": portfolio.text(amount * 5),
        }
        for asset, amount in margin(holder, call.elapsed).items()
    ]
    return JSONResponse(rows)


def websocket_token(call: Call) -> Response:
    """K2: ten in sixty seconds."""
    key = _key(call)
    if isinstance(key, Response):
        return key
    if not call.world.limits.allow(_TEN_A_MINUTE, key.public):
        return wire.gateway(429)
    return JSONResponse({"websocket_token": keys_of(call.world).stream_token(key)})


def spot_rows(holder: Person, elapsed: float) -> dict[str, dict[str, str]]:
    """The trading account as REST and stream both write it."""
    found = {h.asset: portfolio.spot(holder, h, elapsed) for h in holder.holdings if h.total}
    return {
        asset: {"available": portfolio.text(free), "freeze": portfolio.text(held)}
        for asset, (free, held) in found.items()
    }


def margin(holder: Person, elapsed: float) -> dict[str, Decimal]:
    """What lies in the collateral account."""
    found = {h.asset: portfolio.moving(holder.seed + 7, h.asset, h.total, h.digits, elapsed) for h in _MARGIN}
    return found if holder.seed % 2 else {}


def _holder(call: Call, limit: Limit, right: str) -> Person | Response:
    if not call.world.limits.allow(limit, call.address):
        return wire.gateway(429)
    key = _key(call)
    if isinstance(key, Response):
        return key
    if right not in key.rights or call.mode("forbidden") is not None:
        return _error(4, "This API Key is not authorized to perform this action.", 403)
    return PEOPLE[key.account]


def _key(call: Call) -> FastKey | Response:
    """Whose signed request it is; every good one counts as use of the key (Q8)."""
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    found = keys_of(call.world).refusal(headers, call.body, call.request.url.path)
    if not isinstance(found, FastKey):
        return _error(*found)
    call.row.client_id, call.row.account = found.client_id, found.account
    said = next((_error(*_SAID[kind]) for kind in _SAID if call.mode(kind) is not None), None)
    if said is not None:
        return said
    if keys_of(call.world).aged(found, deleted=call.mode("inactive") is not None) is None:
        return _error(*_SAID["unknown"])
    if found.disabled:
        return _error(*_SAID["disabled"])
    found.used = call.elapsed
    return found


# Modes, and what the server says in them (section 6).
_SAID = {
    "unknown": (10, "Unauthorized request.", 401),
    "nonce": (0, "Too many requests.", 422),
    "disabled": (2, "This action is unauthorized. Enable your key in API settings", 403),
    "clock": (0, "Your nonce is more than 5 seconds lesser than the current nonce", 422),
    "right": (0, "This action is unauthorized.", 403),
}


def _error(code: int, message: str, status: int) -> Response:
    content: dict[str, Any] = {"code": code, "message": message}
    return JSONResponse(content, status)


PLACES = (
    Place(f"POST {_API}/main-account/balance", "main", main, _EXPECTED),
    Place(f"POST {_API}/trade-account/balance", "trade", trade, _EXPECTED),
    Place(f"POST {_API}/collateral-account/balance", "collateral", collateral, _EXPECTED),
    Place(f"POST {_API}/collateral-account/balance-summary", "summary", summary, _EXPECTED),
    Place(f"POST {_API}/profile/websocket_token", "websocket_token", websocket_token, _EXPECTED),
)
