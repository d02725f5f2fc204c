"""The only WebSocket client. Every frame to and from a provider passes here (RFC 6455)."""

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidProxyStatus, InvalidStatus
from websockets.frames import CloseCode

from keyrack.net.address import LOOPBACK
from keyrack.net.client import rules, tls
from keyrack.net.client.http_client import USER_AGENT
from keyrack.net.network_errors import NetworkFailure, NoResponse, TooLarge, Unreachable
from keyrack.net.proxy.proxies import Proxies
from keyrack.net.proxy.proxy_address import Proxy
from keyrack.net.proxy.proxy_failures import answered_itself, refused, unreachable
from keyrack.net.proxy.way import Way
from keyrack.primitives.secret import Secret

_QUIET = "websockets"
_NEXT_ADDRESS = 0.25
# A connection that existed. Any other error of the system came from the way to the proxy.
_BROKEN_OFF = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)


@dataclass(frozen=True, slots=True)
class WebSocketLimits:
    """The limits of a WebSocket in seconds, and `message` in bytes.

    A ping is sent every `ping` seconds. When no pong comes within `pong` seconds, the server counts as gone.
    """

    open: float = 10.0
    ping: float = 20.0
    pong: float = 10.0
    send: float = 10.0
    close: float = 1.0
    message: int = 1024 * 1024


