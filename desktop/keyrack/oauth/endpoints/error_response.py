"""Makes a failure of an endpoint's error response (RFC 6749 section 5.2, and each server's own words)."""

import email.utils
import time
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from keyrack.language.translation import Phrase
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
LONGEST_CODE = 60
# As `squeezed` makes them.
_PASSING = frozenset(
    {
        *("temporarilyunavailable", "slowdown", "servererror", "internalservererror", "serviceunavailable", "timeout"),
        *("toomanyrequests", "ratelimitexceeded", "ratelimited"),
    }
)
_CLIENT = frozenset({"invalidclient"})
_NOT_FOR_THIS_CLIENT = frozenset({"unauthorizedclient", "unsupportedgranttype"})
# Where servers report a failure that do not do it as RFC 6749 says.
_USUAL_CODES = ("error.code", "error.type", "error.error", "error.status", "error_code", "errorCode")
_USUAL_TEXTS = (
    *("error_description", "error.message", "error.description", "error.error_description", "error_message"),
    *("message", "detail"),
)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a `Retry-After` header (RFC 9110 section 10.2.3). None without one, for a past date or garbage.

    A date is compared with the response's own `Date`, so that a wrong clock of this computer does not matter.
    """
    value = headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 12:
        return min(float(value), LONGEST_WAIT)
    until = _moment(value)
    if until is None:
        return None
    seconds = until - server_time(headers)
    return min(seconds, LONGEST_WAIT) if seconds > 0 else None


def server_time(headers: Mapping[str, str]) -> float:
    """The wall time in seconds of a response's `Date`, by which its other times are meant. Without one it is ours."""
    now = _moment(headers.get("date", ""))
    return time.time() if now is None else now


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
        return ServiceEnded("service_ended_with_advice", server=server, detail=detail, advice=Phrase(advice))
    return ServiceEnded("service_ended", server=server, detail=detail)


def refusal(server: AuthorizationServer, status: int, content: Any, *, public: bool = False) -> Failure | None:
    """The failure in a decoded response, whatever its status (Bitport Q2). None if there is none.

    `public` says that the client has no secret. The detail is the server's own words, without any secret that the
    server repeats.
    """
    known = known_failure(server, status, content, public=public)
    if known is not None:
        return known
    code, text = said(server, status, content)
    if not code and status < 400:
        return None  # a good answer has no words to be searched for secrets, which takes as long as there are many
    detail = own_words(code, text, status)
    if code:
        return _standard(server, code, status, detail, public=public)
    if status == 401:
        return _rejected(server, detail, public=public)
    return _refused(server, detail)


def known_failure(server: AuthorizationServer, status: int, content: Any, *, public: bool = False) -> Failure | None:
    """The failure that the server's dialect describes, or None. A status alone may describe one."""
    for known in server.dialect.failures:
        if known.status in (0, status) and (not known.at or _text_at(content, known.at) == known.says):
            code, text = said(server, status, content)
            return _known(server, known, own_words(known.says or code, text, status), public=public)
    return None


def said(server: AuthorizationServer, status: int, content: Any) -> tuple[str, str]:
    """The server's code and text for a failure, each "" where there is none.

    Where nothing stands in the places of the dialect, the usual ones of other servers are searched, unless the response
    holds a token.
    """
    dialect = server.dialect
    code = first_text(content, dialect.error_codes, besides=dialect.no_error)
    text = first_text(content, dialect.error_texts)
    if status >= 400 or not (code or text_at(content, f"{dialect.inside}.access_token".lstrip("."))):
        code = code or first_text(content, _USUAL_CODES, besides=dialect.no_error)
        text = text or first_text(content, _USUAL_TEXTS)
    return code, text


def squeezed(code: str) -> str:
    """An error code by its letters and digits alone, so that INVALID_GRANT and invalid-grant are one."""
    return "".join(character for character in code.casefold() if character.isalnum())


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


def _known(server: AuthorizationServer, known: KnownFailure, detail: str, *, public: bool) -> Failure:
    general = _of_kind(server, known.kind, detail, public=public)
    if not known.happened:
        return general
    return type(general)(
        "provider_file_failure",
        detail=general.detail,
        what=Phrase(known.happened),
        meaning=Phrase(known.means),
        advice=Phrase(known.todo),
    )


def _of_kind(server: AuthorizationServer, kind: str, detail: str, *, public: bool) -> Failure:
    match kind:
        case "invalid_grant":
            return InvalidGrant("grant_invalid", server=server.name, detail=detail)
        case "client_rejected":
            return _rejected(server, detail, public=public)
        case "ended":
            return service_ended(server.name, detail, server.end_advice)
        case "transient":
            return Transient("server_failed", server=server.name, detail=detail)
    return _refused(server, detail)


def _standard(server: AuthorizationServer, code: str, status: int, detail: str, *, public: bool) -> Failure:
    plain_code = squeezed(code)
    if plain_code == "invalidgrant":
        return InvalidGrant("grant_invalid", server=server.name, detail=detail)
    if plain_code in _PASSING:
        return Unavailable("server_busy", server=server.name, detail=detail)
    if plain_code in _NOT_FOR_THIS_CLIENT:
        return RequestRefused("grant_refused", server=server.name, detail=detail)
    refused = plain_code in _CLIENT or status == 401
    failure = _rejected(server, detail, public=public) if refused else _refused(server, detail)
    # It goes into no sentence. A code that repeats a secret is none.
    failure.error = plain_code if without_secrets(code) == code and len(code) <= LONGEST_CODE else ""
    return failure


def _rejected(server: AuthorizationServer, detail: str, *, public: bool) -> ClientRejected:
    return ClientRejected("client_id_rejected" if public else "client_rejected", server=server.name, detail=detail)


def _refused(server: AuthorizationServer, detail: str) -> RequestRefused:
    return RequestRefused("request_refused", server=server.name, detail=detail)
