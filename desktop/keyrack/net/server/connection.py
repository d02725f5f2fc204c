"""One accepted connection: its bytes, and how it ends."""

import asyncio
import socket
from contextlib import suppress
from http import HTTPStatus

import h11

from keyrack.net.server.server_message import ServerResponse

_PATIENCE = 5.0
_LINGER = 1.0


class Connection:
    """A connection of the server; idle until its request was read and after its answer was sent."""

    _reader: asyncio.StreamReader
    _writer: asyncio.StreamWriter | None = None

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self.idle = True
        self.dropped = False
        self._opening = False

    async def open(self, limit: int) -> None:
        """Begin to read, at most about `limit` bytes ahead."""
        self._opening = True
        self._reader, self._writer = await asyncio.open_connection(sock=self.socket, limit=limit)
        self._writer.transport.set_write_buffer_limits(0)  # so that `drain` means: handed to the system
        if self.dropped:
            self._writer.transport.abort()

    async def receive(self, most: int) -> bytes:
        """The next bytes; none at the end."""
        return await self._reader.read(most)

    async def send(self, page: ServerResponse, protocol: h11.Connection, *, with_body: bool = True) -> None:
        """Send the answer, and say that none follows on this connection."""
        if self._writer is None:
            return
        length = [] if page.status == HTTPStatus.NO_CONTENT else [("Content-Length", str(len(page.body)))]
        headers = [*page.headers, *length, ("Connection", "close")]
        reason = HTTPStatus(page.status).phrase.encode()
        head = protocol.send(h11.Response(status_code=page.status, headers=headers, reason=reason))
        self._writer.write((head or b"") + (page.body if with_body else b""))
        async with asyncio.timeout(_PATIENCE):
            await self._writer.drain()

    async def linger(self) -> None:
        """Say the end and read on for a moment: closing with unread bytes would reset the answer away."""
        self.idle = True
        if self._writer is None or not self._writer.can_write_eof():
            return
        self._writer.write_eof()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER):
                while await self._reader.read(4096):
                    pass

    def drop(self) -> None:
        """End the connection now."""
        self.idle = False
        self.dropped = True
        if self._writer is not None:
            self._writer.transport.abort()
        elif not self._opening:
            self.socket.close()
