"""Accepting connections one by one, and letting go of the port at once.

asyncio's own server loses a connection that arrives while it is being closed, and takes as many
per turn as its backlog allows; this one takes one per turn, so that a burst of idle connections
cannot push a genuine one out before its request was read (S16).
"""

import asyncio
import logging
import socket
from collections.abc import Callable

_PAUSE = 1.0
_BACKLOG = 128

_log = logging.getLogger(__name__)


class Acceptor:
    """Hands every connection of one listening socket to `arrived`, until it is stopped."""

    def __init__(
        self, sock: socket.socket, arrived: Callable[[socket.socket], None], *, backlog: int = _BACKLOG
    ) -> None:
        self._sock = sock
        self._arrived = arrived
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._told = False
        sock.setblocking(False)  # noqa: FBT003  its only parameter is positional
        sock.listen(backlog)
        self._resume()

    def stop(self) -> None:
        """Close the socket; who connects now is refused."""
        if self._task is not None:
            self._task.cancel()
        elif self._sock.fileno() >= 0:
            self._loop.remove_reader(self._sock)
        self._sock.close()

    def _resume(self) -> None:
        if self._sock.fileno() < 0:
            return
        try:
            self._loop.add_reader(self._sock, self._accept)
        except NotImplementedError:  # the event loop of Windows
            self._task = self._loop.create_task(self._accept_all())

    def _accept(self) -> None:
        try:
            connection, _ = self._sock.accept()
        except (BlockingIOError, InterruptedError, ConnectionError):
            return
        except OSError as error:
            # Out of descriptors: the connection stays in the kernel's queue meanwhile (R45).
            if not self._told:
                _log.warning("No connection can be accepted for a moment: %s", error.strerror)
            self._told = True
            self._loop.remove_reader(self._sock)
            self._loop.call_later(_PAUSE, self._resume)
            return
        self._told = False
        connection.setblocking(False)  # noqa: FBT003  its only parameter is positional
        self._arrived(connection)

    async def _accept_all(self) -> None:
        while True:
            try:
                connection, _ = await self._loop.sock_accept(self._sock)
            except OSError:
                await asyncio.sleep(_PAUSE)
            else:
                self._arrived(connection)
