"""Recognises credentials that were pasted as one text."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret

_ID = ("client_id", "clientId", "clientid", "application_id", "app_id", "id", "key", "api_key")
_SECRET = ("client_secret", "clientSecret", "clientsecret", "application_secret", "app_secret", "secret")
_REDIRECT = ("redirect_uri", "redirectUri", "redirect_url", "callback_url")
_LONGEST = 8192
_LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")


@dataclass(frozen=True, slots=True)
class PastedCredentials:
    """What was found. A part that was not there is "" or None."""

    client_id: str = ""
    secret: Secret | None = field(default=None, repr=False)
    redirect_uri: str = ""


def recognise(text: str) -> PastedCredentials | None:
    """The parts of `id:secret`, of a JSON object with both, or of a loopback address. None for any other text."""
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.startswith(_LOOPBACK):
        return PastedCredentials(redirect_uri=text)
    if text.startswith("{"):
        return _from_json(text)
    client_id, colon, secret = text.partition(":")
    if colon and client_id and secret and not secret.startswith("//") and not any(c.isspace() for c in text):
        return PastedCredentials(client_id, Secret(secret))
    return None


def _from_json(text: str) -> PastedCredentials | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    inner = [part for part in value.values() if isinstance(part, dict)]
    for candidate in (value, *inner):
        client_id, secret = _text(candidate, _ID), _text(candidate, _SECRET)
        if client_id and secret:
            return PastedCredentials(client_id, Secret(secret), _text(candidate, _REDIRECT))
    return None


def _text(value: Mapping[str, object], names: tuple[str, ...]) -> str:
    for name in names:
        found = value.get(name)
        if isinstance(found, str | int) and not isinstance(found, bool):
            return str(found).strip()
    return ""
