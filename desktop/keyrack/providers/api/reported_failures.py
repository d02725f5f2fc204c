"""Makes a failure of what an API reports in a decoded response, by the classes that the provider's file names."""

from collections.abc import Callable
from typing import Any

from keyrack.oauth.endpoints.error_response import first_text, own_words
from keyrack.oauth.oauth_errors import Unavailable
from keyrack.oauth.strict_json import text_at
from keyrack.primitives.failure import Failure
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.schema import ApiErrors, ApiFailure, Provider

_FORBIDDEN = (403, 451)


def api_failure(provider: Provider, status: int, value: Any) -> Failure | None:
    """The failure in a response, whatever its status. None if there is none."""
    errors = provider.errors
    code, message = first_text(value, errors.codes, besides=errors.no_error), first_text(value, errors.messages)
    detail = own_words(code, message, status)
    known = _known(errors, code, value)
    if known is not None:
        return _in_own_words(provider, known, detail or known.says)
    kinds = (("unauthorized", errors.unauthorized), ("rights", errors.rights), ("wait", errors.wait))
    kind = next((kind for kind, codes in kinds if code and code in codes), "")
    if not kind and (code or status >= 400):
        kind = "rights" if status in _FORBIDDEN else "refused"
    return _MADE[kind](provider, detail) if kind else None


def _known(errors: ApiErrors, code: str, value: Any) -> ApiFailure | None:
    return next((each for each in errors.failures if each.says == (text_at(value, each.at) if each.at else code)), None)


def _in_own_words(provider: Provider, known: ApiFailure, detail: str) -> Failure:
    general = _MADE[known.kind](provider, detail)
    general.retry_after = known.least_wait
    if not known.happened:
        return general
    return type(general)(
        "provider_file_failure",
        detail=general.detail,
        retry_after=known.least_wait,
        what=known.happened,
        meaning=known.means,
        advice=known.todo,
    )


def token_refused(provider: Provider, detail: str) -> Failure:
    """The failure for a token that the API does not accept."""
    return TokenRefused("api_token_refused", provider=provider.company_name, detail=detail)


def _may_not(provider: Provider, detail: str) -> Failure:
    return ApiRefused("figures_not_permitted", provider=provider.company_name, detail=detail)


def _later(provider: Provider, detail: str) -> Failure:
    return Unavailable("server_slows_down", server=provider.company_name, detail=detail)


def _refused(provider: Provider, detail: str) -> Failure:
    return ApiRefused("figures_refused", provider=provider.company_name, detail=detail)


_MADE: dict[str, Callable[[Provider, str], Failure]] = {
    "unauthorized": token_refused,
    "rights": _may_not,
    "wait": _later,
    "refused": _refused,
}
