"""Signs in without a redirect: by client credentials, a device code (RFC 8628), a user code or a refresh token."""

from collections.abc import Callable

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing, State
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.net.network_errors import NoResponse, TooLarge, Unreachable
from keyrack.oauth.endpoints.device import DeviceAuthorization, DeviceEndpoint, expired
from keyrack.oauth.oauth_errors import InvalidGrant, NotYetApproved, RequestRefused, Transient
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.primitives.sleep import sleep_until

SLOWER_SECONDS = 5.0
LONGEST_PAUSE = 60.0
_TEMPORARY = (Transient, Unreachable, NoResponse, TooLarge)


async def request_token(
    context: SignInContext, account: Account, typed: Secret | None, show: Callable[[State], object]
) -> Token:
    """The token, by the account's flow.

    `typed` is what the person entered. `show` is called with each state on the way.
    """
    client = context.records.client(account)
    if account.settings.flow == "user_code":
        return await _by_user_code(context, account, client, typed)
    if account.settings.flow == "refresh_token":
        return await _by_refresh_token(context, account, client, typed)
    if account.settings.flow == "device_code":
        return await _by_device_code(context, account, client, show)
    async with context.sites.throttle(account).turn(account.id, 0.0):
        return await context.sites.of(account).endpoint.client_credentials(client)


async def _by_user_code(context: SignInContext, account: Account, client: OAuthClient, typed: Secret | None) -> Token:
    endpoint = context.sites.of(account).endpoint
    found = context.codes.read(account.id, typed)
    try:
        if found.redirected:
            token = await endpoint.authorization_code(client, found.code, None)
        else:
            token = await endpoint.user_code(client, found.code)
    except (InvalidGrant, RequestRefused):
        context.codes.record_outcome(account.id, accepted=False)
        raise
    context.codes.record_outcome(account.id, accepted=True)
    return token


async def _by_refresh_token(
    context: SignInContext, account: Account, client: OAuthClient, typed: Secret | None
) -> Token:
    refresh = context.codes.read_token(account.id, typed)
    try:
        async with context.sites.throttle(account).turn(account.id, 0.0):
            token = await context.sites.of(account).endpoint.pasted_refresh_token(client, refresh)
    except (InvalidGrant, RequestRefused):
        context.codes.record_outcome(account.id, accepted=False)
        raise
    context.codes.record_outcome(account.id, accepted=True)
    return token


async def _by_device_code(
    context: SignInContext, account: Account, client: OAuthClient, show: Callable[[State], object]
) -> Token:
    clock, endpoint = context.clock, context.sites.of(account).device
    authorization = await endpoint.begin(client)
    show(Authorizing(clock.elapsed(), authorization.ends, "device", device=authorization))
    token = await poll_until_approved(endpoint, client, authorization, clock)
    show(Authorizing(clock.elapsed(), None, "exchanging"))
    return token


async def poll_until_approved(
    endpoint: DeviceEndpoint, client: OAuthClient, authorization: DeviceAuthorization, clock: Clock
) -> Token:
    """The token. Raises SignInExpired, AccessDenied, or any other failure that ends the sign-in.

    The polls are as far apart as the server asked. Each slow_down adds 5 s for good (RFC 8628 section 3.5). A temporary
    failure doubles the pause up to 60 s. There is no poll after the code has expired.
    """
    pause = authorization.interval
    while True:
        await sleep_until(min(clock.elapsed() + pause, authorization.ends), clock.elapsed)
        if clock.elapsed() >= authorization.ends:
            raise expired()
        try:
            return await endpoint.poll(client, authorization.device_code)
        except NotYetApproved as why:
            pause += SLOWER_SECONDS if why.slower else 0.0
        except _TEMPORARY as why:
            least = why.retry_after or 0.0
            pause = max(min(pause * 2, LONGEST_PAUSE), pause, least)
