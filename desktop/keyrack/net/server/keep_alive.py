"""The HTTP/1.1 server of the local socket: kept connections, a number of places, and “busy” for whom there is none.

The redirect listener's server answers one request per connection and drops the oldest idle one; here
a caller waits a moment for a place and is then told that there is none (S87).
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from keyrack.net.server.acceptor import Acceptor
from keyrack.net.server.head import RequestLimits
from keyrack.net.server.keep_alive_connection import KeepAliveConnection, whole
from keyrack.net.server.server_message import Handler, ServerResponse, bare
from keyrack.primitives.clock import elapsed

_QUEUE = 256
_BACKLOG = 1024  # a caller with a time limit of its own is told "try again" when this is full
_GRACE = 1.0
_TICK = 1.0
_GOODBYE = 0.5


class KeepAliveServer:
    """Listens on sockets that were bound by the caller, until it is closed."""

    def __init__(self, limits: RequestLimits, refusal: Callable[[int], ServerResponse] = bare) -> None:
        self._limits = limits
        self._refusal = refusal
        self._acceptors: list[Acceptor] = []
        self._connections: set[KeepAliveConnection] = set()
        self._queue: deque[tuple[float, socket.socket, Handler]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def start(self, sock: socket.socket, met: Callable[[socket.socket], Handler]) -> None:
        """Accept on a bound stream socket, which is the server's from now on; `met` names each one's handler."""
        self._acceptors.append(Acceptor(sock, lambda new: self._arrived(new, met(new)), backlog=_BACKLOG))

    async def close(self, last_words: ServerResponse | None = None) -> None:
        """Stop at once: what is being handled is cancelled and told `last_words`."""
        for acceptor in self._acceptors:
            acceptor.stop()
        self._acceptors.clear()
        if self._timer is not None:
            self._timer.cancel()
        while self._queue:
            self._turn_away(self._queue.popleft()[1])
        for connection in self._connections:
            connection.drop(last_words)
        tasks = [connection.task for connection in self._connections if connection.task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=_GOODBYE)

    def _arrived(self, accepted: socket.socket, handler: Handler) -> None:
        if len(self._connections) < self._limits.connections:
            self._serve(accepted, handler)
        else:
            if len(self._queue) >= _QUEUE:
                self._turn_away(self._queue.popleft()[1])  # its request has come by now, so it reads the answer
            self._queue.append((elapsed(), accepted, handler))
            self._make_room(elapsed())
        if self._timer is None:
            self._watch()

    def _serve(self, accepted: socket.socket, handler: Handler) -> None:
        connection = KeepAliveConnection(accepted, self._limits, self._refusal)
        self._connections.add(connection)
        task = asyncio.get_running_loop().create_task(connection.serve(handler, lambda: bool(self._queue)))
        task.add_done_callback(lambda _: self._ended(connection))
        connection.task = task

    def _ended(self, connection: KeepAliveConnection) -> None:
        self._connections.discard(connection)
        connection.socket.close()
        while self._queue and self._acceptors and len(self._connections) < self._limits.connections:
            _, accepted, handler = self._queue.popleft()
            self._serve(accepted, handler)

    def _watch(self) -> None:
        """Look after every deadline once a tick: a timer per request would cost more than the request."""
        now = elapsed()
        for connection in tuple(self._connections):
            connection.look(now)
        while self._queue and now - self._queue[0][0] >= self._limits.busy_seconds:
            self._turn_away(self._queue.popleft()[1])
        self._make_room(now)
        self._timer = None
        if self._connections or self._queue:
            tick = min(_TICK, self._limits.head_seconds, self._limits.busy_seconds)
            self._timer = asyncio.get_running_loop().call_later(tick, self._watch)

    def _make_room(self, now: float) -> None:
        """Have silent connections give their place to those who wait, the one that is silent longest first."""
        silent = [each for each in self._connections if each.idle and now - each.idle_since >= _GRACE]
        for connection in sorted(silent, key=lambda each: each.idle_since)[: len(self._queue)]:
            connection.give_way()

    def _turn_away(self, accepted: socket.socket) -> None:
        """Say “busy” without waiting for anything."""
        with suppress(OSError):
            accepted.recv(65_536)  # closing with unread bytes would reset the answer away
        with suppress(OSError):
            accepted.send(whole(self._refusal(503)))
        accepted.close()
