"""What a ring can show: the kinds, their words and their colours."""

from typing import Literal

Kind = Literal["fresh", "soon", "urgent", "renewing", "retrying", "needs", "waiting", "off", "locked", "unknown"]

SOON, URGENT = 0.20, 0.10

WORDS: dict[Kind, str] = {
    "fresh": "Fresh",
    "soon": "Ends soon",
    "urgent": "About to end",
    "renewing": "Renewing",
    "retrying": "Retrying",
    "needs": "Needs you",
    "waiting": "Waiting for the browser",
    "off": "Off",
    "locked": "Locked",
    "unknown": "Lifetime unknown",
}

TONE: dict[Kind, str] = {
    "fresh": "fresh",
    "soon": "soon",
    "urgent": "urgent",
    "renewing": "accent",
    "retrying": "soon",
    "needs": "urgent",
    "waiting": "accent",
    "off": "off",
    "locked": "off",
    "unknown": "off",
}

_FIXED: dict[str, Kind] = {
    "refreshing": "renewing",
    "retrying": "retrying",
    "unsaved": "needs",
    "needs_login": "needs",
    "keyring_unavailable": "locked",
    "signing_in": "waiting",
    "closed": "off",
    "opening": "unknown",
}


def kind_for(status: str, fraction: float | None) -> Kind:
    """The kind for a status of `status --json` and the share of life that is left (None: no lifetime was sent)."""
    if status in _FIXED:
        return _FIXED[status]
    if fraction is None:
        return "unknown"
    if fraction < URGENT:
        return "urgent"
    return "soon" if fraction < SOON else "fresh"


def share(left: float | None, lifetime: float | None) -> float | None:
    """What is left of a life, 0 to 1; None when its length is unknown."""
    if left is None or not lifetime or lifetime <= 0:
        return None
    return max(0.0, min(1.0, left / lifetime))


def urgency(left: float | None, lifetime: float | None) -> str:
    """ "fresh", "soon" under 20 % of the life, "urgent" under 10 %."""
    part = share(left, lifetime)
    if part is None:
        return "fresh"
    return "urgent" if part < URGENT else "soon" if part < SOON else "fresh"
