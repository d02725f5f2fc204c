"""A proxy on this machine that makes connections by CONNECT, on this machine alone (RFC 9110 section 9.3.6)."""

import asyncio
import base64
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

SIGN_IN_PAGE = b"<html><title>Sign in to the network</title></html>"
_AGREED = b"HTTP/1.1 200 Connection established\r\n\r\n"


@dataclass
class ConnectProxy:
    """`asked` holds the target of each CONNECT, and `heads` what came with it. `refusal` answers instead of a way.

    With `login` ("user:password") it makes a way for nobody else. `own_text` is sent through the way in place of what
    the host says. `tunnels` counts the ways that are open. With `leads_to`
    each leads to that port.
    """

    port: int = 0
    refusal: bytes | None = None
    login: str = ""
    own_text: bytes = b""
    asked: list[str] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    tunnels: int = 0
    leads_to: int = 0

    @property
    def name(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        return f"http://{self.name}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect to the port that was asked for, on this machine, whatever the host is called."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            assert method == "CONNECT"
            self.asked.append(target)
            self.heads.append(head)
            if self.refusal is not None:
                await _say(self.refusal, reader, writer)
            elif self.login and _basic(self.login) not in head:
                await _say(refusing("407 Proxy Authentication Required"), reader, writer)
            elif self.own_text:
                writer.write(_AGREED)
                await reader.read(1)
                await _say(self.own_text, reader, writer)
            else:
                await self._connect(target, reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.transport.abort()

    async def _connect(self, target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.leads_to or int(target.rpartition(":")[2]))
        writer.write(_AGREED)
        self.tunnels += 1
        pouring = [asyncio.create_task(_pour(reader, back)), asyncio.create_task(_pour(there, writer))]
        try:
            await asyncio.wait(pouring, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.tunnels -= 1
            for task in pouring:
                task.cancel()
            await asyncio.gather(*pouring, return_exceptions=True)
            back.transport.abort()


async def _say(text: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(text)
    await writer.drain()
    writer.write_eof()
    await reader.read()


def _basic(login: str) -> bytes:
    return b"Proxy-Authorization: Basic " + base64.b64encode(login.encode()) + b"\r\n"


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()


def refusing(status: str, body: bytes = SIGN_IN_PAGE) -> bytes:
    """An answer that is no connection."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, 'Proxy-Authenticate: Basic realm="network"', "", ""]).encode() + body


@asynccontextmanager
async def proxying(
    refusal: bytes | None = None, *, login: str = "", own_text: bytes = b""
) -> AsyncGenerator[ConnectProxy]:
    """A proxy for as long as the block lasts."""
    proxy, tasks = ConnectProxy(refusal=refusal, login=login, own_text=own_text), set[asyncio.Task[None]]()

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
