"""One accepted connection: its bytes, and how it ends."""

import asyncio
import socket
from http import HTTPStatus

import h11

from keyrack.net.exchange import Page

_PATIENCE = 5.0
_LINGER = 1.0


class Connection:
    """A connection of the server; idle until its request was read and after its answer was sent."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._writer.transport.set_write_buffer_limits(0)  # so that `drain` means: handed to the system
        self.idle = True
        self.dropped = False

    @property
    def socket(self) -> socket.socket:
        """The socket, for the identity of the other side."""
        found: socket.socket = self._writer.get_extra_info("socket")
        return found

    async def receive(self, most: int) -> bytes:
        """The next bytes; none at the end."""
        return await self._reader.read(most)

    async def send(self, page: Page, protocol: h11.Connection, *, with_body: bool = True) -> None:
        """Send the answer, and say that none follows on this connection."""
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
        if not self._writer.can_write_eof():
            return
        self._writer.write_eof()
        try:
            async with asyncio.timeout(_LINGER):
                while await self._reader.read(4096):
                    pass
        except TimeoutError:
            pass

    def drop(self) -> None:
        """End the connection now."""
        self.idle = False
        self.dropped = True
        self._writer.transport.abort()
