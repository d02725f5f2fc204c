"""When a token is renewed, and how long to wait after a failure. Pure arithmetic."""

import random

from keyrack.core.scheduling.asked_wait import obeyed
from keyrack.oauth.token import Token

LONGEST_LEAD = 120.0
LEAD_SHARE = 0.2
LEAD_JITTER = 0.05
BACKOFF = (2.0, 4.0, 8.0, 16.0, 30.0)
REFUSED_BACKOFF = (*BACKOFF, 60.0, 120.0, 240.0, 480.0, 900.0)
BACKOFF_JITTER = 0.2
PATIENCE = 300.0
HAND_OUT_SECONDS = 30.0
HAND_OUT_SHARE = 0.5


def lead(lifetime: float) -> float:
    """How many seconds before its end a token is renewed: 20 % of its life, 120 s at most (S77)."""
    return min(LONGEST_LEAD, LEAD_SHARE * lifetime)


def due(token: Token) -> float | None:
    """The moment to renew at in elapsed seconds, without jitter.

    None if the token cannot be renewed or never expires. A token that names no lifetime is renewed before its refresh
    token ends.
    """
    if not token.renewable:
        return None
    if token.access is None:
        return token.issued
    if token.lifetime is None or token.expires is None:
        window = token.refresh_expires
        return None if window is None else window - lead(token.refresh_lifetime or 0.0)
    return token.expires - lead(token.lifetime)


def jitter(token: Token, source: random.Random) -> float:
    """Seconds to move the due time by: at most 5 % of the lead either way."""
    share = lead(token.lifetime) if token.lifetime and token.access is not None else 0.0
    return source.uniform(-LEAD_JITTER, LEAD_JITTER) * share


def backoff(failures: int, retry_after: float | None, source: random.Random, *, refused: bool = False) -> float:
    """Seconds to wait after so many failures in a row. Never less than the provider asked for, up to 15 min (S79).

    Where the provider refuses instead of being away, the pauses grow on to 15 min.
    """
    pauses = REFUSED_BACKOFF if refused else BACKOFF
    base = pauses[min(failures, len(pauses)) - 1]
    wait = base * source.uniform(1 - BACKOFF_JITTER, 1 + BACKOFF_JITTER)
    return max(wait, obeyed(retry_after))


def least_left(lifetime: float | None) -> float:
    """Seconds that a token must still live when it is given out or copied."""
    return 0.0 if lifetime is None else min(HAND_OUT_SECONDS, HAND_OUT_SHARE * lifetime)


def has_left(token: Token, now: float, at_least: float) -> bool:
    """Whether there is an access token that lives for at least so many seconds more."""
    return token.access is not None and (token.expires is None or token.expires - now >= at_least)
