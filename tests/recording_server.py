"""A port of this machine that keeps every request byte by byte and answers with whatever bytes a test likes."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Write = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class RecordedRequest:
    """One request as it arrived, with header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: str
    raw: str


@dataclass
class RecordingServer:
    """The requests so far. The `answers` are used in turn, and the last one stays. `by_path` has some for one path."""

    port: int = 0
    answers: list[bytes | Write] = field(default_factory=list)
    by_path: dict[str, list[bytes | Write]] = field(default_factory=dict)
    requests: list[RecordedRequest] = field(default_factory=list)
    connections: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    listener: asyncio.Server | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def last(self) -> RecordedRequest:
        return self.requests[-1]

    def asked(self, path: str) -> list[RecordedRequest]:
        """The requests for a path."""
        return [seen for seen in self.requests if seen.target.partition("?")[0] == path]

    def then(self, *answers: bytes | Write) -> None:
        """Answer with these from now on."""
        self.answers = list(answers)

    def close(self) -> None:
        """Refuse every further connection."""
        assert self.listener is not None
        self.listener.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        try:
            while seen := await _receive(reader):
                self.requests.append(seen)
                answers = self.by_path.get(seen.target.partition("?")[0], self.answers)
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if callable(answer):
                    await answer(writer)
                    return
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort() if writer.is_closing() else writer.close()


async def _receive(reader: asyncio.StreamReader) -> RecordedRequest | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    body = (await reader.readexactly(int(headers.get("content-length", "0")))).decode("latin-1")
    method, target, _ = first.split(" ")
    return RecordedRequest(method, target, headers, body, head.decode("latin-1") + body)


@asynccontextmanager
async def recording(*answers: bytes | Write) -> AsyncGenerator[RecordingServer]:
    """A recorder for the length of a test."""
    made = RecordingServer(answers=list(answers))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port, made.listener = server.sockets[0].getsockname()[1], server
    try:
        yield made
    finally:
        server.close()
        for writer in made.writers:
            writer.transport.abort()
        await server.wait_closed()


def answer(content: object = None, status: int = 200, *headers: str, kind: str = "application/json") -> bytes:
    """The bytes of a response. `content` is sent as JSON unless it is text or bytes."""
    body = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else _json(content)
    lines = [f"HTTP/1.1 {status} Some words", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _json(content: object) -> bytes:
    return b"" if content is None else json.dumps(content).encode()


def pieces(*parts: bytes, close: bool = True) -> Write:
    """Bytes of a whole answer of the test's own making, then the end of the connection."""

    async def write(writer: asyncio.StreamWriter) -> None:
        for part in parts:
            writer.write(part)
            await writer.drain()
        if close:
            writer.write_eof()
            await asyncio.sleep(0)

    return write


def endless(head: bytes, part: bytes) -> Write:
    """`head`, then `part` again and again until the other side has gone."""

    async def write(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        async for more in _for_ever(part):
            writer.write(more)
            await writer.drain()

    return write


async def _for_ever(part: bytes) -> AsyncIterator[bytes]:
    while True:
        yield part


async def reset(writer: asyncio.StreamWriter) -> None:
    """No answer at all: the connection breaks after the request was read."""
    writer.transport.abort()
