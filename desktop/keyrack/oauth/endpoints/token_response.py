"""Checks a token response and makes a `Token` of it (S46 to S48)."""

import re
from decimal import Decimal
from typing import Any

from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import at, text_at
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret

LONGEST_TOKEN = 8192
LONGEST_LIFETIME = 10 * 366 * 86_400
LONGEST_DIGITS = 14
MILLISECONDS = 1000
MOST_SCOPES = 200
LONGEST_NAME = 100
LONGEST_SCOPE = 20_000
_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")


def read_token(server: AuthorizationServer, content: Any, issued: float, old: Token | None = None) -> Token:
    """The token in a decoded response (RFC 6749 section 5.1 and appendix A).

    `issued` is in elapsed seconds. The refresh token of `old` is kept when none is sent.
    Raises UnexpectedResponse, which never quotes the response.
    """
    inside = server.dialect.inside
    found = at(content, inside) if isinstance(content, dict) else content
    if found is None and server.dialect.inside_optional:
        found = content
    if not isinstance(found, dict):
        raise _unusable(server, "no token in it")
    found = _renamed(server, found)
    _check_type(server, found.get("token_type"))
    refresh, refresh_issued = _refresh(server, found.get("refresh_token"), issued, old)
    lasting = server.dialect.sign_in_lifetime if refresh and not server.renews_again else None
    return Token(
        access=_visible(server, found.get("access_token"), "access token"),
        issued=issued,
        lifetime=_lifetime(server, found.get("expires_in")),
        refresh=refresh,
        refresh_lifetime=_window(server, found, old) if refresh and not server.renews_again else None,
        refresh_issued=refresh_issued,
        scopes=_scopes(server, found.get("scope")) or (old.scopes if old else _scopes(server, server.sent_scope)),
        renewable=server.renews_again or (server.dialect.renewal == "refresh_token" and bool(refresh)),
        signed_in=None if lasting is None else issued if old is None or old.signed_in is None else old.signed_in,
        sign_in_lifetime=lasting,
        verifier=old.verifier if old else None,
        api=_api(server, content, old),
    )


def _renamed(server: AuthorizationServer, found: dict[str, Any]) -> dict[str, Any]:
    """The response under the names of RFC 6749. A field that has another name here counts under that alone."""
    names = server.dialect.names
    if not names:
        return found
    kept = {name: value for name, value in found.items() if name not in names}
    return kept | {name: found[own] for name, own in names.items() if own in found}


def _api(server: AuthorizationServer, content: Any, old: Token | None) -> str:
    """The API's address that the response names, or an earlier one did. "" for one that the file does not list (S38).

    The token is good whatever stands there.
    """
    told = text_at(content, server.dialect.api_field).rstrip("/") if server.dialect.api_field else ""
    if not told:
        return old.api if old else ""
    return next((known for known in server.apis if known.rstrip("/") == told), "")


def _refresh(
    server: AuthorizationServer, sent: Any, issued: float, old: Token | None
) -> tuple[Secret | None, float | None]:
    if isinstance(sent, str) and sent:
        return _visible(server, sent, "refresh token"), issued
    return (old.refresh, old.refresh_issued) if old else (None, None)


def _unusable(server: AuthorizationServer, detail: str) -> UnexpectedResponse:
    return UnexpectedResponse("response_without_token", server=server.name, detail=detail)


def _visible(server: AuthorizationServer, value: Any, what: str) -> Secret:
    if not isinstance(value, str) or len(value) > LONGEST_TOKEN or not _VISIBLE.match(value):
        raise _unusable(server, f"the {what} is missing or holds characters that no token may hold")
    return Secret(value)


def _check_type(server: AuthorizationServer, value: Any) -> None:
    if value is None and server.dialect.token_type_optional:
        return
    if not isinstance(value, str) or value.casefold() != "bearer":
        raise _unusable(server, "the token is not a bearer token")


def _lifetime(server: AuthorizationServer, value: Any) -> float | None:
    if value is None:
        return server.dialect.default_lifetime
    number = _number(value)
    if server.dialect.lifetime_unit == "milliseconds" and number:
        number = Decimal(number) / MILLISECONDS
    seconds = float(number) if 0 < number <= LONGEST_LIFETIME else 0.0
    if not seconds:
        raise _unusable(server, "the lifetime is not a number of seconds above 0 and up to ten years")
    return seconds


def _window(server: AuthorizationServer, found: dict[str, Any], old: Token | None) -> float | None:
    """The lifetime of the refresh token: as this response has it, as an earlier one had it, or as documented."""
    field = server.dialect.refresh_lifetime_field
    number = _number(found.get(field)) if field else 0
    if 0 < number <= LONGEST_LIFETIME:
        return float(number)
    if not found.get("refresh_token") and old is not None:
        return old.refresh_lifetime
    return server.dialect.refresh_lifetime


def _number(value: Any) -> int | Decimal:
    """A number or a string of digits, or 0 for anything else."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST_DIGITS:
        return int(value)
    return value if isinstance(value, int | Decimal) and not isinstance(value, bool) else 0


def _scopes(server: AuthorizationServer, value: Any) -> tuple[str, ...]:
    """Every well-formed name once (RFC 6749 section 3.3). The rest cannot be stored or shown as it came."""
    if not isinstance(value, str):
        return ()
    parts = (part.strip() for part in value[:LONGEST_SCOPE].split(server.dialect.scope_separator))
    names = dict.fromkeys(part for part in parts if _VISIBLE.match(part) and len(part) <= LONGEST_NAME)
    return tuple(names)[:MOST_SCOPES]
