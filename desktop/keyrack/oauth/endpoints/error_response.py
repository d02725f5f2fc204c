"""Makes a failure of an endpoint's error response (RFC 6749 section 5.2, and each server's own words)."""

import email.utils
import time
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from keyrack.net.client.client_message import Response
from keyrack.oauth.authorization_server import AuthorizationServer, KnownFailure
from keyrack.oauth.oauth_errors import (
    ClientRejected,
    InvalidGrant,
    RequestRefused,
    ServiceEnded,
    Transient,
    Unavailable,
    UnexpectedResponse,
)
from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.failure import Failure
from keyrack.primitives.redaction import without_secrets

BUSY = frozenset({408, 423, 425, 429})
LONGEST_WAIT = 1e9
_GONE = 410
_PASSING = frozenset({"temporarily_unavailable", "slow_down", "server_error"})
_CLIENT = frozenset({"invalid_client", "unauthorized_client"})


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a `Retry-After` header (RFC 9110 section 10.2.3). None without one, for a past date or garbage.

    A date is compared with the response's own `Date`, so that a wrong clock of this computer does not matter.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 12:
        return min(float(value), LONGEST_WAIT)
    until, now = _moment(value), _moment(headers.get("date", ""))
    if until is None:
        return None
    seconds = until - (time.time() if now is None else now)
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None


def _moment(text: str) -> float | None:
    """Seconds since 1970 of an HTTP date. One without a zone is UTC (RFC 9110 section 5.6.7)."""
    try:
        found = email.utils.parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def unavailable(server: str, status: int, headers: Mapping[str, str]) -> Failure | None:
    """The failure for a status that needs no body: busy, down, or a redirect. None for any other status."""
    if status in BUSY or status >= 500:
        code = "server_slows_down" if status == 429 else "server_unavailable"
        return Unavailable(code, server=server, detail=f"HTTP {status}", retry_after=retry_after(headers))
    if 300 <= status < 400:
        return UnexpectedResponse("redirect_not_followed", server=server, detail=f"HTTP {status}")
    return None


def ended(server: str, response: Response, *, announced: bool, advice: str = "") -> Failure | None:
    """The failure for a response that says that the service has ended. None for any other response.

    410 says so for good (RFC 9110 section 15.5.11). An empty 404 says so where an end was `announced` (WhiteBIT Q17),
    unless a proxy sent it. `advice` says what to do instead.
    """
    if response.status == _GONE or (announced and _is_empty_404(response)):
        return service_ended(server, f"HTTP {response.status}", advice)
    return None


def _is_empty_404(response: Response) -> bool:
    """Whether the server itself knows no such address any more. A page, or a proxy's answer, proves nothing."""
    page = "html" in response.headers.get("content-type", "").lower()
    by_proxy = any(name == "via" or name.startswith("proxy-") for name in response.headers)
    return response.status == 404 and not response.body.strip() and not page and not by_proxy


def service_ended(server: str, detail: str, advice: str = "") -> ServiceEnded:
    """The failure of a service that has ended, with the sentence of the provider's file on what to do instead."""
    if advice:
        return ServiceEnded("service_ended_with_advice", server=server, detail=detail, advice=advice)
    return ServiceEnded("service_ended", server=server, detail=detail)


def refusal(server: AuthorizationServer, status: int, content: Any) -> Failure | None:
    """The failure in a decoded response, whatever its status (Bitport Q2). None if there is none.

    Its detail is the server's own words, without any secret that the server repeats.
    """
    text = first_text(content, server.dialect.error_texts)
    for known in server.dialect.failures:
        if _text_at(content, known.at) == known.says:
            return _known(server, known, own_words(known.says, text, status))
    code = first_text(content, server.dialect.error_codes, besides=server.dialect.no_error)
    if code:
        return _standard(server, code, status, own_words(code, text, status))
    if status == 401:
        return _rejected(server, own_words("", text, status))
    if status >= 400:
        return _refused(server, own_words("", text, status))
    return None


def first_text(content: Any, paths: tuple[str, ...], *, besides: tuple[str, ...] = ()) -> str:
    """The first text at one of the dotted paths that is none of `besides`, or ""."""
    return next((text for path in paths if (text := text_at(content, path)) and text not in besides), "")


def _text_at(content: Any, path: str) -> str:
    """The text at a dotted path. "true" or "false" for an envelope with a boolean outcome."""
    found = at(content, path)
    return str(found).lower() if isinstance(found, bool) else text_at(content, path)


def own_words(code: str, text: str, status: int) -> str:
    """A server's code and text for the person, without secrets, and never the text alone (ProBit Q13)."""
    words = ": ".join(dict.fromkeys(part for part in (code, text) if part))
    return without_secrets(f"{words} (HTTP {status})" if words else f"HTTP {status}")


def _known(server: AuthorizationServer, known: KnownFailure, detail: str) -> Failure:
    general = _of_kind(server, known.kind, detail)
    if not known.happened:
        return general
    return type(general)(
        "provider_file_failure",
        detail=general.detail,
        what=known.happened,
        meaning=known.means,
        advice=known.todo,
    )


def _of_kind(server: AuthorizationServer, kind: str, detail: str) -> Failure:
    match kind:
        case "invalid_grant":
            return InvalidGrant("grant_invalid", server=server.name, detail=detail)
        case "client_rejected":
            return _rejected(server, detail)
        case "ended":
            return service_ended(server.name, detail, server.end_advice)
        case "transient":
            return Transient("server_failed", server=server.name, detail=detail)
    return _refused(server, detail)


def _standard(server: AuthorizationServer, code: str, status: int, detail: str) -> Failure:
    if code == "invalid_grant":
        return InvalidGrant("grant_invalid", server=server.name, detail=detail)
    if code in _CLIENT or status == 401:
        return _rejected(server, detail)
    if code in _PASSING:
        return Unavailable("server_busy", server=server.name, detail=detail)
    return _refused(server, detail)


def _rejected(server: AuthorizationServer, detail: str) -> ClientRejected:
    return ClientRejected("client_rejected", server=server.name, detail=detail)


def _refused(server: AuthorizationServer, detail: str) -> RequestRefused:
    return RequestRefused("request_refused", server=server.name, detail=detail)
