"""Waits until a person has approved a sign-in at the provider's device page (RFC 8628 §3.5)."""

import asyncio

from keyrack.net.network_errors import NoAnswer, TooLarge, Unreachable
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.endpoints.device import DeviceAuthorization, DeviceEndpoint, expired
from keyrack.oauth.oauth_errors import NotYetApproved, Transient
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock

SLOWER_SECONDS = 5.0
LONGEST_PAUSE = 60.0
_LONGEST_NAP = 0.25
_PASSING = (Transient, Unreachable, NoAnswer, TooLarge)


async def approved(endpoint: DeviceEndpoint, client: OAuthClient, begun: DeviceAuthorization, clock: Clock) -> Token:
    """The token; raises SignInExpired, AccessDenied or whatever else ends the sign-in.

    Polls no faster than the server asked: 5 s more for good at each slow_down, twice as slow after
    trouble on the way, and not at all once the code has ended.
    """
    pause = begun.interval
    while True:
        await _until(min(clock.elapsed() + pause, begun.ends), clock)
        if clock.elapsed() >= begun.ends:
            raise expired()
        try:
            return await endpoint.poll(client, begun.device_code)
        except NotYetApproved as why:
            pause += SLOWER_SECONDS if why.slower else 0.0
        except _PASSING as why:
            wished = getattr(why, "retry_after", None) or 0.0
            pause = max(min(pause * 2, LONGEST_PAUSE), pause, wished)


async def _until(moment: float, clock: Clock) -> None:
    # Short naps, because a timer of the loop does not count a suspended computer (S80).
    while (left := moment - clock.elapsed()) > 0:  # noqa: ASYNC110 - time is what is waited for
        await asyncio.sleep(min(left, _LONGEST_NAP))
