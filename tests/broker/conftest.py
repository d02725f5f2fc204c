"""The local socket as a program meets it: a rack over the sandbox, the real server, and requests by hand."""

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import pytest

from keyrack.broker.instance.instance import Instance
from keyrack.broker.protocol.route import Host, RouteTimeouts, Running
from keyrack.broker.socket_server import LIMITS, SocketServer
from keyrack.core.accounts.account import Account
from keyrack.net.server.server_limits import ServerLimits
from keyrack.providers.schema import FlowName
from tests.core.conftest import harness, running_sandbox, sandbox
from tests.core.harness import CoreHarness

__all__ = ["harness", "running_sandbox", "sandbox"]


@dataclass
class ApiResponse:
    """One response. `content` is its JSON object."""

    status: int
    headers: dict[str, str]
    content: Any

    @property
    def code(self) -> str:
        """The documented error code of an error response."""
        return str(self.content["error"]["code"])


class ApiConnection:
    """A connection to the socket that is kept for request after request."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def open(cls, path: Path) -> Self:
        """Connect."""
        return cls(*await asyncio.open_unix_connection(path))

    async def ask(self, method: str, target: str, *headers: str, body: object = None) -> ApiResponse:
        """Send a request as a well-behaved program does, and read its response."""
        self.send(method, target, *headers, body=body)
        return await self.hear()

    def send(self, method: str, target: str, *headers: str, body: object = None) -> None:
        """Send a request."""
        data = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"{method} {target} HTTP/1.1", "Host: keyrack", *headers]
        if body is not None:
            lines.append(f"Content-Length: {len(data)}")
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + data)

    async def hear(self) -> ApiResponse:
        """The next response, or the first line of a stream. Its status is 0 when the connection ended without one."""
        async with asyncio.timeout(20):
            status, headers = await self._head()
            if not status:
                return ApiResponse(0, {}, {})
            if headers.get("transfer-encoding") == "chunked":
                return ApiResponse(status, headers, await self.part())
            data = await self.reader.readexactly(int(headers.get("content-length", "0")))
        return ApiResponse(status, headers, json.loads(data) if data else {})

    async def part(self) -> Any:
        """The next object of a stream."""
        async with asyncio.timeout(20):
            size = int(await self.reader.readline(), 16)
            data = await self.reader.readexactly(size + 2)
        return json.loads(data)

    async def ended(self) -> bool:
        """Wait until the server closes. Returns whether nothing came before that."""
        async with asyncio.timeout(20):
            return not await self.reader.read()

    def close(self) -> None:
        """Abort the connection at once."""
        self.writer.transport.abort()

    async def _head(self) -> tuple[int, dict[str, str]]:
        try:
            raw = await self.reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return 0, {}
        first, *lines = raw.decode("latin-1").rstrip("\r\n").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        return int(first.split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


@dataclass
class Served:
    """A rack that is served at a socket, and what its host was asked to do."""

    harness: CoreHarness
    service: SocketServer
    instance: Instance
    asked: list[str] = field(default_factory=list)
    lines: list[ApiConnection] = field(default_factory=list)

    @property
    def path(self) -> Path:
        """Where the socket is."""
        return self.instance.path

    async def allowed(self, provider: str = "probit", flow: FlowName = "client_credentials") -> Account:
        """An account that is signed in, in the quickest way, and gives its token to every script."""
        account = await self.harness.signed_in(provider, flow)
        account.configure(replace(account.settings, scripts="allow"))
        return account

    async def line(self) -> ApiConnection:
        """A new connection."""
        line = await ApiConnection.open(self.path)
        self.lines.append(line)
        return line

    async def ask(self, method: str, target: str, *headers: str, body: object = None) -> ApiResponse:
        """One request on a new connection."""
        line = await self.line()
        try:
            return await line.ask(method, target, *headers, body=body)
        finally:
            line.close()

    async def close(self) -> None:
        """End the server and the connections that are still open."""
        for line in self.lines:
            line.close()
        await self.service.close()
        self.instance.close()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A short path: the socket's own must fit into 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Path(name)


@pytest.fixture
def limits() -> ServerLimits:
    """The limits of the server. A test class may have its own."""
    return LIMITS


@pytest.fixture
def timeouts() -> RouteTimeouts:
    """How long the server lets a request wait. A test class may have its own."""
    return RouteTimeouts()


@pytest.fixture
def running() -> Running:
    """The kind of program that serves. A test class may have an agent."""
    return "window"


@pytest.fixture
async def served(
    harness: CoreHarness, short_folder: Path, limits: ServerLimits, timeouts: RouteTimeouts, running: Running
) -> AsyncGenerator[Served]:
    """A server over the harness's rack."""
    instance = Instance.acquire(short_folder / "keyrack")
    assert instance is not None
    asked: list[str] = []
    host = Host(running, raise_window=lambda: asked.append("raise") if running == "window" else None)
    made = Served(harness, SocketServer(instance, host, limits, timeouts), instance, asked)
    await made.service.serve(harness.rack)
    yield made
    await made.close()
