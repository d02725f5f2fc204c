"""Tells what a token endpoint's failure means (RFC 6749 §5.2 and each server's own words)."""

import email.utils
import time
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from keyrack.oauth.authorization_server import AuthorizationServer, KnownFailure
from keyrack.oauth.oauth_errors import (
    ClientRejected,
    InvalidGrant,
    RequestRefused,
    Transient,
    Unavailable,
    UnexpectedResponse,
)
from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.failure import Failure
from keyrack.primitives.redaction import without_secrets

BUSY = frozenset({408, 423, 425, 429})
LONGEST_WAIT = 1e9
_PASSING = frozenset({"temporarily_unavailable", "slow_down", "server_error"})
_CLIENT = frozenset({"invalid_client", "unauthorized_client"})


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a `Retry-After` header asks to wait; None for none, a past date or garbage (RFC 9110 §10.2.3).

    A date is compared with the answer's own `Date`, so that a wrong clock here does not matter.
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
    """Seconds since 1970 of an HTTP date; one without a zone is UTC (RFC 9110 §5.6.7)."""
    try:
        found = email.utils.parsedate_to_datetime(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


def unavailable(name: str, status: int, headers: Mapping[str, str]) -> Failure | None:
    """The failure that a status alone tells: busy, down, or a redirect; None for any other status."""
    if status in BUSY or status >= 500:
        slowed = status == 429
        return Unavailable(
            f"{name} asks to slow down." if slowed else f"{name} is not available right now.",
            "Your sign-in is kept.",
            "Keyrack tries again by itself.",
            detail=f"HTTP {status}",
            retry_after=retry_after(headers),
        )
    if 300 <= status < 400:
        return UnexpectedResponse(
            f"{name} pointed to another address, which Keyrack does not follow.",
            "A network that wants its own sign-in page, or a closed service, does this. Your sign-in is kept.",
            "Check the network; Keyrack tries again by itself.",
            detail=f"HTTP {status}",
        )
    return None


def refusal(server: AuthorizationServer, status: int, answer: Any) -> Failure | None:
    """The failure that a decoded answer tells, whatever its status (Bitport Q2); None if it tells none.

    Its detail is the server's own words, less any secret of ours that it repeats.
    """
    said = first_text(answer, server.dialect.error_texts)
    for known in server.dialect.failures:
        if _says(answer, known.at) == known.says:
            return _known(server, known, own_words(known.says, said, status))
    code = first_text(answer, server.dialect.error_codes, besides=server.dialect.no_error)
    if code:
        return _standard(server, code, status, own_words(code, said, status))
    if status == 401:
        return _rejected(server, own_words("", said, status))
    if status >= 400:
        return _refused(server, own_words("", said, status))
    return None


def first_text(answer: Any, paths: tuple[str, ...], *, besides: tuple[str, ...] = ()) -> str:
    """The first text that stands at one of the dotted paths and is none of `besides`, else ""."""
    return next((text for path in paths if (text := text_at(answer, path)) and text not in besides), "")


def _says(answer: Any, path: str) -> str:
    """The text at a dotted path; "true" or "false" for an envelope that tells its outcome so."""
    found = at(answer, path)
    return str(found).lower() if isinstance(found, bool) else text_at(answer, path)


def own_words(code: str, said: str, status: int) -> str:
    """A server's code and text for the person, without any secret of ours; never the text alone (ProBit Q13)."""
    words = ": ".join(dict.fromkeys(part for part in (code, said) if part))
    return without_secrets(f"{words} (HTTP {status})" if words else f"HTTP {status}")


def _known(server: AuthorizationServer, known: KnownFailure, detail: str) -> Failure:
    general = _of_kind(server, known.kind, detail)
    if not known.happened:
        return general
    return type(general)(known.happened, known.means, known.todo, detail=general.detail)


def _of_kind(server: AuthorizationServer, kind: str, detail: str) -> Failure:
    match kind:
        case "invalid_grant":
            return _dead(server, detail)
        case "client_rejected":
            return _rejected(server, detail)
        case "transient":
            return Transient(f"{server.name} could not answer right now.", "Your sign-in is kept.", detail=detail)
    return _refused(server, detail)


def _standard(server: AuthorizationServer, code: str, status: int, detail: str) -> Failure:
    if code == "invalid_grant":
        return _dead(server, detail)
    if code in _CLIENT or status == 401:
        return _rejected(server, detail)
    if code in _PASSING:
        return Unavailable(f"{server.name} is busy.", "Your sign-in is kept.", detail=detail)
    return _refused(server, detail)


def _dead(server: AuthorizationServer, detail: str) -> InvalidGrant:
    return InvalidGrant(
        f"{server.name} no longer accepts this sign-in.",
        "It was revoked, used before, or is too old.",
        "Sign in again.",
        detail=detail,
    )


def _rejected(server: AuthorizationServer, detail: str) -> ClientRejected:
    return ClientRejected(
        f"{server.name} refused the client id or the client secret.",
        "One of them is mistyped, or the key was deleted there.",
        "Edit the credentials and sign in again.",
        detail=detail,
    )


def _refused(server: AuthorizationServer, detail: str) -> RequestRefused:
    return RequestRefused(
        f"{server.name} refused the request.",
        "Nothing was changed.",
        "Look at the provider's own words below, then try again.",
        detail=detail,
    )
