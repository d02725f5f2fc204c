"""Reads a connected socket as its bytes arrive, on every event loop of asyncio."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress

_PIECE = 65_536


class SocketReader:
    """Calls `on_data` with the bytes that arrived, with none at the end, and `on_error` when the connection broke.

    A callback reads where the event loop has them, because a task for each piece costs more than a small request.
    The event loop of Windows has none, so there a task reads.
    """

    def __init__(self, sock: socket.socket, on_data: Callable[[bytes], None], on_error: Callable[[], None]) -> None:
        self._socket = sock
        self._on_data = on_data
        self._on_error = on_error
        self._loop = asyncio.get_running_loop()
        self._task: asyncio.Task[None] | None = None
        self._reading = False

    def start(self) -> None:
        """Begin to read."""
        self._reading = True
        try:
            self._loop.add_reader(self._socket, self.read_now)
        except NotImplementedError:
            self._task = self._loop.create_task(self._read_all())

    def stop(self) -> None:
        """End reading. Call it before the socket is closed."""
        if not self._reading:
            return
        self._reading = False
        if self._task is not None:
            self._task.cancel()
        else:
            self._loop.remove_reader(self._socket)

    def read_now(self) -> None:
        """Read what has arrived, if anything has."""
        if self._task is not None or not self._reading:
            return
        try:
            data = self._socket.recv(_PIECE)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            self._on_error()
            return
        if not data:
            self.stop()
        self._on_data(data)

    def stop_writing(self) -> None:
        """Forget a write that was cancelled. The descriptor of a closed socket may soon be another connection's."""
        with suppress(NotImplementedError):
            self._loop.remove_writer(self._socket)

    async def _read_all(self) -> None:
        data = b"."
        while data:
            try:
                data = await self._loop.sock_recv(self._socket, _PIECE)
            except OSError:
                self._on_error()
                return
            self._on_data(data)
