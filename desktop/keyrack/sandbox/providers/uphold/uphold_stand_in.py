"""Uphold: the client id in the path, no redirect address, a null lifetime, cards (Uphold Q10)."""

import re
import secrets
from decimal import Decimal
from urllib.parse import unquote_plus

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.code_flow import CodeFlow, Terms
from keyrack.sandbox.providers.uphold.uphold_people import PEOPLE
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.consent import REDIRECT_FAULTS
from keyrack.sandbox.state.lifetimes import ENDLESS
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, basic, routes

PROVIDER = "uphold"
BRAND = Brand(
    "Uphold", "UP", "#2f7d32", "#86d98a", ("See your cards and what they hold",), "It cannot move money or add cards."
)
_PAGE = 50
_RANGE = re.compile(r"items=(\d{1,6})-(\d{1,6})\Z")
_BAT = Decimal("0.2214")
_PARAMETERS = "scope state intention"


def app(world: World) -> Starlette:
    """Uphold and its own sandbox, which differ in their hosts only."""
    flow = CodeFlow(Terms(PROVIDER, BRAND, redirect="never", needed=("scope", "state")))
    specs = (
        EndpointSpec("GET /authorize/{client_id}", "authorize", lambda call: _authorize(call, flow), _PARAMETERS),
        EndpointSpec("POST /authorize/{client_id}", "consent", flow.answer, f"{_PARAMETERS} ask account answer"),
        EndpointSpec(
            "POST /oauth2/token", "token", lambda call: token(call, flow), "grant_type code client_id client_secret"
        ),
        EndpointSpec("POST /oauth2/revoke", "revocation", revoke, "token token_type_hint"),
        EndpointSpec("GET /v0/me/cards", "cards", cards),
        EndpointSpec("GET /v0/ticker/USD", "prices", prices),
    )
    return Starlette(routes=routes(world, PROVIDER, error_response, specs))


def error_response(status: int) -> Response:
    """An error of the API."""
    codes = {401: "unauthorized", 403: "forbidden", 404: "not_found", 416: "range_not_satisfiable"}
    return JSONResponse({"code": codes.get(status, "error"), "message": "The request was refused."}, status)


def _authorize(call: Call, flow: CodeFlow) -> Response:
    """The consent page. The path alone names the client, and the registered address is used."""
    return flow.authorize(call, call.request.path_params["client_id"])


def token(call: Call, flow: CodeFlow) -> Response:
    """A form, with the client by Basic or in the body. A code is good once, and the lifetime is null."""
    fields = call.fields
    call.row.grant = fields.get("grant_type", "")
    found = basic(call.request)
    sent = [unquote_plus(part) for part in found] if found else [fields.get("client_id"), fields.get("client_secret")]
    client = call.world.clients.check(PROVIDER, sent[0], sent[1])
    if client is None or call.fault("refused") is not None:
        return JSONResponse({"error": "invalid_client"}, 401)
    if call.format != "form" or call.row.grant != "authorization_code":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    call.row.account = account_id = flow.redeem(call, client)
    if account_id is None:
        return JSONResponse({"error": "invalid_grant"}, 400)
    made = call.world.grants.access(client, account_id, ENDLESS, lambda: secrets.token_hex(20))
    return JSONResponse({"access_token": made, "token_type": "bearer", "expires_in": None})


def revoke(call: Call) -> Response:
    """A form, with the token as its own proof (Q24)."""
    found, token = call.bearer(), call.fields.get("token", "")
    if found is None or call.format != "form" or call.request.headers["authorization"] != f"Bearer {token}":
        return error_response(401)
    call.world.grants.drop(token)
    return Response(status_code=204)


def cards(call: Call) -> Response:
    """A page of cards: at most 50, or fewer by the fault "pages". Several may hold one currency (Q10)."""
    person = call.person()
    if person is None:
        return error_response(401)
    if call.fault("none") is not None:
        return Response(status_code=int(call.fault("none") or 416))
    wanted = call.request.headers.get("range")
    found = _RANGE.match(wanted or f"items=0-{_PAGE - 1}")
    if found is None:
        return error_response(412)
    first, most = int(found[1]), int(call.fault("pages") or _PAGE)
    last = min(int(found[2]), first + most - 1, len(person.holdings) - 1)
    if last < first:
        return error_response(416)
    rows = []
    for number, holding in enumerate(person.holdings[first : last + 1], first):
        available, held = portfolio.spot(person, holding, call.elapsed)
        label = f"{holding.asset} card {number + 1}"
        amounts = {"balance": portfolio.text(available + held), "available": portfolio.text(available)}
        rows.append({"id": f"card-{number}", "label": label, "currency": holding.asset, **amounts})
    return JSONResponse(rows, headers={"Content-Range": f"items {first}-{last}/{len(person.holdings)}"})


def prices(call: Call) -> Response:
    """What it takes and pays in dollars. Some pairs are the other way round, in another currency."""
    rows = [_price_row(asset, last) for asset, last in {**portfolio.prices(call.elapsed), "BAT": _BAT}.items()]
    return JSONResponse([*rows, {"ask": "0.93", "bid": "0.92", "currency": "EUR", "pair": "USDEUR"}])


def _price_row(asset: str, last: Decimal) -> dict[str, str]:
    ask, bid = portfolio.ask_and_bid(last)
    return {"ask": ask, "bid": bid, "currency": "USD", "pair": f"{asset}USD"}


STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-uphold", "invented:uphold secret", REDIRECT + PROVIDER),),
    endpoints={
        "authorize": REDIRECT_FAULTS,
        "consent": {},
        "token": {"refused": "refuses the client: invalid_client"},
        "revocation": {},
        "cards": {
            **WITHDRAWN,
            "pages:2": "two cards on a page",
            "none:416": "answers 416 without a body",
            "none:412": "answers 412",
        },
        "prices": {},
    },
    app=app,
)