class NotUpgraded(NoResponse):
    """The host sent an ordinary response. `status` and `headers` (names in lower case) are that response's."""

    def __init__(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        super().__init__(host, detail=f"HTTP {status}")
        self.status = status
        self.headers = headers


class _Connect(connect):
    """Follows no redirect. The library would follow one to any host (S41)."""

    def process_redirect(self, exc: Exception) -> Exception:
        """Report a redirect as the failure that it is."""
        return exc


class _Connection(ClientConnection):
    """Ends after the close timeout. The library leaves a reader waiting for as long as the server likes."""

    _ending = False

    def data_received(self, data: bytes) -> None:
        """Take received bytes. After a close frame or a protocol error, end the connection soon."""
        super().data_received(data)
        if not self._ending and self.protocol.close_expected() and self.close_timeout is not None:
            self._ending = True
            self.loop.call_later(self.close_timeout, self.transport.abort)


class Dialler:
    """Opens WebSockets over verified TLS and trusts no environment: no key log, no compression (S53).

    There is no proxy that the person did not choose (S52).
    """

    def __init__(
        self, *, ca_file: Path | None = None, limits: WebSocketLimits | None = None, proxies: Proxies | None = None
    ) -> None:
        self._ca_file = ca_file
        self._proxies = proxies or Proxies()
        self._limits = limits or WebSocketLimits()
        self._tls: ssl.SSLContext | None = None
        # Its own lines quote frames, and frames hold tokens.
        logging.getLogger(_QUIET).setLevel(logging.CRITICAL)

    async def open(self, url: str, *, plain_allowed: bool = False) -> "WebSocket":
        """An open WebSocket. Raises a NetworkFailure.

        `plain_allowed` admits `ws` to a literal loopback address (S40).
        """
        host = rules.check_socket(url, plain_allowed=plain_allowed)
        way = await self._proxies.to(host)
        try:
            return WebSocket(host, await self._opened(url, way.proxy), self._limits)
        except InvalidStatus as error:
            response = error.response
            failure: NetworkFailure = NotUpgraded(
                host, response.status_code, {name.lower(): value for name, value in response.headers.raw_items()}
            )
        except Exception as error:  # noqa: BLE001  the library's errors, and those of asyncio and ssl below it
            failure = _unopened(host, way, error)
        raise failure  # outside of the handler: the library's own error quotes what it read

    async def _opened(self, url: str, proxy: Proxy | None) -> ClientConnection:
        limits = self._limits
        return await _Connect(
            url,
            compression=None,
            proxy=proxy.address_with_login().reveal() if proxy is not None else None,
            user_agent_header=USER_AGENT,
            open_timeout=limits.open,
            ping_interval=limits.ping,
            ping_timeout=limits.pong,
            close_timeout=limits.close,
            max_size=limits.message,
            create_connection=_Connection,
            # Where IPv6 is broken, the first address must not cost the whole time (RFC 8305). This machine has
            # no second one, and asyncio's race leaves a socket unclosed when it is cancelled at the wrong moment.
            happy_eyeballs_delay=None if urlsplit(url).hostname in LOOPBACK else _NEXT_ADDRESS,
            **await self._secure(url),
        )

    async def _secure(self, url: str) -> dict[str, Any]:
        if urlsplit(url).scheme != "wss":
            return {}
        if self._tls is None:
            self._tls = await asyncio.to_thread(tls.shared_context, self._ca_file)
        # asyncio would wait half a minute for a host that does not end its TLS.
        return {"ssl": self._tls, "ssl_shutdown_timeout": self._limits.close}


def _unopened(host: str, way: Way, error: Exception) -> NetworkFailure:
    proxy, tls_error = way.proxy, tls.in_chain(error)
    if tls_error is not None:
        replaced = answered_itself(host, proxy, tls_error) if proxy is not None else None
        return replaced or tls.refused(host, tls_error)
    late = isinstance(error, TimeoutError)
    if proxy is not None and isinstance(error, InvalidProxyStatus):
        return refused(host, proxy, str(error.response.status_code))
    if proxy is not None and isinstance(error, OSError) and not (late or isinstance(error, _BROKEN_OFF)):
        return unreachable(host, proxy, error)
    return Unreachable(host, way.connects(), late=late, detail=type(error).__name__)


class WebSocket:
    """One open connection. No frame is kept or shown."""

    def __init__(self, host: str, connection: ClientConnection, limits: WebSocketLimits) -> None:
        self.host = host
        self._connection = connection
        self._limits = limits

    def __repr__(self) -> str:
        return f"<WebSocket {self.host}>"

    async def send(self, frame: Secret) -> None:
        """Send one text frame. Raises a NetworkFailure when the connection has ended or accepts nothing."""
        await self._within(self._limits.send, self._connection.send(frame.reveal()))

    async def receive(self) -> str:
        """The next text frame. Raises a NetworkFailure when the connection has ended."""
        try:
            frame = await self._connection.recv()
        except ConnectionClosed as error:
            failure: NetworkFailure = self._ended(error)
        else:
            if isinstance(frame, str):
                return frame
            failure = NoResponse(self.host, detail="a frame that is not text")
        raise failure

    async def check(self) -> None:
        """Send a ping. Raises a NetworkFailure when no pong comes in time."""
        await self._within(self._limits.pong, self._pong())

    async def _pong(self) -> None:
        await (await self._connection.ping())

    async def _within(self, seconds: float, operation: Awaitable[object]) -> None:
        """Await in time. Raises a NetworkFailure.

        It is raised outside of the handler, because the library's own error holds the frame.
        """
        try:
            async with asyncio.timeout(seconds):
                await operation
                return
        except ConnectionClosed as error:
            failure = self._ended(error)
        except TimeoutError:
            failure = NoResponse(self.host, late=True)
        raise failure

    async def close(self) -> None:
        """Send a close frame and wait a second at most for the server's."""
        try:
            await self._connection.close()
        finally:
            self._connection.transport.abort()

    def _ended(self, error: ConnectionClosed) -> NetworkFailure:
        """The failure for the end of the connection. The reason that the server wrote is not kept."""
        if error.sent is not None and not error.rcvd_then_sent:
            if error.sent.code == CloseCode.MESSAGE_TOO_BIG:
                return TooLarge(self.host, limit=self._limits.message)
            if error.sent.code == CloseCode.INTERNAL_ERROR:  # only a ping without a pong makes us say this
                return NoResponse(self.host, late=True)
        code = error.rcvd.code if error.rcvd is not None else CloseCode.ABNORMAL_CLOSURE
        return NoResponse(self.host, detail=f"closed with {int(code)}")
