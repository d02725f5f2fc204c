"""The only way in: the redirect addresses on this machine, open while a sign-in waits (RFC 8252 §7.3)."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

from keyrack.net.address import LOOPBACK_IPV4
from keyrack.oauth.authorization.redirect_uri import RedirectUri, parse
from keyrack.oauth.authorization.response_check import AuthorizationRequest
from keyrack.oauth.loopback import reserved_port
from keyrack.oauth.loopback.deadlines import Deadlines
from keyrack.oauth.loopback.listener import Listener, expired
from keyrack.oauth.loopback.pending import PendingSignIn
from keyrack.oauth.loopback.reserved_port import ReservedPort
from keyrack.oauth.oauth_errors import SignInCancelled
from keyrack.primitives.clock import elapsed as seconds_since_boot

_LONGEST_NAP = 10.0


class Redirects:
    """All sign-ins by redirect: one listener per port, closed when its last sign-in has left (S2).

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

    def hold(self, redirect_uri: str) -> ReservedPort:
        """A redirect address on a free port, for a provider that admits any port (S4); give it to `begin`."""
        return reserved_port.hold(redirect_uri)

    async def begin(
        self, request: AuthorizationRequest, window: float | None = None, *, held: ReservedPort | None = None
    ) -> PendingSignIn:
        """Wait for the answer to a request, accepting already when this returns (S3).

        `window` in seconds, at most 600, or 120 where no state comes back. Raises PortBusy and
        BadRedirect. An https redirect gets no listener for its answer: that is pasted.
        """
        redirect = parse(request.redirect_uri)
        sockets = held.sockets if held is not None else self._take(redirect)
        port = redirect.port if redirect.loopback else next(iter(sockets.values())).getsockname()[1]
        origin = redirect.origin if redirect.loopback else f"http://{LOOPBACK_IPV4}:{port}"
        ends = self._elapsed() + self._deadlines.window_for(request, window)
        waiting = PendingSignIn(request, redirect, origin, ends)
        self._replace(request)
        listener = self._listener(port)
        listener.waitings.append(waiting)
        waiting.life = asyncio.create_task(self._live(waiting, listener))
        listener.serve(sockets)
        return waiting

    async def close(self) -> None:
        """Cancel every sign-in; no listener is left."""
        waitings = [waiting for listener in self._listeners.values() for waiting in listener.waitings]
        await asyncio.gather(*(waiting.abandon() for waiting in waitings))

    def _take(self, redirect: RedirectUri) -> dict[str, socket.socket]:
        if not redirect.loopback:
            return reserved_port.take((LOOPBACK_IPV4,), 0)
        listener = self._listeners.get(redirect.port)
        open_already = listener.addresses if listener is not None else set()
        return reserved_port.take([a for a in redirect.addresses if a not in open_already], redirect.port)

    def _listener(self, port: int) -> Listener:
        if port not in self._listeners:
            page_seconds = self._deadlines.page
            self._listeners[port] = Listener(
                port, self._elapsed, page_seconds=page_seconds, check_peer=self._check_peer
            )
        return self._listeners[port]

    def _replace(self, request: AuthorizationRequest) -> None:
        """Where no state tells two sign-ins of a provider apart, the newer one replaces the older (S33)."""
        for listener in self._listeners.values():
            for waiting in listener.waitings:
                other = waiting.request
                if not (request.state_echo or other.state_echo) and other.provider == request.provider:
                    replaced = SignInCancelled("A newer sign-in of the same provider replaced this one.")
                    waiting.settle(replaced, page_due=False)

    async def _live(self, waiting: PendingSignIn, listener: Listener) -> None:
        await self._window(waiting)
        waiting.settle(expired(), page_due=False)
        await waiting.page_shown(self._deadlines.linger)
        listener.remove(waiting)
        if not listener.waitings and self._listeners.get(listener.port) is listener:
            del self._listeners[listener.port]
            await listener.close()

    async def _window(self, waiting: PendingSignIn) -> None:
        while waiting.open and (left := waiting.ends - self._elapsed()) > 0:
            # Short naps: the loop's own clock stands still while the machine sleeps.
            with suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LONGEST_NAP)):
                    await waiting.answered.wait()
