"""One connection of the HTTP server, kept open for further requests with keep-alive (RFC 9112 section 9.3)."""

import asyncio
import logging
import select
import socket
from collections.abc import Callable
from contextlib import aclosing, suppress
from http import HTTPStatus

from keyrack.net.server.head import RequestRejected
from keyrack.net.server.request_reader import CONTINUE, RequestReader
from keyrack.net.server.response_bytes import LAST_CHUNK, chunk, head_of, last_bytes
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import Handler, Refusal, ServerRequest, ServerResponse, response_of
from keyrack.net.server.socket_reader import SocketReader
from keyrack.primitives.clock import elapsed

_LINGER = 1.0

_log = logging.getLogger(__name__)


class ServerConnection:
    """Reads with one callback and responds in one task, because a token must cost little more than an echo.

    The callback also watches while a request is being handled: when the client has closed altogether, the handler is
    cancelled. A half-closed client still waits for its response, as `nc -N` does.
    `deadline` is a moment of `elapsed` that the server watches over, None while a handler works.
    """

    def __init__(self, sock: socket.socket, limits: ServerLimits, refusal: Refusal, *, keep_alive: bool) -> None:
        self.socket = sock
        self.silent_since = elapsed()
        self.deadline: float | None = self.silent_since + limits.read_seconds
        self.task: asyncio.Task[None] | None = None
        self._limits = limits
        self._refusal = refusal
        self._keep_alive = keep_alive
        self._requests = RequestReader(sock, limits)
        self._reader = SocketReader(sock, self._received, self.drop)
        self._loop = asyncio.get_running_loop()
        self._more: asyncio.Future[None] | None = None
        self._ended = False
        self._late = False
        self._resting = False
        self._handling = False
        self._responding = False
        self._lingering = False
        self._final_response: ServerResponse | None = None

    @property
    def silent(self) -> bool:
        """Whether it may end: the next request's head is incomplete, or the last response was sent."""
        return self._lingering or not (self._handling or self._requests.has_head)

    async def serve(self, handler: Handler, crowded: Callable[[], bool]) -> None:
        """Respond to one request after another until one side ends it. `crowded` says that others wait for a place."""
        self._reader.start()
        try:
            await self._converse(handler, crowded)
        except OSError:
            pass  # the client went away, which is its right
        except Exception as error:  # noqa: BLE001  asyncio would log it with the text, which may quote a request
            _log.error("A response could not be sent: %s", type(error).__name__)
        finally:
            self._reader.stop()
            self._reader.stop_writing()
            if self._final_response is not None:
                with suppress(OSError):
                    self.socket.send(last_bytes(self._final_response))
            self.socket.close()

    def drop(self, final_response: ServerResponse | None = None) -> None:
        """End it now. A request that was being handled gets `final_response` as its response."""
        if self._handling and not self._responding:
            self._final_response = final_response
        if self.task is not None:
            self.task.cancel()

    def give_way(self) -> bool:
        """End it and return True, or return False when a request has just come."""
        self._reader.read_now()
        if self.silent:
            self.drop()
        return self.silent

    def check_deadline(self, now: float) -> None:
        """End what took too long, and a request whose half-closed client has closed altogether since."""
        if self._handling and self._ended and _hung_up(self.socket):
            self.drop()
        elif self.deadline is not None and now >= self.deadline:
            if self._more is None:
                self.drop()
            self._late = True
            self._wake()

    async def _converse(self, handler: Handler, crowded: Callable[[], bool]) -> None:
        while True:
            try:
                request = await self._next_request()
            except RequestRejected as rejected:
                if rejected.status:
                    await self._respond_last(self._refusal(rejected.status))
                    await self._linger()
                return
            if request is None or (self._ended and _hung_up(self.socket)):
                return
            self._handling = True
            response = await response_of(handler, request, self._refusal)
            with_body = request.method != "HEAD"
            if response.last or self._ended or not (self._keep_alive and self._requests.keeps) or crowded():
                await self._respond_last(response, with_body=with_body)
                if not self._keep_alive:
                    await self._linger()
                return
            self._responding = True
            await self._send(response, keeps=True, with_body=with_body)
            self._rest()

    async def _respond_last(self, response: ServerResponse, *, with_body: bool = True) -> None:
        self._handling = self._responding = True
        await self._send(response, keeps=False, with_body=with_body)

    def _rest(self) -> None:
        self._handling = self._responding = False
        self._resting = not self._requests.started
        now = self.silent_since = elapsed()
        self.deadline = now + (self._limits.idle_seconds if self._resting else self._limits.read_seconds)

    async def _next_request(self) -> ServerRequest | None:
        """The next request, or None when the client is done or was silent for too long."""
        while True:
            request = self._requests.next() if self._requests.started else None
            if request is not None:
                self.deadline = None
                return request
            if self._late and self._requests.started:
                raise RequestRejected(HTTPStatus.REQUEST_TIMEOUT)
            if self._ended and self._requests.has_head:
                raise RequestRejected(HTTPStatus.BAD_REQUEST)
            if self._late or self._ended:
                return None
            if self._requests.waits_for_continue:
                await self._loop.sock_sendall(self.socket, CONTINUE)
            await self._until_more()

    async def _until_more(self) -> None:
        self._more = self._loop.create_future()
        await self._more
        self._more = None

    def _received(self, data: bytes) -> None:
        if not data:
            self._ended = True
            if self._handling and _hung_up(self.socket):
                self.drop()
        elif not self._lingering:
            if self._requests.full:
                self.drop()
                return
            if self._resting:
                self._resting = False
                self.silent_since = elapsed()
                self.deadline = self.silent_since + self._limits.read_seconds
            self._requests.feed(data)
        self._wake()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def _send(self, response: ServerResponse, *, keeps: bool, with_body: bool = True) -> None:
        chunked = response.parts is not None and self._requests.takes_chunks
        await self._write(head_of(response, keeps=keeps, chunked=chunked) + (response.body if with_body else b""))
        if response.parts is not None:
            async with aclosing(response.parts) as parts:
                async for part in parts:
                    await self._write(chunk(part) if chunked else part)
        if chunked:
            await self._write(LAST_CHUNK)
        if response.sent is not None:
            response.sent()

    async def _write(self, data: bytes) -> None:
        """Hand the bytes to the system. A client that does not read them in time is dropped."""
        try:
            sent = self.socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        if sent < len(data):
            self.deadline = elapsed() + self._limits.write_seconds
            await self._loop.sock_sendall(self.socket, data[sent:])
            self.deadline = None

    async def _linger(self) -> None:
        """Send the end and read on for a moment: closing with unread bytes would reset the response away."""
        self._handling, self._lingering = False, True
        self.socket.shutdown(socket.SHUT_WR)
        self.silent_since = elapsed()
        self.deadline = self.silent_since + _LINGER
        while not self._ended and not self._late:
            await self._until_more()


def _hung_up(sock: socket.socket) -> bool:
    """Whether the client has closed altogether: it no longer reads either. False where the system cannot show it.

    A socket of ours that is closed already counts as well: the server looks once more before it hears of the end.
    """
    if sock.fileno() < 0:
        return True
    if not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(sock, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))
