"""Holds an authorization request, and checks the response to it (RFC 6749 section 4.1, RFC 9207)."""

import secrets
from dataclasses import dataclass, field
from hmac import compare_digest

from keyrack.oauth.authorization.response import AuthorizationResponse, NotOurs, parse
from keyrack.oauth.oauth_errors import AccessDenied, RequestRefused, WrongIssuer
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret

_STATE_BYTES = 32


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """One sign-in as it was sent to the provider, with all values that the response must match (S30).

    `state_echo` is False only for a provider that never returns the state (S33).
    """

    provider: str
    account: str
    client_id: str
    redirect_uri: str
    url: Secret = field(repr=False)
    state: Secret = field(repr=False)
    verifier: Secret | None = field(default=None, repr=False)
    issuer: str | None = None
    iss_required: bool = False
    state_echo: bool = True
    nonce: Secret | None = field(default=None, repr=False)


class Unproven(NotOurs):
    """An error that carries no state. Only the person may decide that it is genuine (S10, S33)."""

    code = "refusal_unproven"


def new_state() -> Secret:
    """A fresh state from the system's random source, 256 bit (S27)."""
    return Secret(secrets.token_urlsafe(_STATE_BYTES))


def check_response(request: AuthorizationRequest, target_query: str) -> Secret:
    """The code in the query string of a response.

    AccessDenied, RequestRefused and WrongIssuer end the sign-in. NotOurs leaves it pending (S9).
    The listener and the pasted address share these checks (S26).
    """
    response = parse(target_query)
    if not has_state_of(request, response):
        raise NotOurs("response_of_other_sign_in")
    return code_of(request, response)


def code_of(request: AuthorizationRequest, response: AuthorizationResponse) -> Secret:
    """The code of a response for which `has_state_of` holds. Raises as `check_response` does."""
    proven = response.state is not None
    if response.error is not None and not proven:
        raise Unproven
    if not _issuer_fits(request, response):
        raise WrongIssuer if proven else NotOurs("response_of_other_provider")
    if response.code is not None:
        return Secret(response.code)
    raise _refusal(response)


def has_state_of(request: AuthorizationRequest, response: AuthorizationResponse) -> bool:
    """Whether the response's state is the request's, compared in constant time (S11).

    An absent state is enough only where the provider never returns it.
    """
    if response.state is None:
        return not request.state_echo
    return compare_digest(response.state.encode(), request.state.reveal().encode())


def _issuer_fits(request: AuthorizationRequest, response: AuthorizationResponse) -> bool:
    if response.iss is None:
        return not request.iss_required
    return response.iss == request.issuer


def _refusal(response: AuthorizationResponse) -> AccessDenied | RequestRefused:
    detail = plain(": ".join(part for part in (response.error, response.error_description) if part))
    if response.error == "access_denied":
        return AccessDenied(detail=detail)
    return RequestRefused("sign_in_error", detail=detail)
