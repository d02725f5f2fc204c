"""Checks a token response and makes a `Token` of it (S46 to S48)."""

import re
from typing import Any

from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints.token_lifetime import lifetime_of, seconds
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import at, text_at
from keyrack.oauth.token import Token
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret

LONGEST_TOKEN = 64 * 1024
MOST_SCOPES = 200
LONGEST_NAME = 100
LONGEST_SCOPE = 20_000
_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")
_REFRESH = re.compile(r"[\x20-\x7e]+\Z")
# Apigee and others write the class of the token instead of its type.
_BEARER = ("bearer", "bearertoken", "bearer_token", "bearer token")


def read_token(
    server: AuthorizationServer, content: Any, issued: float, old: Token | None = None, *, now: float | None = None
) -> Token:
    """The token in a decoded response (RFC 6749 section 5.1 and appendix A).

    `issued` is in elapsed seconds, and `now` is the server's wall time. The refresh token of `old` is kept when none
    is sent. A field beside the access token never costs the token, because its code is used up by now: what cannot be
    read there counts as not sent. Raises UnexpectedResponse, which never quotes the response, where there is no access
    token, or one of a type that is not sent as it is.
    """
    inside = server.dialect.inside
    found = at(content, inside) if isinstance(content, dict) else content
    if found is None and server.dialect.inside_optional:
        found = content
    if not isinstance(found, dict):
        raise _unusable(server, "no token in it")
    found = _renamed(server, found)
    _check_type(server, found.get("token_type"))
    refresh, refresh_issued = _refresh(found.get("refresh_token"), issued, old)
    lasting = server.dialect.sign_in_lifetime if refresh and not server.renews_again else None
    return Token(
        access=_access(server, found.get("access_token")),
        issued=issued,
        lifetime=lifetime_of(server, found, now),
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


def _refresh(sent: Any, issued: float, old: Token | None) -> tuple[Secret | None, float | None]:
    if isinstance(sent, str) and len(sent) <= LONGEST_TOKEN and _REFRESH.match(sent):
        return Secret(sent), issued
    return (old.refresh, old.refresh_issued) if old else (None, None)


def _unusable(server: AuthorizationServer, detail: str) -> UnexpectedResponse:
    return UnexpectedResponse("response_without_token", server=server.name, detail=detail)


def _access(server: AuthorizationServer, value: Any) -> Secret:
    if not isinstance(value, str) or len(value) > LONGEST_TOKEN or not _VISIBLE.match(value):
        raise _unusable(server, "the access token is missing or holds characters that no token may hold")
    return Secret(value)


def _check_type(server: AuthorizationServer, value: Any) -> None:
    """Refuse a type whose token is no use without a proof (RFC 6749 section 7.1). A type that is not said is bearer."""
    if value in (None, "") or server.dialect.token_type_optional:
        return
    if not isinstance(value, str) or value.strip().lower() not in _BEARER:
        raise UnexpectedResponse("token_type_unknown", server=server.name, type=plain(str(value), LONGEST_NAME))


def _window(server: AuthorizationServer, found: dict[str, Any], old: Token | None) -> float | None:
    """The lifetime of the refresh token: as this response has it, as an earlier one had it, or as documented."""
    field = server.dialect.refresh_lifetime_field
    said = seconds(found.get(field)) if field else None
    if said is not None:
        return said
    if not found.get("refresh_token") and old is not None:
        return old.refresh_lifetime
    return server.dialect.refresh_lifetime


def _scopes(server: AuthorizationServer, value: Any) -> tuple[str, ...]:
    """Every well-formed name once (RFC 6749 section 3.3). The rest cannot be stored or shown as it came."""
    if isinstance(value, list):
        found = [part for part in value[:LONGEST_SCOPE] if isinstance(part, str)]
    else:
        text = value[:LONGEST_SCOPE] if isinstance(value, str) else ""
        found = [part.strip() for part in text.split(server.dialect.scope_separator)]
    names = dict.fromkeys(part for part in found if _VISIBLE.match(part) and len(part) <= LONGEST_NAME)
    return tuple(names)[:MOST_SCOPES]
