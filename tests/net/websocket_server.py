"""A WebSocket server by hand, which sends exactly the bytes that a test wants (RFC 6455)."""

import asyncio
import base64
import hashlib
import re
from collections.abc import Awaitable, Callable

from tests.net.tls_server import Provider, Script

Scene = Callable[["Peer"], Awaitable[None]]

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Peer:
    """The server's side of one connection after the handshake."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def send(self, payload: bytes, opcode: int = TEXT, first: int = 0x80) -> None:
        """One frame. `first` holds the bits FIN and RSV."""
        size = len(payload)
        length = bytes([size]) if size < 126 else b"\x7f" + size.to_bytes(8, "big")
        self.writer.write(bytes([first | opcode]) + length + payload)
        await self.writer.drain()

    async def hear(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload."""
        head = await self.reader.readexactly(2)
        size = head[1] & 0x7F
        if size > 125:
            size = int.from_bytes(await self.reader.readexactly(2 if size == 126 else 8), "big")
        mask = await self.reader.readexactly(4)
        masked = await self.reader.readexactly(size)
        return head[0] & 0x0F, bytes(byte ^ mask[at % 4] for at, byte in enumerate(masked))


def upgraded(scene: Scene, provider: list[Provider], *headers: str) -> Script:
    """Accept the handshake that `provider[0]` received last, then play the scene."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = re.search(r"(?i)sec-websocket-key: (\S+)", provider[0].heads[-1])
        assert found
        accept = base64.b64encode(hashlib.sha1(found[1].encode() + _GUID).digest()).decode()
        lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
        writer.write("\r\n".join([*lines, f"Sec-WebSocket-Accept: {accept}", *headers, "", ""]).encode())
        await writer.drain()
        await scene(Peer(reader, writer))

    return play
