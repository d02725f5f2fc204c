"""ProBit (Q1-Q16): a key for a token, balances as an array, errors with errorCode."""

import secrets
from base64 import b64encode

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.probit.probit_market import API, SPECS, error_response, too_many
from keyrack.sandbox.providers.probit.probit_people import PEOPLE
from keyrack.sandbox.providers.probit.probit_push import ProbitStream
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, basic, routes
from keyrack.sandbox.transport.websocket import socket_route

PROVIDER = "probit"
_ACCESS = 900


def app(world: World) -> Starlette:
    """ProBit Global and ProBit Korea, which differ in their clients only."""
    specs = (
        EndpointSpec("POST /token", "token", token, "grant_type"),
        EndpointSpec(f"GET {API}/balance", "balance", balance),
        *SPECS,
    )
    stream = socket_route(world, PROVIDER, f"{API}/ws", error_response, ProbitStream)
    return Starlette(routes=[stream, *routes(world, PROVIDER, error_response, specs)])


def token(call: Call) -> Response:
    """The token endpoint: the key by HTTP Basic, the grant in JSON (Q3), errors without an envelope (Q10)."""
    call.row.grant = call.fields.get("grant_type")
    if too_many(call):
        return error_response(429)
    if call.format != "json":
        return JSONResponse({"error": "invalid_request"}, 400)
    client = call.world.clients.check(PROVIDER, *(basic(call.request) or (None, None)))
    if client is None or call.fault("refused") is not None:
        return JSONResponse({"error": "invalid_grant"}, int(call.fault("refused") or 400))
    if call.row.grant != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    call.row.account = account = client.account or "desk"
    if call.fault("newest") is not None:
        call.world.grants.drop_all("access", client)
    lifetime = call.world.lifetimes.access(_ACCESS)
    made = call.world.grants.access(client, account, lifetime, _access_token)
    call.world.grants.count_key_token(client, account)
    says = str(lifetime) if call.fault("expires") else lifetime
    return JSONResponse({"access_token": made, "token_type": "bearer", "expires_in": says})


def balance(call: Call) -> Response:
    """An array of rows with decimal strings (Q6)."""
    if too_many(call):
        return error_response(429)
    person = call.person()
    if person is None:
        return error_response(401)
    if call.fault("forbidden") is not None:
        return error_response(403)
    rows = []
    for holding in person.holdings:
        available, held = portfolio.spot(person, holding, call.elapsed)
        if holding.total or call.fault("rows") is None:
            total = portfolio.text(available + held)
            rows.append({"currency_id": holding.asset, "total": total, "available": portfolio.text(available)})
    return JSONResponse({"data": rows})


def _access_token() -> str:
    # Always holds each of the characters that suffer from unescaping or trimming (Q4).
    return f"{secrets.token_hex(4)}/+{b64encode(secrets.token_bytes(28)).decode()}"


STAND_IN = StandIn(
    id=PROVIDER,
    title="ProBit",
    people=PEOPLE,
    # The secrets hold characters that are damaged when a client escapes what it should send raw.
    clients=(
        Client(PROVIDER, "sandbox-probit", "invented+probit/secret=1", region="global", account="desk"),
        Client(PROVIDER, "sandbox-probit-korea", "invented+probit/secret=2", region="korea", account="seoul"),
    ),
    endpoints={
        "token": {
            "refused": "refuses the key: invalid_grant",
            "refused:401": "refuses the key with status 401",
            "newest": "a new token ends the one before",
            "expires:text": "expires_in as a string of digits",
        },
        "balance": {
            **WITHDRAWN,
            "rows:nonzero": "leaves out what is empty",
            "forbidden": "the key may not read balances",
        },
        "ticker": {},
        "market": {},
        "currency": {},
        "currency_with_platform": {},
        "time": {},
        "ws": {},
        "ws.authorization": {
            "refused": "refuses the token: errorCode UNAUTHORIZED",
            "refused:result": "refuses the token: an authorization whose result is not ok",
            "busy": "errorCode RATE_LIMIT_EXCEEDED, without a channel (Q12)",
        },
        "ws.subscribe": {
            "refused": "errorCode INVALID_ARGUMENT, without a channel (Q12)",
            "bare": "the snapshot has no reset (Q11)",
        },
        "ws.push": {
            "error": "errorCode UNAVAILABLE with an empty message, of no request (Q12, Q13)",
            "bare": "what changed comes without reset (Q11)",
        },
    },
    app=app,
)
