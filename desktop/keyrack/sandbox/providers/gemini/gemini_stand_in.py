"""Gemini: a public client, S256, scopes with commas, JSON at the token endpoint, rotating refresh tokens."""

import json
import secrets
from base64 import b64decode
from decimal import Decimal
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.code_flow import CodeFlow, Terms
from keyrack.sandbox.providers.gemini.gemini_people import PEOPLE
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.consent import REDIRECT_FAULTS
from keyrack.sandbox.state.lifetimes import ENDLESS, Lifetimes
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes

PROVIDER = "gemini"
BRAND = Brand(
    "Gemini",
    "GM",
    "#0b7a8f",
    "#5fd3e6",
    ("See what the account holds", "See the account's details"),
    "It cannot trade or withdraw.",
)
_ACCESS = 86_400
_ALSO = {"GUSD": Decimal("1.0000"), "BAT": Decimal("0.2214")}
_SCOPES = frozenset({"balances:read", "account:read", "history:read", "orders:read"})
_BALANCES = "/v1/balances"
_PARAMETERS = "client_id response_type redirect_uri state scope code_challenge code_challenge_method"


def app(world: World) -> Starlette:
    """Gemini and its own sandbox, which differ in their hosts only."""
    made = GeminiEndpoints()
    specs = (
        EndpointSpec("GET /auth", "authorize", made.authorize, _PARAMETERS),
        EndpointSpec("POST /auth", "consent", made.flow.answer, f"{_PARAMETERS} ask account answer"),
        EndpointSpec(
            "POST /auth/token",
            "token",
            made.token,
            "client_id grant_type code redirect_uri code_verifier refresh_token",
        ),
        EndpointSpec("POST /auth/token/revoke", "revocation", revoke, "client_id token token_type_hint"),
        EndpointSpec(f"POST {_BALANCES}", "balances", balances),
        EndpointSpec("GET /v1/pricefeed", "prices", prices),
    )
    return Starlette(routes=routes(world, PROVIDER, error_response, specs))


def error_response(status: int) -> Response:
    """An error of the API."""
    reasons = {401: "InvalidAccessToken", 403: "MissingRole", 404: "EndpointNotFound", 429: "RateLimited"}
    reason = reasons.get(status, "System")
    return JSONResponse({"result": "error", "reason": reason, "message": "The request was refused."}, status)


class GeminiEndpoints:
    """The endpoints that issue tokens."""

    def __init__(self) -> None:
        needed = ("response_type", "state", "scope")  # an empty state is refused (Q1)
        self.flow = CodeFlow(Terms(PROVIDER, BRAND, needed=needed, pkce=True))

    def authorize(self, call: Call) -> Response:
        """The consent page. Scopes are separated by commas (Q2)."""
        scopes = set(call.query.get("scope", "").split(","))
        if not scopes <= _SCOPES:
            return consent.error_page(BRAND, "This link does not work", "It asks for rights that Gemini does not know.")
        return self.flow.authorize(call)

    def token(self, call: Call) -> Response:
        """The token endpoint takes JSON alone (Q2), and no secret of a public client (Q1)."""
        fields = call.fields
        call.row.grant = grant = fields.get("grant_type", "")
        if call.format != "json":
            return _error("invalid_request", "The body has to be JSON.")
        client = call.world.clients.find(PROVIDER, fields.get("client_id"))
        if client is None or "client_secret" in fields or "authorization" in call.request.headers:
            return _error("invalid_client", "A public client sends its id and no secret.", 401)
        if call.fault("refused") is not None:
            return _error("invalid_grant", "The grant was refused.")
        if grant == "authorization_code":
            account = self.flow.redeem(call, client)
        elif grant == "refresh_token":
            account = call.world.grants.rotate(call.fields.get("refresh_token", ""), client)
        else:
            return _error("unsupported_grant_type", "Unknown grant.")
        call.row.account = account
        return _pair(call, client, account) if account else _error("invalid_grant", "The grant is not valid.")


def _pair(call: Call, client: Client, account: str) -> Response:
    grants, lifetimes = call.world.grants, call.world.lifetimes
    lifetime = lifetimes.access(_ACCESS)
    answer: dict[str, Any] = {
        "access_token": grants.access(client, account, lifetime, _opaque),
        "refresh_token": grants.refresh(client, account, lifetimes.refresh(ENDLESS), _opaque),
        "expires_in": lifetime,
        "scope": "balances:read,account:read",
        "token_type": "Bearer",
    }
    return JSONResponse(answer)


def revoke(call: Call) -> Response:
    """JSON with the client id and one token, which ends."""
    fields = call.fields
    if call.format != "json" or call.world.clients.find(PROVIDER, fields.get("client_id")) is None:
        return _error("invalid_client", "A public client sends its id.", 401)
    call.world.grants.drop(fields.get("token", ""))
    return JSONResponse({"result": "ok"})


def balances(call: Call) -> Response:
    """Decimal strings, where `amount` is the total. The path has to be repeated in a header."""
    person = call.person()
    if person is None:
        return error_response(401)
    if call.fault("group") is not None:
        return JSONResponse({"result": "error", "reason": "MissingAccounts", "message": "accounts are required"}, 400)
    if not _repeats_path(call.request.headers.get("x-gemini-payload", "")):
        return JSONResponse({"result": "error", "reason": "InvalidJson", "message": "Bad payload header."}, 400)
    rows = []
    for holding in person.holdings:
        available, held = portfolio.spot(person, holding, call.elapsed)
        amount = portfolio.text(available + held)
        figures = {"amount": amount, "available": portfolio.text(available)}
        rows.append({"type": "exchange", "currency": holding.asset, **figures})
    return JSONResponse(rows)


def _repeats_path(payload: str) -> bool:
    try:
        return bool(json.loads(b64decode(payload, validate=True))["request"] == _BALANCES)
    except (ValueError, KeyError, TypeError):
        return False


def _error(error: str, text: str, status: int = 400) -> Response:
    return JSONResponse({"error": error, "error_description": text}, status)


def _opaque() -> str:
    return secrets.token_urlsafe(32)


def prices(call: Call) -> Response:
    """Every pair in one word, and the day's change as a share."""
    last = {**portfolio.prices(call.elapsed), **_ALSO}
    rows = [{"pair": f"{a}USD", "price": portfolio.text(p), "percentChange24h": "0.0057"} for a, p in last.items()]
    return JSONResponse(rows)


def _announce(_base: str, lifetimes: Lifetimes) -> dict[str, object]:
    # A refresh token ends under a cap alone.
    return {} if lifetimes.cap_refresh is None else {"refresh_lifetime": lifetimes.refresh(ENDLESS)}


STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-gemini", "", REDIRECT + PROVIDER),),
    endpoints={
        "authorize": REDIRECT_FAULTS,
        "consent": {},
        "token": {"refused": "refuses code and refresh token: invalid_grant"},
        "revocation": {},
        "balances": {**WITHDRAWN, "group": "answers as for a sign-in of a group: MissingAccounts"},
        "prices": {},
    },
    app=app,
    announce=_announce,
)
