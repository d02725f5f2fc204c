"""A TLS server in the test's own process, which answers with exactly the bytes it was given."""

import asyncio
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import trustme

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Provider:
    """What arrived: one entry of `heads` per request, and every byte after TLS in `received`."""

    port: int
    connections: int = 0
    received: bytes = b""
    heads: list[str] = field(default_factory=list)

    def url(self, path: str = "/token", host: str = "localhost", scheme: str = "https") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


@dataclass(frozen=True)
class Authority:
    """A certificate authority of the test with its file."""

    ca: trustme.CA
    file: Path

    def server(self, *names: str, **options: object) -> ssl.SSLContext:
        """The context of a server that proves these names."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.ca.issue_cert(*names, **options).configure_cert(context)  # type: ignore[arg-type]
        return context


def answer(status: str = "200 OK", *headers: str, body: bytes = b"{}") -> bytes:
    """The bytes of an answer with its length."""
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


@asynccontextmanager
async def serving(reply: bytes | Script, tls: ssl.SSLContext | None) -> AsyncGenerator[Provider]:
    """A provider on a free port of 127.0.0.1 for as long as the block lasts."""
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        provider.connections += 1
        task = asyncio.create_task(_talk(reader, writer, reply, provider))
        tasks.add(task)
        await asyncio.wait({task})
        writer.transport.abort()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    provider = Provider(server.sockets[0].getsockname()[1])
    try:
        yield provider
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)


async def _talk(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, reply: bytes | Script, provider: Provider
) -> None:
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            provider.received += head
            provider.heads.append(head.decode("latin-1"))
            length = _length(head)
            if length:
                provider.received += await reader.readexactly(length)
            if not isinstance(reply, bytes):
                await reply(reader, writer)
                return
            writer.write(reply)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        pass


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
