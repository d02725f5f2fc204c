"""One WebSocket over its library. `websocket_client` imports this module when the first one is opened."""

import asyncio
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidProxyStatus, InvalidStatus
from websockets.frames import CloseCode

from keyrack.net.address import LOOPBACK
from keyrack.net.client import tls
from keyrack.net.client.http_client import USER_AGENT
from keyrack.net.client.websocket_limits import NotUpgraded, WebSocketLimits
from keyrack.net.network_errors import NetworkFailure, NoResponse, TooLarge, Unreachable
from keyrack.net.proxy.proxy_address import Proxy
from keyrack.net.proxy.proxy_failures import answered_itself, refused, unreachable
from keyrack.net.proxy.way import Way
from keyrack.primitives.secret import Secret

_NEXT_ADDRESS = 0.25
# A connection that existed. Any other error of the system came from the way to the proxy.
_BROKEN_OFF = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError)


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


async def opened(url: str, host: str, way: Way, limits: WebSocketLimits, secure: Mapping[str, Any]) -> "WebSocket":
    """An open WebSocket. Raises a NetworkFailure. `secure` is what the library needs for TLS."""
    try:
        return WebSocket(host, await _connection(url, way.proxy, limits, secure), limits)
    except InvalidStatus as error:
        response = error.response
        failure: NetworkFailure = NotUpgraded(
            host, response.status_code, {name.lower(): value for name, value in response.headers.raw_items()}
        )
    except Exception as error:  # noqa: BLE001  the library's errors, and those of asyncio and ssl below it
        failure = _unopened(host, way, error)
    raise failure  # outside of the handler: the library's own error quotes what it read


async def _connection(
    url: str, proxy: Proxy | None, limits: WebSocketLimits, secure: Mapping[str, Any]
) -> ClientConnection:
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
        **secure,
    )


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
