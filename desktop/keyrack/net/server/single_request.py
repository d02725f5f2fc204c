"""A small HTTP/1.1 server for this machine: one request per connection, within limits.

It serves the redirect listener; the local socket has `kept_server`. Each connection is a task of its
own, so an idle or slow one never delays another (S16); above the cap the oldest idle one is dropped.
"""

import asyncio
import logging
import socket
from collections.abc import Callable
from http import HTTPStatus

import h11

from keyrack.net.server import intake
from keyrack.net.server.acceptor import Acceptor
from keyrack.net.server.connection import Connection
from keyrack.net.server.head import RequestLimits, RequestRejected
from keyrack.net.server.server_message import Handler, ServerResponse, answer_of, bare

_GOODBYE = 0.5

_log = logging.getLogger(__name__)


class Server:
    """Listens on sockets that were bound by the caller, until it is closed."""

    def __init__(self, limits: RequestLimits | None = None, refusal: Callable[[int], ServerResponse] = bare) -> None:
        self._limits = limits or RequestLimits()
        self._refusal = refusal
        self._acceptors: list[Acceptor] = []
        self._connections: dict[Connection, asyncio.Task[None]] = {}

    async def start(self, sock: socket.socket, handler: Handler) -> None:
        """Accept on a bound stream socket, which is the server's from now on; each may have its handler."""
        self._acceptors.append(Acceptor(sock, lambda accepted: self._arrived(accepted, handler)))

    def stop(self) -> None:
        """Stop listening at once; connections that are being answered go on."""
        for acceptor in self._acceptors:
            acceptor.stop()
        self._acceptors.clear()
        for connection in self._connections:
            if connection.idle:
                connection.drop()

    async def close(self) -> None:
        """Stop, let answers be sent for half a second, then end every connection."""
        self.stop()
        tasks = set(self._connections.values())
        if tasks:
            await asyncio.wait(tasks, timeout=_GOODBYE)
        for connection, task in tuple(self._connections.items()):
            connection.drop()
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _arrived(self, accepted: socket.socket, handler: Handler) -> None:
        connection = Connection(accepted)
        if self._make_room():
            task = asyncio.get_running_loop().create_task(self._serve(connection, handler))
            self._connections[connection] = task
        else:
            connection.drop()

    def _make_room(self) -> bool:
        open_ones = [connection for connection in self._connections if not connection.dropped]
        if len(open_ones) < self._limits.connections:
            return True
        idle = next((connection for connection in open_ones if connection.idle), None)
        if idle is not None:
            idle.drop()
        return idle is not None

    async def _serve(self, connection: Connection, handler: Handler) -> None:
        try:
            if not connection.dropped:
                await connection.open(self._limits.head_bytes)
                await self._answer(connection, handler)
        except OSError:
            pass  # the other side went away, which is its right
        except Exception as error:  # noqa: BLE001  asyncio would log it with the text, which may quote an address
            _log.error("An answer could not be sent: %s", type(error).__name__)
        finally:
            del self._connections[connection]
            connection.drop()

    async def _answer(self, connection: Connection, handler: Handler) -> None:
        protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        try:
            received = await intake.receive(connection, protocol, self._limits)
        except RequestRejected as refused:
            await self._refuse(connection, protocol, refused.status)
            return
        page = await answer_of(handler, received, self._refusal)
        await connection.send(page, protocol, with_body=received.method != "HEAD")
        if page.sent is not None:
            page.sent()
        await connection.linger()

    async def _refuse(self, connection: Connection, protocol: h11.Connection, status: int) -> None:
        if status:
            await connection.send(self._refusal(status), protocol)
        if status not in (0, HTTPStatus.REQUEST_TIMEOUT):  # these had their time
            await connection.linger()
