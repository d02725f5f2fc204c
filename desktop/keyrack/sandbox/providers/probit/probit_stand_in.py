"""ProBit as its documents say (Q1-Q16): a key for a token, balances as an array, errors with errorCode."""

import secrets
from base64 import b64encode

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.probit.probit_market import API, PLACES, refusal, too_many
from keyrack.sandbox.providers.probit.probit_people import PEOPLE
from keyrack.sandbox.providers.probit.probit_push import ProbitConnection
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, Place, basic, routes
from keyrack.sandbox.transport.websocket import socket_route

PROVIDER = "probit"
_ACCESS = 900


def app(world: World) -> Starlette:
    """ProBit Global and ProBit Korea, which differ in their clients only."""
    places = (
        Place("POST /token", "token", token, "grant_type"),
        Place(f"GET {API}/balance", "balance", balance),
        *PLACES,
    )
    stream = socket_route(world, PROVIDER, f"{API}/ws", refusal, ProbitConnection)
    return Starlette(routes=[stream, *routes(world, PROVIDER, refusal, places)])


def token(call: Call) -> Response:
    """E1: the key by HTTP Basic, the grant in JSON (Q3), errors bare (Q10)."""
    call.row.grant = call.fields.get("grant_type")
    if too_many(call):
        return refusal(429)
    if call.format != "json":
        return JSONResponse({"error": "invalid_request"}, 400)
    client = call.world.clients.check(PROVIDER, *(basic(call.request) or (None, None)))
    if client is None or call.mode("refused") is not None:
        return JSONResponse({"error": "invalid_grant"}, int(call.mode("refused") or 400))
    if call.row.grant != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    call.row.account = account = client.account or "desk"
    if call.mode("newest") is not None:
        call.world.grants.drop_all("access", client)
    lifetime = call.world.lifetimes.access(_ACCESS)
    made = call.world.grants.access(client, account, lifetime, _access_token)
    call.world.grants.first_or_renewed(client, account)
    says = str(lifetime) if call.mode("expires") else lifetime
    return JSONResponse({"access_token": made, "token_type": "bearer", "expires_in": says})


def balance(call: Call) -> Response:
    """E2: an array of rows with decimal strings (Q6)."""
    if too_many(call):
        return refusal(429)
    holder = call.holder()
    if holder is None:
        return refusal(401)
    if call.mode("forbidden") is not None:
        return refusal(403)
    rows = []
    for holding in holder.holdings:
        available, held = portfolio.spot(holder, holding, call.elapsed)
        if holding.total or call.mode("rows") is None:
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
