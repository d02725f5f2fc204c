"""One connection of the local socket, kept for request after request (RFC 9112 §9.3)."""

import asyncio
import logging
import select
import socket
from collections.abc import Callable
from contextlib import aclosing, suppress
from functools import lru_cache
from http import HTTPStatus

from keyrack.net.server.head import RequestLimits, RequestRejected
from keyrack.net.server.keep_alive_intake import CONTINUE, RequestReader
from keyrack.net.server.server_message import Handler, ServerRequest, ServerResponse, answer_of
from keyrack.primitives.clock import elapsed

_PIECE = 65_536
_LINGER = 1.0

_log = logging.getLogger(__name__)


class KeepAliveConnection:
    """Reads with one callback and answers in one task, because a token must cost little more than an echo.

    The callback also watches while a request is being handled: when the other side has gone for
    good, the handler is cancelled. A half-close is not that: `nc -N` still waits for its answer.
    `deadline` is a moment of `elapsed` that the server watches over, None while a handler works.
    """

    def __init__(self, sock: socket.socket, limits: RequestLimits, refusal: Callable[[int], ServerResponse]) -> None:
        self.socket = sock
        self.idle_since = elapsed()
        self.deadline: float | None = self.idle_since + limits.head_seconds
        self.task: asyncio.Task[None] | None = None
        self._limits = limits
        self._refusal = refusal
        self._intake = RequestReader(sock, limits)
        self._loop = asyncio.get_running_loop()
        self._more: asyncio.Future[None] | None = None
        self._ended = False
        self._late = False
        self._handling = False
        self._answering = False
        self._last_words: ServerResponse | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing of a request has come since the connection was made or the last answer was sent."""
        return not self._handling and not self._intake.begun

    async def serve(self, handler: Handler, crowded: Callable[[], bool]) -> None:
        """Answer request after request until one side ends it; `crowded` says that others wait for the place."""
        self._loop.add_reader(self.socket, self._readable)
        try:
            await self._converse(handler, crowded)
        except OSError:
            pass  # the other side went away, which is its right
        except Exception as error:  # noqa: BLE001  asyncio would log it with the text, which may quote a request
            _log.error("An answer could not be sent: %s", type(error).__name__)
        finally:
            self._loop.remove_reader(self.socket)
            self._loop.remove_writer(self.socket)
            if self._last_words is not None:
                with suppress(OSError):
                    self.socket.send(whole(self._last_words))
            self.socket.close()

    def drop(self, last_words: ServerResponse | None = None) -> None:
        """End it now; `last_words` answer a request that was being handled and is not answered any more."""
        if self._handling and not self._answering:
            self._last_words = last_words
        if self.task is not None:
            self.task.cancel()

    def give_way(self) -> None:
        """End it, unless a request has just come that was not read yet."""
        self._readable()
        if self.idle:
            self.drop()

    def look(self, now: float) -> None:
        """End what took too long; and a request whose half-closed other side has gone meanwhile."""
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
                received = await self._request()
            except RequestRejected as refused:
                if refused.status:
                    await self._finish(self._refusal(refused.status))
                    await self._linger()
                return
            if received is None or (self._ended and _hung_up(self.socket)):
                return
            self._handling = True
            page = await answer_of(handler, received, self._refusal)
            with_body = received.method != "HEAD"
            if page.last or self._ended or not self._intake.keeps or crowded():
                await self._finish(page, with_body=with_body)
                return
            self._answering = True
            await self._send(page, keeps=True, with_body=with_body)
            self._rest()

    async def _finish(self, page: ServerResponse, *, with_body: bool = True) -> None:
        self._handling = self._answering = True
        await self._send(page, keeps=False, with_body=with_body)

    def _rest(self) -> None:
        self._handling = self._answering = False
        now = self.idle_since = elapsed()
        self.deadline = now + (self._limits.head_seconds if self._intake.begun else self._limits.idle_seconds)

    async def _request(self) -> ServerRequest | None:
        """The next request; None when the other side is done, or silent for too long between two."""
        while True:
            received = self._intake.next() if self._intake.begun else None
            if received is not None:
                self.deadline = None
                return received
            if self._late and self._intake.begun:
                raise RequestRejected(HTTPStatus.REQUEST_TIMEOUT)
            if self._late or self._ended:
                return None
            if self._intake.waits_for_leave:
                await self._loop.sock_sendall(self.socket, CONTINUE)
            self._more = self._loop.create_future()
            await self._more
            self._more = None

    def _readable(self) -> None:
        try:
            data = self.socket.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self.drop()
            return
        if not data:
            self._loop.remove_reader(self.socket)
            self._ended = True
            if self._handling and _hung_up(self.socket):
                self.drop()
        elif self._intake.full:
            self.drop()
        else:
            if not self._intake.begun and not self._handling:
                self.deadline = elapsed() + self._limits.head_seconds
            self._intake.feed(data)
        self._wake()

    def _wake(self) -> None:
        if self._more is not None and not self._more.done():
            self._more.set_result(None)

    async def _send(self, page: ServerResponse, *, keeps: bool, with_body: bool = True) -> None:
        chunks = page.parts is not None and self._intake.chunks
        await self._write(_head(page, keeps=keeps, chunks=chunks) + (page.body if with_body else b""))
        if page.parts is not None:
            async with aclosing(page.parts) as parts:
                async for part in parts:
                    await self._write(b"%x\r\n%b\r\n" % (len(part), part) if chunks else part)
        if chunks:
            await self._write(b"0\r\n\r\n")
        if page.sent is not None:
            page.sent()

    async def _write(self, data: bytes) -> None:
        """Hand the bytes to the system; whoever does not read them in time is dropped."""
        try:
            sent = self.socket.send(data)
        except (BlockingIOError, InterruptedError):
            sent = 0
        if sent < len(data):
            self.deadline = elapsed() + self._limits.write_seconds
            await self._loop.sock_sendall(self.socket, data[sent:])
            self.deadline = None

    async def _linger(self) -> None:
        """Say the end and read on for a moment: closing with unread bytes would reset the answer away."""
        self.socket.shutdown(socket.SHUT_WR)
        self.deadline = elapsed() + _LINGER
        while not self._ended and not self._late:
            self._intake.drain()
            self._more = self._loop.create_future()
            await self._more


def whole(page: ServerResponse) -> bytes:
    """The bytes of an answer after which the connection ends."""
    return _head(page, keeps=False) + page.body


def _head(page: ServerResponse, *, keeps: bool, chunks: bool = False) -> bytes:
    head = _beginning(page.status, page.headers)
    if chunks:
        head += "Transfer-Encoding: chunked\r\n"
    elif page.parts is None and page.status != HTTPStatus.NO_CONTENT:
        head += f"Content-Length: {len(page.body)}\r\n"
    if not keeps:
        head += "Connection: close\r\n"
    return (head + "\r\n").encode("ascii")


@lru_cache(maxsize=64)
def _beginning(status: int, headers: tuple[tuple[str, str], ...]) -> str:
    """The lines of a head that do not depend on the body: there are few, and each is sent again and again."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("a header holds a line end")
    return "".join(f"{line}\r\n" for line in lines)


def _hung_up(sock: socket.socket) -> bool:
    """Whether the other side has closed altogether: it no longer reads either."""
    poll = select.poll()
    poll.register(sock, 0)
    return any(event & select.POLLHUP for _, event in poll.poll(0))
