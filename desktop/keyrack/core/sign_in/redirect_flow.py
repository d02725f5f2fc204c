"""Begins a sign-in by redirect: the address to come back to, the request, and the listener that waits."""

from contextlib import suppress
from dataclasses import dataclass, replace

from keyrack.core.accounts.account import Account
from keyrack.core.sign_in.sign_in_context import Means
from keyrack.oauth.authorization.redirect_uri import BadRedirect, parse
from keyrack.oauth.authorization.request import make_request
from keyrack.oauth.authorization.response_check import AuthorizationRequest
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.loopback.pending import Waiting
from keyrack.oauth.loopback.reserved_port import Held

WINDOW = 300.0
WINDOW_WITHOUT_STATE = 120.0
WINDOW_WITH_CONSENT = 600.0


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in whose listener accepts; `ends` is the moment after which no answer counts."""

    request: AuthorizationRequest
    client: OAuthClient
    waiting: Waiting
    ends: float


async def begin(means: Means, account: Account) -> Begun:
    """Wait for the browser from here on; raises Failure, such as a port that is taken.

    Where the provider admits any port each sign-in gets one of its own, which no other can hold (S4).
    """
    service, client = means.services.of(account), means.records.client(account)
    held = _held(means, client) if service.server.dialect.redirect_port == "any" else None
    if held is not None:
        client = replace(client, redirect_uri=held.redirect_uri)
    try:
        request = make_request(service.server, client, service.provider.id, account.id)
        window = WINDOW if request.state_echo else WINDOW_WITHOUT_STATE
        if account.settings.flow == "fast_api_key":
            window = WINDOW_WITH_CONSENT
        waiting = await means.redirects.begin(request, window, held=held)
    except BaseException:
        if held is not None:
            held.release()
        raise
    return Begun(request, client, waiting, means.clock.elapsed() + window)


def _held(means: Means, client: OAuthClient) -> Held | None:
    """A free port; None for an address that is pasted."""
    with suppress(BadRedirect):
        return means.redirects.hold(client.redirect_uri) if parse(client.redirect_uri).loopback else None
    return None
