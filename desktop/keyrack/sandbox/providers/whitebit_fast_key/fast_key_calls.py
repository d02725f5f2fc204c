"""WhiteBIT's signed V4 requests: main, spot and collateral balances, and tokens for the stream."""

from decimal import Decimal
from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Holding, Person
from keyrack.sandbox.providers.whitebit.whitebit_figures import MAIN_LIMIT, SPOT_LIMIT
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import FastKey, keys_of
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.transport import broken_responses
from keyrack.sandbox.transport.endpoint import Call, EndpointSpec

_API = "/api/v4"
_TEN_A_MINUTE = Limit("WhiteBIT stream token", 10 / 60, 10)
_PARAMETERS = "request nonce nonceWindow ticker"
_MARGIN = (Holding("BTC", Decimal("0.35000000")), Holding("USDT", Decimal("5125.40"), digits=2))


def main(call: Call) -> Response:
    """All currencies, or the inner object alone when a ticker is requested."""
    person = _person(call, MAIN_LIMIT, "info")
    if isinstance(person, Response):
        return person
    rows = {h.asset: portfolio.text(portfolio.main(person, h, call.elapsed)) for h in person.holdings}
    wanted = call.fields.get("ticker")
    if wanted is not None:
        return JSONResponse({"main_balance": rows.get(wanted, "0")})
    return JSONResponse({asset: {"main_balance": amount} for asset, amount in rows.items()})


def trade(call: Call) -> Response:
    """Only currencies with a balance. An unknown one is refused."""
    person = _person(call, SPOT_LIMIT, "spot")
    if isinstance(person, Response):
        return person
    rows, wanted = spot_rows(person, call.elapsed), call.fields.get("ticker")
    if wanted is None or wanted in rows:
        return JSONResponse(rows if wanted is None else rows[wanted])
    errors = {"ticker": ["Currency was not found."]}
    return JSONResponse({"code": 30, "message": "Validation failed", "errors": errors}, 422)


def collateral(call: Call) -> Response:
    """The balances as numbers, as the schema says, or as text, as the live client reads them."""
    person = _person(call, SPOT_LIMIT, "collateral")
    if isinstance(person, Response):
        return person
    found = margin(person, call.elapsed)
    if call.fault("text") is not None:
        return JSONResponse({asset: portfolio.text(amount) for asset, amount in found.items()})
    # Written by hand: a float would round.
    return broken_responses.json_response("{" + ",".join(f'"{a}":{portfolio.text(v)}' for a, v in found.items()) + "}")


def summary(call: Call) -> Response:
    """The balances as strings, with what may be used without borrowing (Q14: written in one word here)."""
    person = _person(call, SPOT_LIMIT, "collateral")
    if isinstance(person, Response):
        return person
    rows = [
        {
            "asset": asset,
            "balance": portfolio.text(amount),
            "borrow": "0",
            "availableWithoutBorrow": portfolio.text(amount),
            "availableWithBorrow": portfolio.text(amount * 5),
        }
        for asset, amount in margin(person, call.elapsed).items()
    ]
    return JSONResponse(rows)


def websocket_token(call: Call) -> Response:
    """A token for the stream. Ten may be made in 60 seconds."""
    key = _key(call)
    if isinstance(key, Response):
        return key
    if not call.world.limits.allow(_TEN_A_MINUTE, key.public):
        return broken_responses.gateway(429)
    return JSONResponse({"websocket_token": keys_of(call.world).stream_token(key)})


def spot_rows(person: Person, elapsed: float) -> dict[str, dict[str, str]]:
    """The trading account, in the form of both REST and stream."""
    found = {h.asset: portfolio.spot(person, h, elapsed) for h in person.holdings if h.total}
    return {
        asset: {"available": portfolio.text(free), "freeze": portfolio.text(held)}
        for asset, (free, held) in found.items()
    }


def margin(person: Person, elapsed: float) -> dict[str, Decimal]:
    """The balances of the collateral account."""
    found = {h.asset: portfolio.moving(person.seed + 7, h.asset, h.total, h.digits, elapsed) for h in _MARGIN}
    return found if person.seed % 2 else {}


def _person(call: Call, limit: Limit, right: str) -> Person | Response:
    if not call.world.limits.allow(limit, call.address):
        return broken_responses.gateway(429)
    key = _key(call)
    if isinstance(key, Response):
        return key
    if right not in key.rights or call.fault("forbidden") is not None:
        return _error(4, "This API Key is not authorized to perform this action.", 403)
    return PEOPLE[key.account]


def _key(call: Call) -> FastKey | Response:
    """The key that signed the request, or the refusal. Every accepted request counts as use of the key (Q8)."""
    headers = {name.lower(): value for name, value in call.request.headers.items()}
    found = keys_of(call.world).check(headers, call.body, call.request.url.path)
    if not isinstance(found, FastKey):
        return _error(*found)
    call.row.client_id, call.row.account = found.client_id, found.account
    faulty = next((_error(*_ERRORS[kind]) for kind in _ERRORS if call.fault(kind) is not None), None)
    if faulty is not None:
        return faulty
    if keys_of(call.world).expire_idle(found, deleted=call.fault("inactive") is not None) is None:
        return _error(*_ERRORS["unknown"])
    if found.disabled:
        return _error(*_ERRORS["disabled"])
    found.used = call.elapsed
    return found


# Fault -> (code, text, status) of the response.
_ERRORS = {
    "unknown": (10, "Unauthorized request.", 401),
    "nonce": (0, "Too many requests.", 422),
    "disabled": (2, "This action is unauthorized. Enable your key in API settings", 403),
    "clock": (0, "Your nonce is more than 5 seconds lesser than the current nonce", 422),
    "right": (0, "This action is unauthorized.", 403),
}


def _error(code: int, message: str, status: int) -> Response:
    content: dict[str, Any] = {"code": code, "message": message}
    return JSONResponse(content, status)


SPECS = (
    EndpointSpec(f"POST {_API}/main-account/balance", "main", main, _PARAMETERS),
    EndpointSpec(f"POST {_API}/trade-account/balance", "trade", trade, _PARAMETERS),
    EndpointSpec(f"POST {_API}/collateral-account/balance", "collateral", collateral, _PARAMETERS),
    EndpointSpec(f"POST {_API}/collateral-account/balance-summary", "summary", summary, _PARAMETERS),
    EndpointSpec(f"POST {_API}/profile/websocket_token", "websocket_token", websocket_token, _PARAMETERS),
)
