"""What WhiteBIT's answers to signed calls mean, by their literal texts (Fast API key, section 6)."""

from typing import Any

from keyrack.oauth.endpoints.error_response import own_words
from keyrack.oauth.strict_json import text_at
from keyrack.primitives.failure import Failure
from keyrack.providers.api.api_client import ApiRefused, TokenRefused

NAME = "WhiteBIT"
NONCE_TEXT = "Too many requests."
_OURS = (
    "Payload not provided.",
    "Invalid payload.",
    "Nonce not provided.",
    "Request not provided.",
    "Invalid nonceWindow.",
    "Validation failed",
)
_RIGHTS = (
    "This action is unauthorized.",
    "This API Key is not authorized to perform this action.",
    "You don't have permission to use this endpoint.",
)
_DISABLED = "This action is unauthorized. Enable your key in API settings"
_UNKNOWN_KEY = "Unauthorized request."


class KeyUnknown(TokenRefused):
    """The key or its secret is wrong, or the key is gone."""


class NonceRefused(Failure):
    """The number of the call was not above the last one that WhiteBIT saw (Q6); nothing was done."""


class KeyMayNot(ApiRefused):
    """The key lacks the right for this call."""


class KeyDisabled(ApiRefused):
    """The key is disabled, or this network's address is not allowed: WhiteBIT has one text for both (Q7)."""


def signed_refusal(status: int, value: Any) -> Failure | None:
    """The failure that a decoded answer tells, by its text and code first and by its status last; None for none."""
    code, said = text_at(value, "code"), text_at(value, "message") or text_at(value, "data.message")
    if status < 400 and not (code and said):
        return None
    detail = own_words(code, said, status)
    known = _by_text(said, detail) or _by_code(code, detail)
    if known is not None:
        return known
    if status == 401:
        return _unknown_key(detail)
    return _may_not(detail) if status in (403, 451) else _refused(detail)


def _by_text(said: str, detail: str) -> Failure | None:
    text = said.strip()
    if text == NONCE_TEXT:
        return _nonce(detail)
    if text.rstrip(".") == _DISABLED:
        return _disabled(detail)
    if text in _RIGHTS:
        return _may_not(detail)
    if text == _UNKNOWN_KEY:
        return _unknown_key(detail)
    if text in _OURS:
        return _ours(detail)
    return _clock(detail) if "nonce" in text.casefold() else None


def _by_code(code: str, detail: str) -> Failure | None:
    made = {"9": _ours, "10": _unknown_key, "2": _disabled, "4": _may_not, "30": _ours}.get(code)
    return made(detail) if made is not None else None


def _unknown_key(detail: str) -> Failure:
    return KeyUnknown(
        f"{NAME} does not know this key, or its secret is wrong.",
        "The key was deleted or withdrawn, by you, by a changed password or by WhiteBIT itself.",
        "Sign in again to make a new key.",
        detail=detail,
    )


def _nonce(detail: str) -> Failure:
    return NonceRefused(
        f"{NAME} has seen a later request with this key already.",
        "This computer's clock went back, or another program uses the same key. Nothing is wrong with the key.",
        "Check the clock, and use the key in one program only.",
        detail=detail,
    )


def _clock(detail: str) -> Failure:
    return ApiRefused(
        f"{NAME} says that this computer's clock is wrong.",
        "Requests are only good for five seconds around the right time.",
        "Set the clock of this computer, best by itself over the network.",
        detail=detail,
    )


def _disabled(detail: str) -> Failure:
    return KeyDisabled(
        f"{NAME} does not accept the key from here.",
        "Either the key was disabled, which happens after 14 days without use, or the address of your internet "
        "connection is not the one that the key is bound to. WhiteBIT says the same for both.",
        "Look at the key on WhiteBIT's page; delete it there if it is disabled, then sign in again.",
        detail=detail,
    )


def _may_not(detail: str) -> Failure:
    return KeyMayNot(
        f"The key may not read this at {NAME}.",
        "The right was not ticked when the key was made, and a key's rights cannot be changed later.",
        "Delete the key and sign in again to make one with the right to read.",
        detail=detail,
    )


def _ours(detail: str) -> Failure:
    return ApiRefused(
        f"{NAME} did not understand the request.",
        "This is a fault of Keyrack, not of your key. Nothing was changed.",
        "Look for a newer Keyrack; the old figures stay.",
        detail=detail,
    )


def _refused(detail: str) -> Failure:
    return ApiRefused(
        f"{NAME} did not give the figures.",
        "The key is not affected.",
        "Keyrack tries again by itself.",
        detail=detail,
    )
