"""What a token of WhiteBIT's sign-in for keys opens: the key's facts, its secret once, its deletion."""

from typing import Any

from starlette.responses import JSONResponse, Response

from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, FastKey, keys_of
from keyrack.sandbox.transport.endpoint import Call


def info(call: Call) -> Response:
    """Whether there is a key, and what it may do."""
    found = _bearer(call)
    if isinstance(found, Response):
        return found
    if call.fault("foreign") is not None:
        return _message("Forbidden.", 403)
    keys = keys_of(call.world)
    key = keys.expire_idle(keys.of_person(*found), deleted=call.fault("inactive") is not None)
    if key is None or key.ready > call.elapsed:
        odd = call.fault("confused") is not None
        return JSONResponse({"data": {"exists": False, "isEnabled": odd, "externalId": None, "permissions": []}})
    data = {"exists": True, "isEnabled": not key.disabled, "externalId": key.id, "permissions": _groups(key)}
    return JSONResponse({"data": data | _delivered(key, "info")})


def secret(call: Call) -> Response:
    """The secret of a key, once. 423 while a fault says that another retrieval runs."""
    key = _named(call)
    if isinstance(key, Response):
        return key
    locked = call.fault("locked")
    if locked is not None and (not locked or call.elapsed < key.ready + float(locked)):
        return _message("Temporary lock, retry shortly.", 423)
    if key.secret_retrieved or call.fault("taken") is not None:
        return _message("Secret already retrieved.", 409)
    key.secret_retrieved = True
    data = {"apiSecret": key.secret} | _delivered(key, "secret")
    return JSONResponse({"data": data}, headers={"Cache-Control": "no-store"})


def delete(call: Call) -> Response:
    """Delete a key. A disabled key cannot be deleted (403)."""
    key = _named(call)
    if isinstance(key, Response):
        return key
    if key.disabled:
        return _message("Forbidden.", 403)
    keys_of(call.world).delete(key)
    return JSONResponse({"data": []})


def _bearer(call: Call) -> tuple[str, str] | Response:
    """Client id and account of the token, or 401."""
    found = call.bearer()
    if found is None:
        return _message("Unauthorized.", 401)
    return found.client_id, found.account


def _named(call: Call) -> FastKey | Response:
    """The key in the path: 404 when there is none, 403 when it is another client's."""
    found = _bearer(call)
    if isinstance(found, Response):
        return found
    key = keys_of(call.world).by_id(call.request.path_params["id"])
    if key is None or call.fault("gone") is not None or key.ready > call.elapsed:
        return _message("Key not found.", 404)
    if (key.client_id, key.account) != found or call.fault("foreign") is not None:
        return _message("Forbidden.", 403)
    return key


def _groups(key: FastKey) -> list[dict[str, Any]]:
    """Every group of rights. The titles are in the person's language, so a client cannot depend on them (Q9)."""
    return [
        {
            "name": name,
            "title": f"«{title}»",
            "urls": [{"url": url, "enable": name in key.rights} for url in urls],
        }
        for name, (title, urls, _) in GROUPS.items()
    ]


def _delivered(key: FastKey, place: str) -> dict[str, str]:
    return {"apiKey": key.public} if key.delivery == place else {}


def _message(text: str, status: int) -> Response:
    return JSONResponse({"data": {"message": [text]}}, status)
