"""All pending sign-ins by redirect. Their addresses on this machine are open while one waits (RFC 8252 section 7.3)."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from keyrack.net.address import LOOPBACK_IPV4
from keyrack.oauth.authorization.redirect_uri import RedirectUri, parse
from keyrack.oauth.authorization.response_check import AuthorizationRequest
from keyrack.oauth.loopback import reserved_port
from keyrack.oauth.loopback.deadlines import Deadlines
from keyrack.oauth.loopback.listener import Listener
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.loopback.reserved_port import ReservedPort
from keyrack.oauth.oauth_errors import SignInCancelled, SignInExpired
from keyrack.primitives.clock import elapsed as seconds_since_boot

_LONGEST_NAP = 10.0


class Redirects:
    """One listener for each port, closed when its last sign-in has left (S2).

    `elapsed` counts suspend. `check_peer` False admits a browser that runs as another user (S23).
    """

    def __init__(
        self,
        *,
        elapsed: Callable[[], float] = seconds_since_boot,
        deadlines: Deadlines | None = None,
        check_peer: bool = True,
    ) -> None:
        self._elapsed = elapsed
        self._deadlines = deadlines or Deadlines()
        self._check_peer = check_peer
        self._listeners: dict[int, Listener] = {}

    def reserve(self, redirect_uri: str) -> ReservedPort:
        """A redirect address on a free port, for a provider that admits any port (S4). Pass it to `begin`."""
        return reserved_port.reserve(redirect_uri)

    async def begin(
        self, request: AuthorizationRequest, window: float | None = None, *, reserved: ReservedPort | None = None
    ) -> PendingSignIn:
        """Wait for the response to a request. The listener accepts already when this returns (S3).

        `window` is in seconds, at most 600, or 120 where no state comes back. Raises PortBusy and BadRedirect.
        An https redirect gets no listener for its response, because the person pastes that.
        """
        redirect = parse(request.redirect_uri)
        sockets = reserved.sockets if reserved is not None else self._sockets(redirect)
        port = redirect.port if redirect.loopback else next(iter(sockets.values())).getsockname()[1]
        origin = redirect.origin if redirect.loopback else f"http://{LOOPBACK_IPV4}:{port}"
        ends = self._elapsed() + self._deadlines.window_for(request, window)
        sign_in = PendingSignIn(request, redirect, origin, ends)
        self._replace(request)
        listener = self._listener(port)
        listener.pending.append(sign_in)
        sign_in.task = asyncio.create_task(self._until_over(sign_in, listener))
        listener.serve(sockets)
        return sign_in

    async def close(self) -> None:
        """Cancel every sign-in. No listener is left."""
        pending = [sign_in for listener in self._listeners.values() for sign_in in listener.pending]
        await asyncio.gather(*(sign_in.abandon() for sign_in in pending))

    def _sockets(self, redirect: RedirectUri) -> dict[str, socket.socket]:
        if not redirect.loopback:
            return reserved_port.listen((LOOPBACK_IPV4,), 0)
        listener = self._listeners.get(redirect.port)
        open_already = listener.addresses if listener is not None else set()
        return reserved_port.listen([a for a in redirect.addresses if a not in open_already], redirect.port)

    def _listener(self, port: int) -> Listener:
        if port not in self._listeners:
            page_seconds = self._deadlines.page
            self._listeners[port] = Listener(
                port, self._elapsed, page_seconds=page_seconds, check_peer=self._check_peer
            )
        return self._listeners[port]

    def _replace(self, request: AuthorizationRequest) -> None:
        """End an older sign-in of the same provider where no state distinguishes the two (S33)."""
        for listener in self._listeners.values():
            for sign_in in listener.pending:
                other = sign_in.request
                if not (request.state_echo or other.state_echo) and other.provider == request.provider:
                    sign_in.settle(SignInCancelled("sign_in_replaced"), page_due=False)

    async def _until_over(self, sign_in: PendingSignIn, listener: Listener) -> None:
        await self._window(sign_in)
        sign_in.settle(SignInExpired("redirect_expired"), page_due=False)
        await sign_in.page_shown(self._deadlines.linger)
        listener.remove(sign_in)
        if not listener.pending and self._listeners.get(listener.port) is listener:
            del self._listeners[listener.port]
            await listener.close()

    async def _window(self, sign_in: PendingSignIn) -> None:
        while sign_in.open and (left := sign_in.ends - self._elapsed()) > 0:
            # Short naps: the loop's own clock stands still while the machine sleeps.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LONGEST_NAP)):
                    await sign_in.responded.wait()
