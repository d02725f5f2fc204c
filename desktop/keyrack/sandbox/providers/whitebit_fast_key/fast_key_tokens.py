"""The token that makes and reads a key: short-lived and renewed, or of four hours as older documents have it (Q1)."""

import base64
import hashlib
import secrets
from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import PROVIDER
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.transport import broken_responses
from keyrack.sandbox.transport.endpoint import Call

ACCESS = 300
REFRESH = 600
_OLD_ACCESS = 14_400
_SCOPE = "apikeys.create,apikeys.read,apikeys.delete"
_ONE_A_SECOND = Limit("WhiteBIT key refresh", 1, 1)
TOKEN_FIELDS = ("client_id", "client_secret", "code", "code_verifier")
REFRESH_FIELDS = ("client_id", "client_secret", "token")


def token(call: Call, challenges: dict[str, str]) -> Response:
    """The token endpoint: secret and verifier, a code is good once."""
    call.row.grant = "authorization_code"
    invalid = _invalid(call, TOKEN_FIELDS)
    if invalid is not None:
        return invalid
    client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
    challenge = challenges.pop(call.fields["code"], "")
    if client is None or call.fault("refused") is not None or challenge != _challenge(call.fields["code_verifier"]):
        return _refused()
    call.row.account = account = call.world.grants.redeem_code(call.fields["code"], "redirect", client)
    return _made(call, client, account) if account else _refused()


def refresh(call: Call) -> Response:
    """The refresh endpoint of the ordinary flow: once a second for each client, and the old token is used up."""
    call.row.grant = "refresh_token"
    if not call.world.limits.allow(_ONE_A_SECOND, call.row.client_id or ""):
        return broken_responses.gateway(429)
    invalid = _invalid(call, REFRESH_FIELDS)
    if invalid is not None:
        return invalid
    client = call.world.clients.check(PROVIDER, call.fields["client_id"], call.fields["client_secret"])
    if client is None:
        return _refused()
    account = None if call.fault("refused") is not None else call.world.grants.rotate(call.fields["token"], client)
    if account is None:
        return JSONResponse({"data": {"token": ["Invalid token."]}}, 400)
    call.row.account = account
    return _made(call, client, account)


def _made(call: Call, client: Client, account: str) -> Response:
    grants, lifetimes, old = call.world.grants, call.world.lifetimes, call.fault("old") is not None
    lifetime = _OLD_ACCESS if old else lifetimes.access(ACCESS)
    data: dict[str, Any] = {
        "access_token": grants.access(client, account, lifetime, _opaque),
        "expires_in": lifetime,
        "scope": _SCOPE,
        "token_type": "Bearer",
    }
    if not old:
        data["refresh_token"] = grants.refresh(client, account, lifetimes.refresh(REFRESH), _opaque)
    return JSONResponse(data if call.fault("bare") is not None else {"data": data})


def _invalid(call: Call, names: tuple[str, ...]) -> Response | None:
    missing = {name: ["validation.required"] for name in names if not call.fields.get(name)}
    if missing or call.format != "form":
        return JSONResponse({"errors": missing, "notification": None}, 422)
    return None


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _refused() -> Response:
    return JSONResponse({"data": {"message": ["Invalid request"]}}, 401)


def _opaque() -> str:
    return secrets.token_urlsafe(32)
