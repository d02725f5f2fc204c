"""Makes a failure of what an API reports in a decoded response, by the classes that the provider's file names."""

from collections.abc import Callable
from typing import Any

from keyrack.language.translation import Phrase
from keyrack.net.client.client_message import Response
from keyrack.oauth.endpoints.error_response import first_text, own_words, service_ended
from keyrack.oauth.oauth_errors import Unavailable, UnexpectedResponse
from keyrack.oauth.strict_json import read_figures, text_at
from keyrack.primitives.failure import Failure
from keyrack.providers.api.api_failures import ApiRefused, GatewayRefused, TokenRefused
from keyrack.providers.schema import ApiErrors, ApiFailure, Provider

_FORBIDDEN = (403, 451)


def api_failure(provider: Provider, status: int, value: Any) -> Failure | None:
    """The failure in a response, whatever its status. None if there is none."""
    errors = provider.errors
    code = _code(errors, value)
    known = _known(errors, code, value)
    if known is None and not code and status < 400:
        return None  # a good answer has no words to be searched for secrets, which takes as long as there are many
    detail = _words(errors, status, value)
    if known is not None:
        return _in_own_words(provider, known, detail or known.says)
    kinds = (
        ("ended", errors.ended),
        ("unauthorized", errors.unauthorized),
        ("rights", errors.rights),
        ("wait", errors.wait),
    )
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
        what=Phrase(known.happened),
        meaning=Phrase(known.means),
        advice=Phrase(known.todo),
    )


def unauthorized(provider: Provider, response: Response) -> TokenRefused:
    """The failure of a 401, with the words of the API where it is its own (RFC 6750 section 3)."""
    try:
        value = read_figures(response.body, provider.company_name)
    except UnexpectedResponse:
        challenged = response.headers.get("www-authenticate", "").lower().startswith("bearer")
        kind = TokenRefused if challenged or not response.body.strip() else GatewayRefused
        return kind("api_token_refused", provider=provider.company_name, detail=f"HTTP {response.status}")
    return _token_refused(provider, _words(provider.errors, response.status, value))


def _code(errors: ApiErrors, value: Any) -> str:
    """The API's code, "" without one."""
    return first_text(value, errors.codes, besides=errors.no_error)


def _words(errors: ApiErrors, status: int, value: Any) -> str:
    """The API's words for the person."""
    return own_words(_code(errors, value), first_text(value, errors.messages), status)


def _ended(provider: Provider, detail: str) -> Failure:
    return service_ended(provider.name, detail, provider.ends_note)


def _token_refused(provider: Provider, detail: str) -> TokenRefused:
    return TokenRefused("api_token_refused", provider=provider.company_name, detail=detail)


def _may_not(provider: Provider, detail: str) -> Failure:
    return ApiRefused("figures_not_permitted", provider=provider.company_name, detail=detail)


def _later(provider: Provider, detail: str) -> Failure:
    return Unavailable("server_slows_down", server=provider.company_name, detail=detail)


def _refused(provider: Provider, detail: str) -> Failure:
    return ApiRefused("figures_refused", provider=provider.company_name, detail=detail)


_MADE: dict[str, Callable[[Provider, str], Failure]] = {
    "ended": _ended,
    "unauthorized": _token_refused,
    "rights": _may_not,
    "wait": _later,
    "refused": _refused,
}
