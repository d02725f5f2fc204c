"""An HTTP server at a local socket, its handler and its clients, for tests."""

import asyncio
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from keyrack.net.server.http_server import HttpServer
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import Handler, ServerRequest, ServerResponse
from tests.raw_http import parse

HOST = "keyrack"
QUICK = ServerLimits(
    read_seconds=0.1, body_bytes=100, connections=2, idle_seconds=0.1, write_seconds=0.1, busy_seconds=0.1
)


@dataclass
class NotingHandler:
    """A handler that notes its requests. It waits for `gate` where there is one."""

    gate: asyncio.Event | None = None
    seen: list[ServerRequest] = field(default_factory=list)
    cancelled: int = 0
    met: int = 0

    def handler_for(self, _: socket.socket) -> Handler:
        """Called once for each connection."""
        self.met += 1
        return self.answer

    async def answer(self, received: ServerRequest) -> ServerResponse:
        """A response that names the target of its request."""
        self.seen.append(received)
        try:
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return ServerResponse(200, (("X-Target", received.target),), received.body)


class Client:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    async def response(self) -> tuple[int, dict[str, str], bytes]:
        """The next response. Status 0 when there is none."""
        async with asyncio.timeout(5):
            try:
                raw = await self.reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return 0, {}, b""
            reply = parse(raw)
            body = await self.reader.readexactly(int(reply.headers.get("content-length", "0")))
        return reply.status, reply.headers, body

    async def ask(self, data: bytes) -> int:
        """Send, and the status of the answer."""
        self.send(data)
        return (await self.response())[0]

    async def ends(self) -> bool:
        """Wait until the server closes. Returns whether it did so without a further byte."""
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


@dataclass
class RunningServer:
    """A server at a path, and its clients."""

    server: HttpServer
    path: Path
    clients: list[Client] = field(default_factory=list)

    async def call(self) -> Client:
        """Connect."""
        client = Client(*await asyncio.open_unix_connection(self.path))
        self.clients.append(client)
        return client

    @property
    def held(self) -> int:
        """How many connections the server holds."""
        return self.server.connections


@asynccontextmanager
async def serving(
    folder: Path, handler: NotingHandler | Handler, limits: ServerLimits
) -> AsyncGenerator[RunningServer]:
    path = folder / "s"
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(path))
    running = RunningServer(HttpServer(limits), path)
    running.server.start(sock, handler.handler_for if isinstance(handler, NotingHandler) else lambda _: handler)
    try:
        yield running
    finally:
        for client in running.clients:
            client.writer.transport.abort()
        await running.server.close()
