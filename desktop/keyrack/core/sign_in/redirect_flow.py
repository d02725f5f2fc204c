"""Starts a sign-in by redirect: the redirect URI, the authorization request, and the listener for the callback."""

from contextlib import suppress
from dataclasses import dataclass, replace

from keyrack.core.accounts.account import Account
from keyrack.core.failures import WrongAccount
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.authorization.redirect_uri import BadRedirect, parse
from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.authorization.response_check import AuthorizationRequest
from keyrack.oauth.loopback.outcome import Outcome, outcome_of
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.loopback.reserved_port import ReservedPort
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.failure import Failure

WINDOW = 300.0
WINDOW_WITHOUT_STATE = 120.0


@dataclass(frozen=True, slots=True)
class RedirectSignIn:
    """A sign-in whose listener is open. No response is accepted after `ends`, in elapsed seconds."""

    request: AuthorizationRequest
    client: OAuthClient
    pending: PendingSignIn
    ends: float


async def begin_redirect(context: SignInContext, account: Account) -> RedirectSignIn:
    """Open the listener for the callback. Raises Failure, for example for a port that is taken.

    Where the provider accepts any port, each sign-in gets its own port, which no other can have (S4).
    """
    site, client = context.sites.of(account), context.records.client(account)
    reserved = _reserved(context, client) if site.server.dialect.redirect_port == "any" else None
    if reserved is not None:
        client = replace(client, redirect_uri=reserved.redirect_uri)
    try:
        request = make_request(site.server, client, site.provider.id, account.id)
        window = WINDOW if request.state_echo else WINDOW_WITHOUT_STATE
        if site.keys is not None:
            window = site.keys.sign_in_window
        pending = await context.redirects.begin(request, window, reserved=reserved)
    except BaseException:
        if reserved is not None:
            reserved.release()
        raise
    return RedirectSignIn(request, client, pending, context.clock.elapsed() + window)


def _reserved(context: SignInContext, client: OAuthClient) -> ReservedPort | None:
    """A free port. None for an address that the person pastes."""
    with suppress(BadRedirect):
        return context.redirects.reserve(client.redirect_uri) if parse(client.redirect_uri).loopback else None
    return None


def page_for(why: Failure) -> Outcome:
    """The closing page that describes this failure best."""
    if isinstance(why, WrongAccount):
        return Outcome.WRONG_ACCOUNT
    return Outcome.NOT_SAVED if isinstance(why, VaultFailure) else outcome_of(why)
