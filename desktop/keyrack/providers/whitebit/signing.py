"""Signs WhiteBIT's private V4 calls (WhiteBIT Fast API key Q5)."""

import base64
import hashlib
import hmac
import json

from keyrack.net.client.client_message import Request
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey
from keyrack.providers.schema import Region


def body_of(path: str, nonce: int, parameters: dict[str, str] | None = None, *, window: bool = False) -> bytes:
    """The body of a call, in compact JSON because the server compares it with a canonical form. The nonce is a number.

    WhiteBIT Fast API key Q5.
    """
    fields: dict[str, str | int | bool] = {**(parameters or {}), "request": path, "nonce": nonce}
    if window:
        fields["nonceWindow"] = True
    return json.dumps(fields, separators=(",", ":")).encode()


def payload_of(body: bytes) -> str:
    """What is signed: the base64 text of the exact bytes."""
    return base64.b64encode(body).decode()


def signature_of(secret: Secret, payload: str) -> str:
    """HMAC-SHA512 of the base64 text, in lower-case hex."""
    return hmac.new(secret.reveal().encode(), payload.encode(), hashlib.sha512).hexdigest()


def signed(region: Region, key: ApiKey, path: str, nonce: int) -> Request:
    """One private call. `nonce` is greater than every earlier one of this key (WhiteBIT Fast API key Q10)."""
    body = body_of(path, nonce)
    payload = payload_of(body)
    headers: dict[str, str | Secret] = {
        "Accept": "application/json",
        "Content-Type": "application/json",
        "X-TXC-APIKEY": key.key or "",
        "X-TXC-PAYLOAD": payload,
        "X-TXC-SIGNATURE": Secret(signature_of(key.secret, payload)),
    }
    return Request("POST", region.api + path, headers, body, plain_http_allowed=region.test)
