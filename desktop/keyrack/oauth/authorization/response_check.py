"""The authorization request, and the check of the response to it (RFC 6749 §4.1, RFC 9207)."""

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
    """One sign-in as it was sent to the provider; everything the answer must match (S30).

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


class Unproven(NotOurs):
    """An error that carries no state: a person may believe it, Keyrack does not (S10, S33)."""


def new_state() -> Secret:
    """A fresh state from the system's random source, 256 bit (S27)."""
    return Secret(secrets.token_urlsafe(_STATE_BYTES))


def check_response(request: AuthorizationRequest, target_query: str) -> Secret:
    """The code that a query string brings.

    AccessDenied, RequestRefused and WrongIssuer end the sign-in; NotOurs leaves it waiting (S9).
    The listener and the pasted address share this check (S26).
    """
    return check(request, parse(target_query))


def check(request: AuthorizationRequest, response: AuthorizationResponse) -> Secret:
    """As `check_response`, for a response that was parsed already."""
    if not claims(request, response):
        raise NotOurs("The address belongs to another sign-in.")
    proven = response.state is not None
    if response.error is not None and not proven:
        raise Unproven("The provider reported a refusal, but not for which sign-in.")
    if not _issuer_fits(request, response):
        raise _wrong_issuer() if proven else NotOurs("The address comes from another provider.")
    if response.code is not None:
        return Secret(response.code)
    raise _refusal(response)


def claims(request: AuthorizationRequest, response: AuthorizationResponse) -> bool:
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


def _wrong_issuer() -> WrongIssuer:
    return WrongIssuer(
        "The sign-in was answered by the wrong provider.",
        "Keyrack ended it and sent nothing on.",
        "Start the sign-in again from Keyrack.",
    )


def _refusal(response: AuthorizationResponse) -> AccessDenied | RequestRefused:
    detail = plain(": ".join(part for part in (response.error, response.error_description) if part))
    if response.error == "access_denied":
        return AccessDenied(
            "Access was refused at the provider.", "Nothing was changed.", "Sign in again to allow it.", detail=detail
        )
    return RequestRefused(
        "The provider ended the sign-in with an error.", "Nothing was changed.", "Try to sign in again.", detail=detail
    )
