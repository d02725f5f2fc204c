"""A proxy on this machine that makes connections by CONNECT, on this machine alone (RFC 9110 section 9.3.6)."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SIGN_IN_PAGE = b"<html><title>Sign in to the network</title></html>"


@dataclass
class ConnectProxy:
    """`asked` holds the target of each CONNECT, and `heads` what came with it. `refusal` answers instead of a way."""

    port: int = 0
    refusal: bytes | None = None
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect to the port that was asked for, on this machine, whatever the host is called."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            assert method == "CONNECT"
            self.asked.append(target)
            self.heads.append(head)
            if self.refusal is None:
                await self._connect(target, reader, writer)
            else:
                writer.write(self.refusal)
                await writer.drain()
                writer.write_eof()
                await reader.read()
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.transport.abort()

    async def _connect(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", int(target.rpartition(":")[2]))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        pouring = [asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))]
        try:
            await asyncio.wait(pouring, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in pouring:
                task.cancel()
            await asyncio.gather(*pouring, return_exceptions=True)
            back.transport.abort()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


def refusing(status: str, body: bytes = SIGN_IN_PAGE) -> bytes:
    """An answer that is no connection."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, 'Proxy-Authenticate: Basic realm="network"', "", ""]).encode() + body


@asynccontextmanager
async def proxying(refusal: bytes | None = None) -> AsyncGenerator[ConnectProxy]:
    """A proxy for as long as the block lasts."""
    proxy, tasks = ConnectProxy(refusal=refusal), set[asyncio.Task[None]]()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(proxy.serve(reader, writer))
        tasks.add(task)
        await asyncio.wait({task})

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
