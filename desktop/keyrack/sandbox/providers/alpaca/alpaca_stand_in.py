"""Alpaca: a secret in the body, a token without a lifetime, one object of figures (Alpaca Q9)."""

import secrets

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.alpaca.alpaca_people import PEOPLE
from keyrack.sandbox.providers.code_flow import CodeFlow, Terms
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.consent import REDIRECT_FAULTS
from keyrack.sandbox.state.lifetimes import ENDLESS
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes

PROVIDER = "alpaca"
BRAND = Brand(
    "Alpaca",
    "AL",
    "#8a6a00",
    "#ffd95a",
    ("See your account and its equity",),
    "It cannot trade: no such right was asked for.",
)
_PARAMETERS = "response_type client_id redirect_uri state scope env"


def app(world: World) -> Starlette:
    """Alpaca's live and paper hosts, which take the same token."""
    flow = CodeFlow(Terms(PROVIDER, BRAND, needed=("response_type", "env")))
    specs = (
        EndpointSpec("GET /oauth/authorize", "authorize", flow.authorize, _PARAMETERS),
        EndpointSpec("POST /oauth/authorize", "consent", flow.answer, f"{_PARAMETERS} ask account answer"),
        EndpointSpec(
            "POST /oauth/token",
            "token",
            lambda call: token(call, flow),
            "grant_type code client_id client_secret redirect_uri",
        ),
        EndpointSpec("GET /v2/account", "account", account),
    )
    return Starlette(routes=routes(world, PROVIDER, error_response, specs))


def error_response(status: int) -> Response:
    """An error object. The first digits of its code are the status."""
    return JSONResponse({"code": status * 100_000 + 10_000, "message": "request is not authorized"}, status)


def token(call: Call, flow: CodeFlow) -> Response:
    """A form with the secret in it. The response has neither expires_in nor refresh_token (Q9)."""
    fields = call.fields
    call.row.grant = fields.get("grant_type", "")
    if call.format != "form":
        return JSONResponse({"error": "invalid_request"}, 400)
    client = call.world.clients.check(PROVIDER, fields.get("client_id"), fields.get("client_secret"))
    if client is None or call.fault("refused") is not None:
        return JSONResponse({"error": "invalid_client"}, 401)
    if call.row.grant != "authorization_code":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    call.row.account = account_id = flow.redeem(call, client)
    if account_id is None:
        return JSONResponse({"error": "invalid_grant"}, 400)
    made = call.world.grants.access(client, account_id, ENDLESS, lambda: secrets.token_urlsafe(24))
    return JSONResponse({"access_token": made, "token_type": "bearer", "scope": ""})


def account(call: Call) -> Response:
    """One object of decimal strings, or an error with a code when the token is refused."""
    person = call.person()
    if call.fault("dead") is not None:
        return JSONResponse({"message": "forbidden."}, 403)
    if person is None:
        return error_response(401)
    cash, positions = portfolio.spot(person, person.holdings[0], call.elapsed)
    equity = portfolio.text(cash + positions)
    if call.fault("short") is not None:
        cash *= 3
    figures = {"cash": portfolio.text(cash), "equity": equity, "portfolio_value": equity}
    return JSONResponse({"id": "invented", "status": "ACTIVE", "currency": person.holdings[0].asset, **figures})


STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-alpaca", "invented-alpaca-secret", REDIRECT + PROVIDER, region="paper"),),
    endpoints={
        "authorize": REDIRECT_FAULTS,
        "consent": {},
        "token": {"refused": "refuses the client: invalid_client"},
        "account": {
            **WITHDRAWN,
            "dead": "answers 403 forbidden., as for a dead token or the other environment",
            "short": "more cash than equity, as after a short sale",
        },
    },
    app=app,
)
