"""Reads how long a token lives, from whatever a server writes there (S46, S47)."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from keyrack.oauth.authorization_server import AuthorizationServer

SHORTEST_LIFETIME = 1
LONGEST_LIFETIME = 10 * 366 * 86_400
MILLISECONDS = 1000
# A moment beyond this many seconds, in the year 5138, is one in milliseconds.
_SECONDS_END = 10**11
_FIGURE = re.compile(r"\+?[0-9]{1,400}(\.[0-9]{0,400})?\Z")


def lifetime_of(server: AuthorizationServer, found: Mapping[str, Any], now: float | None) -> float | None:
    """The lifetime in seconds of the access token in a response, None where nobody says one.

    `expires_in` comes first (RFC 6749 section 5.1). Then `expires_at_field`, if the dialect names one, is compared with
    `now`, the server's wall time. Then the dialect's default counts. More than ten years are ten years. What is no
    figure, or below a second, is not said.
    """
    unit = MILLISECONDS if server.dialect.lifetime_unit == "milliseconds" else 1
    said = seconds(found.get("expires_in"), unit)
    if said is None and server.dialect.expires_at_field and now is not None:
        until = _moment(found.get(server.dialect.expires_at_field))
        said = None if until is None else seconds(until - Decimal(now))
    return server.dialect.default_lifetime if said is None else said


def seconds(value: Any, unit: int = 1) -> float | None:
    """A duration in seconds of which `unit` parts make one: from 1 s up to ten years. None for anything else."""
    number = _figure(value)
    if number is None or number < SHORTEST_LIFETIME * unit:
        return None
    return float(min(number, Decimal(LONGEST_LIFETIME * unit)) / unit)


def _figure(value: Any) -> Decimal | None:
    if isinstance(value, str):
        text = value.strip(" \t\r\n")
        return Decimal(text) if _FIGURE.match(text) else None
    return Decimal(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else None


def _moment(value: Any) -> Decimal | None:
    """Seconds since 1970, from seconds, milliseconds or a date of ISO 8601. A date without a zone is UTC."""
    number = _figure(value)
    if number is not None:
        return number / MILLISECONDS if _SECONDS_END < number < _SECONDS_END * MILLISECONDS else number
    try:
        found = datetime.fromisoformat(value)
        return Decimal((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
    except (ValueError, TypeError, OverflowError):
        return None
