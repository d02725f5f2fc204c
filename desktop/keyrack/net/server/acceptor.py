"""Accepts connections one by one, and closes the listening socket at once when it is stopped.

asyncio's own server loses a connection that arrives while it is being closed. It also accepts as many per turn of the
event loop as its backlog allows. This one accepts one per turn, so that a burst of idle connections cannot displace a
genuine one before its request was read (S16).
"""

import asyncio
import logging
import socket
from collections.abc import Callable

_log = logging.getLogger(__name__)


class Acceptor:
    """Hands every connection of one listening socket to `on_accepted`, until it is stopped.

    `backlog` is the length of the kernel's queue. `pause` is the time in seconds to wait when no descriptor is free.
    """

    def __init__(
        self, sock: socket.socket, on_accepted: Callable[[socket.socket], None], *, backlog: int, pause: float
    ) -> None:
        self._sock = sock
        self._on_accepted = on_accepted
        self._pause = pause
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._warned = False
        sock.setblocking(False)  # noqa: FBT003  its only parameter is positional
        sock.listen(backlog)
        self._resume()

    def stop(self) -> None:
        """Close the listening socket: further connections are refused."""
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
            if not self._warned:
                _log.warning("No connection can be accepted for a moment: %s", error.strerror)
            self._warned = True
            self._loop.remove_reader(self._sock)
            self._loop.call_later(self._pause, self._resume)
            return
        self._warned = False
        connection.setblocking(False)  # noqa: FBT003  its only parameter is positional
        self._on_accepted(connection)

    async def _accept_all(self) -> None:
        while True:
            try:
                connection, _ = await self._loop.sock_accept(self._sock)
            except OSError:
                await asyncio.sleep(self._pause)
            else:
                self._on_accepted(connection)
