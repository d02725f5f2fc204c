"""Deribit: JSON-RPC, tokens and figures inside `result`, amounts as numbers (Deribit Q4)."""

import json
import secrets
from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, Response

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.providers.deribit.deribit_answers import UNAUTHORIZED, error, result, rows
from keyrack.sandbox.providers.deribit.deribit_people import PEOPLE
from keyrack.sandbox.providers.deribit.deribit_push import DeribitStream
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.lifetimes import ENDLESS
from keyrack.sandbox.state.stand_in import StandIn
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport import exact_json
from keyrack.sandbox.transport.endpoint import WITHDRAWN, Call, EndpointSpec, routes
from keyrack.sandbox.transport.websocket import socket_route

PROVIDER = "deribit"
API = "/api/v2"
_ACCESS = 31_536_000
_CODES = {
    f"code:{code}": f"answers 400 with {code}, {words}"
    for code, words in ((10028, "too many requests"), (11051, "maintenance"), (13021, "insufficient scope"))
}
_GRANTED = "account:read trade:none wallet:none"


def app(world: World) -> Starlette:
    """Deribit and its test network, which differ in their hosts and keys."""
    specs = (
        EndpointSpec(f"POST {API}/public/auth", "token", token, "jsonrpc id method params"),
        EndpointSpec(f"GET {API}/private/get_account_summaries", "summaries", summaries, "extended"),
        EndpointSpec(f"GET {API}/public/get_index_price", "prices", prices, "index_name"),
    )
    stream = socket_route(world, PROVIDER, "/ws/api/v2", error_response, DeribitStream)
    return Starlette(routes=[stream, *routes(world, PROVIDER, error_response, specs)])


def error_response(status: int) -> Response:
    """An error of JSON-RPC with a status of HTTP."""
    codes = {400: 11050, 401: UNAUTHORIZED, 403: 13021, 404: -32601, 429: 10028}
    return exact_json.response(error(codes.get(status, 11050)), status)


def token(call: Call) -> Response:
    """public/auth: by the key, or by a refresh token, which is then used up."""
    content = json.loads(call.body) if call.format == "json" else {}
    parameters = content.get("params")
    if content.get("method") != "public/auth" or not isinstance(parameters, dict):
        return error_response(400)
    call.row.grant = grant = str(parameters.get("grant_type", ""))
    number = content.get("id")
    if call.fault("refused") is not None:
        return exact_json.response(error(13004, number=number), 400)
    if call.fault("code") is not None:
        return exact_json.response(error(int(call.fault("code") or 0), number=number), 400)
    if grant == "client_credentials":
        found = _by_key(call, parameters)
    else:
        found = _by_refresh(call, str(parameters.get("refresh_token", ""))) if grant == "refresh_token" else None
    if found is None:
        return exact_json.response(error(13004, number=number), 400)
    return exact_json.response(result(_pair(call, *found), number))


def _by_key(call: Call, parameters: dict[str, Any]) -> tuple[Client, str] | None:
    call.row.client_id = str(parameters.get("client_id", ""))
    client = call.world.clients.check(PROVIDER, call.row.client_id, str(parameters.get("client_secret", "")))
    if client is None:
        return None
    call.row.account = account = client.account or "options"
    call.world.grants.count_key_token(client, account)
    return client, account


def _by_refresh(call: Call, old: str) -> tuple[Client, str] | None:
    for client in call.world.clients:
        account = call.world.grants.rotate(old, client) if client.provider == PROVIDER else None
        if account is not None:
            call.row.client_id, call.row.account = client.client_id, account
            return client, account
    return None


def _pair(call: Call, client: Client, account: str) -> dict[str, Any]:
    grants, lifetimes = call.world.grants, call.world.lifetimes
    lifetime = lifetimes.access(_ACCESS)
    return {
        "access_token": grants.access(client, account, lifetime, _opaque),
        "refresh_token": grants.refresh(client, account, lifetimes.refresh(ENDLESS), _opaque),
        "expires_in": lifetime,
        "scope": _GRANTED,
        "token_type": "bearer",
    }


def summaries(call: Call) -> Response:
    """private/get_account_summaries: one row per currency."""
    person = call.person()
    if person is None:
        return exact_json.response(error(UNAUTHORIZED, "invalid_token"), 401)
    if call.fault("code") is not None:
        return exact_json.response(error(int(call.fault("code") or 0), "insufficient_scope"), 400)
    summed = rows(person, call.elapsed, cross=call.fault("cross") is not None)
    return exact_json.response(result({"summaries": summed, "email": person.email}))


def _opaque() -> str:
    return f"{secrets.randbelow(10**13)}.1{secrets.token_urlsafe(48)}"


def prices(call: Call) -> Response:
    """public/get_index_price: one index at a time, as a number. An unknown one is refused."""
    base, _, quote = call.query.get("index_name", "").partition("_")
    found = portfolio.prices(call.elapsed).get(base.upper()) if quote == "usdc" else None
    if found is None:
        data = {"reason": "invalid index_name", "param": "index_name"}
        refused = {"code": -32602, "message": "Invalid params", "data": data}
        return JSONResponse({"jsonrpc": "2.0", "error": refused}, 400)
    return exact_json.response({"jsonrpc": "2.0", "result": {"index_price": found, "estimated_delivery_price": found}})


STAND_IN = StandIn(
    id=PROVIDER,
    title="Deribit",
    people=PEOPLE,
    clients=(Client(PROVIDER, "sandbox-deribit", "invented-deribit-secret", region="test", account="options"),),
    endpoints={
        "token": {"refused": "refuses the key: invalid_credentials", **_CODES},
        "summaries": {**WITHDRAWN, **_CODES, "cross": "cross collateral: the funds are those of the whole account"},
        "prices": {},
        "ws": {},
        "ws.summaries": {"refused": "13009: the token is not good", "busy": "10028: too many requests"},
        "ws.subscribe": {"partial": "leaves the first currency out, and lists what is left"},
        "ws.push": {},
    },
    app=app,
)
