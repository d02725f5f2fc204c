"""Reads the parameters of an authorization response strictly (RFC 6749 sections 3.1 and 4.1.2)."""

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from keyrack.primitives.failure import Failure

_KNOWN = ("code", "state", "error", "error_description", "error_uri", "iss")
# Names under which a public API key may come with the code. They are not documented (WhiteBIT Fast API key Q2).
_KEYS = ("apiKey", "api_key", "apikey", "publicKey", "public_key")
_SHORTEST_KEY, _LONGEST_KEY = 8, 512
_MOST_PARAMETERS = 256
_LONGEST = 8 * 1024
_ESCAPES = re.compile(r"(?:[^%]|%[0-9A-Fa-f]{2})*")
_VISIBLE = re.compile(r"[\x21-\x7e]*")
_PROSE = ("error_description", "error_uri")


class NotOurs(Failure):
    """The response belongs to no pending sign-in, which goes on as if it had not come."""


@dataclass(frozen=True, slots=True, repr=False)
class AuthorizationResponse:
    """The known parameters, None where one is absent. `api_key` is public and proves nothing."""

    code: str | None = None
    state: str | None = None
    error: str | None = None
    error_description: str | None = None
    error_uri: str | None = None
    iss: str | None = None
    api_key: str | None = None

    def __repr__(self) -> str:
        return "<AuthorizationResponse>"


def parse(query: str) -> AuthorizationResponse:
    """The response in a query string. Raises NotOurs when it is ambiguous or malformed (S18).

    Names are compared exactly, and unknown ones are ignored. `code`, `state`, `error` and `iss` are visible ASCII of
    at most 8,192 characters.
    """
    pairs = query.split("&")
    if len(pairs) > _MOST_PARAMETERS:
        raise _not_ours()
    found: dict[str, str] = {}
    keys: set[str | None] = set()
    for name, _, value in (pair.partition("=") for pair in pairs):
        known = _decode(name)
        if known in found:
            raise _not_ours()
        if known in _KNOWN:
            found[known] = _value(known, value)
        elif known in _KEYS:
            keys.add(_decode(value))
    if ("code" in found) == ("error" in found) or "" in (found.get("code"), found.get("error")):
        raise _not_ours()
    return AuthorizationResponse(**found, api_key=_key(keys))


def _key(keys: set[str | None]) -> str | None:
    """The one key that was sent, or None. Anything else is ignored, because the person can paste the key."""
    key = next(iter(keys)) if len(keys) == 1 else None
    fits = key is not None and _SHORTEST_KEY <= len(key) <= _LONGEST_KEY and _VISIBLE.fullmatch(key)
    return key if fits else None


def _value(name: str, text: str) -> str:
    value = _decode(text)
    if value is None or len(value) > _LONGEST or (name not in _PROSE and not _VISIBLE.fullmatch(value)):
        raise _not_ours()
    return value


def _decode(text: str) -> str | None:
    """The decoded text, or None when an escape is broken or the bytes are not UTF-8."""
    if not _ESCAPES.fullmatch(text):
        return None
    try:
        return unquote_to_bytes(text.replace("+", " ")).decode("utf-8")
    except UnicodeDecodeError:
        return None


def _not_ours() -> NotOurs:
    return NotOurs("response_incomplete")
