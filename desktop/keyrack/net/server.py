"""A small HTTP/1.1 server for this machine: one request per connection, within limits.

It serves the redirect listener and the local socket. Each connection is a task of its own, so an
idle or slow one never delays another (S16); above the cap the oldest idle one is dropped.
"""

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import h11

from keyrack.net import intake
from keyrack.net.connection import Connection
from keyrack.net.exchange import Page, Received, bare
from keyrack.net.head import Limits, Refused

__all__ = ["Handler", "Limits", "Page", "Received", "Server"]

Handler = Callable[[Received], Awaitable[Page]]

_QUEUE = 128
_GOODBYE = 0.5

_log = logging.getLogger(__name__)


class Server:
    """Listens on sockets that were bound by the caller, until it is closed."""

    def __init__(self, limits: Limits | None = None, refusal: Callable[[int], Page] = bare) -> None:
        self._limits = limits or Limits()
        self._refusal = refusal
        self._servers: list[asyncio.Server] = []
        self._connections: dict[asyncio.Task[None], Connection] = {}

    async def start(self, sock: socket.socket, handler: Handler) -> None:
        """Accept on a bound stream socket; more than one may be started, each with its handler."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._serve(Connection(reader, writer), handler)

        # A backlog of 1 makes asyncio accept one connection per turn of the loop, so that a burst
        # of idle ones cannot push a genuine one out before its request was read; the kernel's own
        # queue stays long.
        limit = self._limits.head_bytes
        server = await asyncio.start_server(serve, sock=sock, backlog=1, limit=limit, start_serving=False)
        self._servers.append(server)
        await server.start_serving()
        sock.listen(_QUEUE)

    def stop(self) -> None:
        """Stop listening at once; connections that are being answered go on."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        for connection in self._connections.values():
            if connection.idle:
                connection.drop()

    async def close(self) -> None:
        """Stop, let answers be sent for half a second, then end every connection."""
        self.stop()
        tasks = set(self._connections)
        if tasks:
            await asyncio.wait(tasks, timeout=_GOODBYE)
        for task, connection in tuple(self._connections.items()):
            connection.drop()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, connection: Connection, handler: Handler) -> None:
        task = asyncio.current_task()
        if task is None or not self._make_room():
            connection.drop()
            return
        self._connections[task] = connection
        try:
            await self._answer(connection, handler)
        except OSError:
            pass  # the other side went away, which is its right
        except Exception as error:  # noqa: BLE001  asyncio would log it with the text, which may quote an address
            _log.error("An answer could not be sent: %s", type(error).__name__)
        finally:
            del self._connections[task]
            connection.drop()

    def _make_room(self) -> bool:
        open_ones = sum(not connection.dropped for connection in self._connections.values())
        if open_ones < self._limits.connections:
            return True
        idle = next((task for task, connection in self._connections.items() if connection.idle), None)
        if idle is not None:
            self._connections[idle].drop()
        return idle is not None

    async def _answer(self, connection: Connection, handler: Handler) -> None:
        protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        try:
            received = await intake.receive(connection, protocol, self._limits)
        except Refused as refused:
            await self._refuse(connection, protocol, refused.status)
            return
        page = await self._handled(received, handler)
        await connection.send(page, protocol, with_body=received.method != "HEAD")
        if page.sent is not None:
            page.sent()
        await connection.linger()

    async def _refuse(self, connection: Connection, protocol: h11.Connection, status: int) -> None:
        if status:
            await connection.send(self._refusal(status), protocol)
        if status not in (0, HTTPStatus.REQUEST_TIMEOUT):  # these had their time
            await connection.linger()

    async def _handled(self, received: Received, handler: Handler) -> Page:
        try:
            return await handler(received)
        except Exception as error:  # noqa: BLE001  its text may quote the request
            _log.error("A request could not be handled: %s", type(error).__name__)
            return self._refusal(500)
