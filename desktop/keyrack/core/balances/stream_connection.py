"""One open connection of a push stream: sends the stream's frames and reports its events, until it ends."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from keyrack.net.network_errors import NoResponse
from keyrack.oauth.oauth_errors import Transient
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_failures import TokenRefused
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    NotPushed,
    Ping,
    Pong,
    Send,
    Snapshot,
    Stream,
    StreamProblem,
    StreamRefused,
)

if TYPE_CHECKING:
    from keyrack.net.client.websocket_connection import WebSocket

ANSWER_SECONDS = 30.0
PONG_SECONDS = 10.0

StreamEvent = Authorized | Snapshot | Delta | NotPushed


class StreamInterrupted(Transient):
    """The stream sent an error, or a frame after which its balances would be wrong."""

    code = "live_figures_interrupted"


class StreamConnection:
    """Runs one stream over one socket. `report` is called with the authorization and with balances alone."""

    def __init__(self, name: str, socket: "WebSocket", stream: Stream, report: Callable[[StreamEvent], None]) -> None:
        self._name = name
        self._socket = socket
        self._stream = stream
        self._report = report
        self._pings = _Pings(stream.ping, socket)
        self._deadline = asyncio.timeout(ANSWER_SECONDS)

    async def run(self, token: Secret) -> NoReturn:
        """Open the stream and read it until it ends. Raises Failure in every case.

        The first balances must arrive within 30 s.
        """
        try:
            async with self._deadline:
                for frame in await self._stream.opening(token):
                    await self._socket.send(frame)
                while True:
                    for event in self._stream.read(await self._next()):
                        await self._take(event)
                    await asyncio.sleep(0)  # other tasks run even while a host sends without a pause
        except TimeoutError:
            pass
        raise NoResponse(self._socket.host, late=True)

    async def _next(self) -> str:
        while True:
            try:
                async with asyncio.timeout_at(self._pings.due):
                    return await self._socket.receive()
            except TimeoutError:
                await self._pings.ping()

    async def _take(self, event: Event) -> None:
        match event:
            case Send():
                await self._socket.send(event.frame)
            case Pong():
                self._pings.pong_received()
            case StreamRefused():
                raise TokenRefused("api_token_refused", provider=self._name, detail=event.detail)
            case StreamProblem():
                raise StreamInterrupted(provider=self._name, detail=event.detail)
            case Authorized() | NotPushed():
                self._report(event)
            case Snapshot() | Delta():
                self._deadline.reschedule(None)
                self._report(event)


class _Pings:
    """The provider's own pings, where it has any. `due` is the moment of the next in the loop's seconds, or None."""

    def __init__(self, ping: Ping | None, socket: "WebSocket") -> None:
        self._ping = ping
        self._socket = socket
        self._ping_unanswered = False
        self.due: float | None = None
        self.pong_received()

    def pong_received(self) -> None:
        """Note that the server responds."""
        self._ping_unanswered = False
        if self._ping is not None:
            self.due = asyncio.get_running_loop().time() + self._ping.seconds

    async def ping(self) -> None:
        """Send a ping. Raises NoResponse when the last one was not answered."""
        if self._ping is None or self._ping_unanswered:
            raise NoResponse(self._socket.host, late=True)
        self._ping_unanswered = True
        self.due = asyncio.get_running_loop().time() + PONG_SECONDS
        await self._socket.send(Secret(self._ping.frame))
