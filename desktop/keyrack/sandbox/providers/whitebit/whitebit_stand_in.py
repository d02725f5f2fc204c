"""WhiteBIT (Q1-Q17): its own parameter names, responses inside `data`, a refresh token of ten minutes."""

import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse, Response

from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.providers.whitebit import whitebit_figures
from keyrack.sandbox.providers.whitebit.whitebit_people import PEOPLE
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import REDIRECT, Client
from keyrack.sandbox.state.lifetimes import Lifetimes
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport import broken_responses
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes

PROVIDER = "whitebit"
BRAND = Brand(
    "WhiteBIT",
    "WB",
    "#2c4bd8",
    "#93a8ff",
    ("Read your main and spot balances", "See your user information"),
    "It cannot trade, withdraw or change anything.",
)
_ACCESS = 300
_REFRESH = 600
_ONE_A_SECOND = Limit("WhiteBIT refresh", 1, 1)
_SCOPE = "users.balances.read,show.userinfo"


def app(world: World) -> Starlette:
    """WhiteBIT Global and EU, which differ in their clients only."""
    specs = (
        EndpointSpec("GET /auth/login", "login", login, "clientId state"),
        EndpointSpec("POST /auth/login", "consent", answer, "clientId state ask account answer"),
        EndpointSpec("POST /oauth2/token", "token", token, "client_id client_secret code"),
        EndpointSpec("POST /oauth2/refresh_token", "refresh", refresh, "client_id client_secret token"),
        *whitebit_figures.BALANCE_SPECS,
        *whitebit_figures.PUBLIC_SPECS,
    )
    return Starlette(routes=routes(world, PROVIDER, whitebit_figures.error_response, specs))


def login(call: Call) -> Response:
    """The consent page. The registered address is used, and none of the link."""
    client = call.world.clients.find(PROVIDER, call.query.get("clientId"))
    if client is None or client.redirect_uri is None:
        return consent.error_page(BRAND, "Unknown application", "This link does not name an application we know.", 404)
    returned = consent.returned_state(call.query.get("state"), call.fault("state") or "echoed")
    return call.world.consents.show(BRAND, client, returned, call.faults)


def answer(call: Call) -> Response:
    """The person's choice: 302 to the registered address."""
    answer = call.world.consents.answer(call.fields)
    if answer is None:
        return consent.error_page(BRAND, "Nothing to answer", "This page was answered before, or waited too long.")
    call.row.client_id, call.row.account = answer.request.client.client_id, answer.account
    if answer.account is None:
        return consent.denied(BRAND, answer.request)
    client_id = answer.request.client.client_id
    return consent.redirect_back(
        answer.request, code=call.world.grants.code("redirect", PROVIDER, client_id, answer.account)
    )


def token(call: Call) -> Response:
    """The token endpoint, with one text for a wrong code, a wrong secret and a wrong network (Q5)."""
    call.row.grant = "authorization_code"
    invalid = whitebit_figures.ended(call) or _invalid(call, "client_id", "client_secret", "code")
    if invalid:
        return invalid
    client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
    if client is None or call.fault("refused") is not None:
        return _refused()
    call.row.account = account = call.world.grants.redeem_code(call.fields["code"], "redirect", client)
    return _pair(call, client, account) if account else _refused()


def refresh(call: Call) -> Response:
    """The refresh endpoint: once a second for each client.

    The old refresh token is used up, the old access token stays good.
    """
    call.row.grant = "refresh_token"
    if not call.world.limits.allow(_ONE_A_SECOND, call.row.client_id or ""):
        return broken_responses.gateway(429)
    invalid = whitebit_figures.ended(call) or _invalid(call, "client_id", "client_secret", "token")
    if invalid:
        return invalid
    client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
    if client is None or call.fault("refused") == "401":
        return _refused()
    return _renewed(call, client, call.fields["token"])


def _renewed(call: Call, client: Client, old: str) -> Response:
    found = call.world.grants.refreshable(old, client)
    if found is None or call.fault("refused") is not None:
        return JSONResponse({"data": {"token": ["Invalid token."]}}, 400)
    call.row.account = found.account
    call.world.grants.count_renewal(client, found.account)
    if call.fault("same") is not None:
        return _pair(call, client, found.account, old)
    if call.fault("without") is not None:
        return _pair(call, client, found.account, "")
    if call.fault("reuse") is None:
        call.world.grants.drop(old)
    return _pair(call, client, found.account)


def _pair(call: Call, client: Client, account: str, kept: str | None = None) -> Response:
    """A new access token with a new refresh token, or with `kept`. An empty `kept` means no refresh token."""
    grants, lifetimes = call.world.grants, call.world.lifetimes
    lifetime = lifetimes.access(_ACCESS)
    data: dict[str, Any] = {
        "access_token": grants.access(client, account, lifetime, _opaque),
        "expires_in": lifetime,
        "scope": _SCOPE + (",orders.create" if call.fault("scope") else ""),
        "token_type": "Bearer",
    }
    if kept is None:
        data["refresh_token"] = grants.refresh(client, account, lifetimes.refresh(_REFRESH), _opaque)
    elif kept:
        data["refresh_token"] = kept
    return JSONResponse({"data": data})


def _invalid(call: Call, *names: str) -> Response | None:
    """The response for an invalid request, or None.

    422 with translation keys outside of `data` (Q4), a redirect when JSON was not accepted (Q9), 415 for a JSON body.
    """
    if call.format != "form":
        return JSONResponse({"code": 0, "message": "Unsupported Media Type", "errors": {}}, 415)
    missing = {name: ["validation.required"] for name in names if not call.fields.get(name)}
    if missing and "application/json" not in call.request.headers.get("accept", ""):
        return RedirectResponse("/", 302)
    return JSONResponse({"errors": missing, "notification": None}, 422) if missing else None


def _refused() -> Response:
    return JSONResponse({"data": {"message": ["Invalid request"]}}, 401)


def _opaque() -> str:
    return secrets.token_urlsafe(32)


def _announce(_base: str, lifetimes: Lifetimes) -> dict[str, object]:
    return {"refresh_lifetime": lifetimes.refresh(_REFRESH)}


_ENDED = {
    "ended:404": "has ended: 404 with nothing in it (Q17)",
    "ended:410": "has ended: 410 (Q17)",
}
STAND_IN = StandIn(
    id=PROVIDER,
    title=BRAND.name,
    people=PEOPLE,
    # The secrets hold characters that are damaged when a client does not escape them in a form.
    clients=(
        Client(PROVIDER, "sandbox-whitebit", "invented whitebit & secret", REDIRECT + PROVIDER),
        Client(PROVIDER, "sandbox-whitebit-eu", "invented whitebit & secret eu", REDIRECT + PROVIDER, region="eu"),
    ),
    endpoints={
        "login": consent.REDIRECT_FAULTS,
        "consent": {},
        "token": {
            **_ENDED,
            "refused": "401 as for an address that is not on the list",
            "scope:wide": "grants orders.create as well",
        },
        "refresh": {
            **_ENDED,
            "refused": "400: the refresh token is no longer good",
            "refused:401": "401 as for an address that is not on the list",
            "reuse": "an old refresh token stays good",
            "same": "hands the same refresh token out again",
            "without": "answers without a refresh token and keeps the old one",
        },
        "main": {**WITHDRAWN, **_ENDED, "rows:nonzero": "leaves out what is empty", "empty": "nothing held"},
        "spot": {**WITHDRAWN, **_ENDED, "empty": "nothing held"},
        **whitebit_figures.PUBLIC_FAULTS,
    },
    app=app,
    announce=_announce,
)
