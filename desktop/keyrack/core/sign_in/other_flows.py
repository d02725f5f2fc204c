"""Signs in where no browser comes back: with a key, a code copied from a page, or one approved on another device."""

from collections.abc import Callable

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing, State
from keyrack.core.sign_in.device_approval import approved
from keyrack.core.sign_in.sign_in_context import Means
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.oauth_errors import InvalidGrant, RequestRefused
from keyrack.oauth.token import Token
from keyrack.primitives.secret import Secret


async def ask(means: Means, account: Account, typed: Secret | None, show: Callable[[State], object]) -> Token:
    """The token, by the account's flow; `typed` is what the person entered, `show` takes each state on the way."""
    client = means.records.client(account)
    if account.settings.flow == "user_code":
        return await _by_user_code(means, account, client, typed)
    if account.settings.flow == "device_code":
        return await _by_device_code(means, account, client, show)
    async with means.services.pace(account).turn(0.0):
        return await means.services.of(account).endpoint.client_credentials(client)


async def _by_user_code(means: Means, account: Account, client: OAuthClient, typed: Secret | None) -> Token:
    endpoint = means.services.of(account).endpoint
    found = means.codes.read(account.id, typed)
    try:
        if found.redirected:
            token = await endpoint.authorization_code(client, found.code, None)
        else:
            token = await endpoint.user_code(client, found.code)
    except (InvalidGrant, RequestRefused):
        means.codes.ended(account.id, good=False)
        raise
    means.codes.ended(account.id, good=True)
    return token


async def _by_device_code(
    means: Means, account: Account, client: OAuthClient, show: Callable[[State], object]
) -> Token:
    clock, endpoint = means.clock, means.services.of(account).device
    begun = await endpoint.begin(client)
    show(Authorizing(clock.elapsed(), begun.ends, "device", device=begun))
    token = await approved(endpoint, client, begun, clock)
    show(Authorizing(clock.elapsed(), None, "exchanging"))
    return token
