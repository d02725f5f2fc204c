"""What WhiteBIT's responses to signed calls mean, by their literal texts (WhiteBIT Fast API key Q6, Q7)."""

from typing import Any

from keyrack.oauth.endpoints.error_response import own_words
from keyrack.oauth.strict_json import text_at
from keyrack.primitives.failure import Failure
from keyrack.providers.api.api_failures import ApiRefused
from keyrack.providers.api.key_refusals import KeyDisabled, KeyMayNot, KeyUnknown, NonceRefused

NONCE_TEXT = "Too many requests."
_NOT_UNDERSTOOD = (
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


def signed_refusal(status: int, value: Any) -> Failure | None:
    """The failure that a decoded response stands for, by its text first and by its status last. Unlike errors
    share one number, so that a number alone decides nothing.

    None for none.
    """
    code, text = text_at(value, "code"), text_at(value, "message") or text_at(value, "data.message")
    if status < 400 and not (code and text):
        return None
    detail = own_words(code, text, status)
    known = _by_text(text, detail)
    if known is not None:
        return known
    if status == 401:
        return _unknown_key(detail)
    return _may_not(detail) if status in (403, 451) else _refused(detail)


def _by_text(text: str, detail: str) -> Failure | None:
    text = text.strip()
    if text == NONCE_TEXT:
        return _nonce(detail)
    if text.rstrip(".") == _DISABLED:
        return _disabled(detail)
    if text in _RIGHTS:
        return _may_not(detail)
    if text == _UNKNOWN_KEY:
        return _unknown_key(detail)
    if text in _NOT_UNDERSTOOD:
        return _not_understood(detail)
    return _clock(detail) if "nonce" in text.casefold() else None


def _unknown_key(detail: str) -> Failure:
    return KeyUnknown("whitebit_key_unknown", detail=detail)


def _nonce(detail: str) -> Failure:
    return NonceRefused("whitebit_nonce_refused", detail=detail)


def _clock(detail: str) -> Failure:
    return ApiRefused("whitebit_clock_wrong", detail=detail)


def _disabled(detail: str) -> Failure:
    return KeyDisabled("whitebit_key_disabled", detail=detail)


def _may_not(detail: str) -> Failure:
    return KeyMayNot("whitebit_key_may_not", detail=detail)


def _not_understood(detail: str) -> Failure:
    return ApiRefused("whitebit_request_not_understood", detail=detail)


def _refused(detail: str) -> Failure:
    return ApiRefused("whitebit_figures_refused", detail=detail)
