"""What a ring can show: the kinds, their words and their colours."""

from typing import Literal

from PySide6.QtCore import QCoreApplication

translate = QCoreApplication.translate
Urgency = Literal["fresh", "soon", "urgent"]
Kind = Literal["fresh", "soon", "urgent", "renewing", "retrying", "needs", "waiting", "off", "locked", "unknown"]

SOON, URGENT = 0.20, 0.10

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


def kind_words(kind: Kind) -> str:
    """A kind in two or three words, for screen readers and for headlines."""
    return {
        "fresh": translate("Ring", "Fresh"),
        "soon": translate("Ring", "Ends soon"),
        "urgent": translate("Ring", "About to end"),
        "renewing": translate("Ring", "Renewing"),
        "retrying": translate("Ring", "Trying again"),
        "needs": translate("Ring", "Needs you"),
        "waiting": translate("Ring", "Waiting for the browser"),
        "off": translate("Ring", "Off"),
        "locked": translate("Ring", "Locked"),
        "unknown": translate("Ring", "Lifetime unknown"),
    }[kind]


def kind_for(status: str, fraction: float | None) -> Kind:
    """The kind for a status of `status --json` and the share of life that is left (None: no lifetime was sent)."""
    if status in _FIXED:
        return _FIXED[status]
    return "unknown" if fraction is None else _urgency_of(fraction)


def share(left: float | None, lifetime: float | None) -> float | None:
    """The part of a lifetime that is left, 0 to 1. None when the lifetime is unknown."""
    if left is None or not lifetime or lifetime <= 0:
        return None
    return max(0.0, min(1.0, left / lifetime))


def urgency(left: float | None, lifetime: float | None) -> Urgency:
    """How near the end is: "soon" under 20 % of the life, "urgent" under 10 %, else "fresh"."""
    part = share(left, lifetime)
    return "fresh" if part is None else _urgency_of(part)


def _urgency_of(part: float) -> Urgency:
    return "urgent" if part < URGENT else "soon" if part < SOON else "fresh"
