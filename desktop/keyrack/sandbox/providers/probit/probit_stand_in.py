"""ProBit as its documents say (Q1-Q16): a key for a token, balances as an array, errors with errorCode."""

import secrets
from base64 import b64encode

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.probit.probit_market import API, PLACES, refusal, too_many
from keyrack.sandbox.providers.probit.probit_push import ProbitConnection
from keyrack.sandbox.state.lifetimes import PROBIT_ACCESS
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport.endpoint import Call, Place, basic, routes
from keyrack.sandbox.transport.websocket import socket_route


def app(world: World) -> Starlette:
    """ProBit Global and ProBit Korea, which differ in their clients only."""
    places = (
        Place("POST /token", "token", token, "grant_type"),
        Place(f"GET {API}/balance", "balance", balance),
        *PLACES,
    )
    stream = socket_route(world, "probit", f"{API}/ws", refusal, ProbitConnection)
    return Starlette(routes=[stream, *routes(world, "probit", refusal, places)])


def token(call: Call) -> Response:
    """E1: the key by HTTP Basic, the grant in JSON (Q3), errors bare (Q10)."""
    call.row.grant = call.fields.get("grant_type")
    if too_many(call):
        return refusal(429)
    if call.format != "json":
        return JSONResponse({"error": "invalid_request"}, 400)
    client = call.world.clients.check("probit", *(basic(call.request) or (None, None)))
    if client is None or call.mode("refused") is not None:
        return JSONResponse({"error": "invalid_grant"}, int(call.mode("refused") or 400))
    if call.row.grant != "client_credentials":
        return JSONResponse({"error": "unsupported_grant_type"}, 400)
    call.row.account = account = client.account or "desk"
    if call.mode("newest") is not None:
        call.world.grants.drop_all("access", client)
    lifetime = call.world.lifetimes.access(PROBIT_ACCESS)
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
