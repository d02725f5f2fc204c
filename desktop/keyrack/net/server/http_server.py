"""An HTTP/1.1 server for this machine: for the local socket, and without keep-alive for the redirect listener.

Each connection is a task, so an idle or slow one never delays another (S16). At most so many are served at once. When
no place is free, the connection that is silent longest gives its place up, or the new one waits and then gets
"busy" (S17, S87).
"""

import asyncio
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from keyrack.net.server.acceptor import Acceptor
from keyrack.net.server.response_bytes import last_bytes
from keyrack.net.server.server_connection import ServerConnection
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import Handler, Refusal, ServerResponse, without_body
from keyrack.primitives.clock import elapsed

_CLOSE_SECONDS = 0.5


class HttpServer:
    """Listens on sockets that were bound by the caller, until it is closed.

    With `keep_alive` False, each connection ends after one response (`Connection: close`).
    `refusal` makes the response for a status that the server itself sends.
    """

    def __init__(
        self, limits: ServerLimits | None = None, refusal: Refusal = without_body, *, keep_alive: bool = True
    ) -> None:
        self._limits = limits or ServerLimits()
        self._refusal = refusal
        self._keep_alive = keep_alive
        self._acceptors: list[Acceptor] = []
        self._connections: list[ServerConnection] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._queue: deque[tuple[float, socket.socket, Handler]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    @property
    def connections(self) -> int:
        """How many connections are served now."""
        return len(self._connections)

    def start(self, sock: socket.socket, handler_for: Callable[[socket.socket], Handler]) -> None:
        """Accept on a bound stream socket, which belongs to the server from now on.

        `handler_for` is called once for each connection.
        """
        acceptor = Acceptor(
            sock,
            lambda accepted: self._arrived(accepted, handler_for(accepted)),
            backlog=self._limits.backlog,
            pause=self._limits.accept_pause_seconds,
        )
        self._acceptors.append(acceptor)

    def stop_listening(self) -> None:
        """Close the listening sockets. The connections go on."""
        for acceptor in self._acceptors:
            acceptor.stop()
        self._acceptors.clear()

    async def close(self, final_response: ServerResponse | None = None) -> None:
        """Stop listening at once and end every connection.

        Requests that are being handled get `final_response` at once. Without one they have half a second to complete.
        """
        self.stop_listening()
        if self._timer is not None:
            self._timer.cancel()
        while self._queue:
            self._turn_away()
        for connection in tuple(self._connections):
            if final_response is not None or connection.silent:
                connection.drop(final_response)
        for _ in range(2):
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=_CLOSE_SECONDS)
            for task in self._tasks:
                task.cancel()

    def _arrived(self, accepted: socket.socket, handler: Handler) -> None:
        now = elapsed()
        self._queue.append((now, accepted, handler))
        self._admit(now)
        while len(self._queue) > self._limits.queue:
            self._turn_away()
        if self._timer is None:
            self._watch()

    def _admit(self, now: float) -> None:
        """Serve those who wait, as far as there are places."""
        while self._queue and self._acceptors and self._has_place(now):
            _, accepted, handler = self._queue.popleft()
            self._serve(accepted, handler)

    def _has_place(self, now: float) -> bool:
        """Whether one more may be served. If needed, the connection that is silent longest gives its place up."""
        if len(self._connections) < self._limits.connections:
            return True
        for each in sorted(self._connections, key=lambda each: each.silent_since):
            if each.silent and now - each.silent_since >= self._limits.silent_seconds and each.give_way():
                self._connections.remove(each)
                return True
        return False

    def _serve(self, accepted: socket.socket, handler: Handler) -> None:
        connection = ServerConnection(accepted, self._limits, self._refusal, keep_alive=self._keep_alive)
        self._connections.append(connection)
        task = asyncio.get_running_loop().create_task(connection.serve(handler, lambda: bool(self._queue)))
        task.add_done_callback(lambda _: self._ended(connection))
        connection.task = task
        self._tasks.add(task)

    def _ended(self, connection: ServerConnection) -> None:
        connection.socket.close()
        if connection.task is not None:
            self._tasks.discard(connection.task)
        if connection in self._connections:
            self._connections.remove(connection)
        self._admit(elapsed())

    def _watch(self) -> None:
        """Check every deadline once a tick: a timer for each request would cost more than the request."""
        now = elapsed()
        for connection in tuple(self._connections):
            connection.check_deadline(now)
        while self._queue and now - self._queue[0][0] >= self._limits.busy_seconds:
            self._turn_away()
        self._admit(now)
        self._timer = None
        if self._connections or self._queue:
            tick = min(self._limits.tick_seconds, self._limits.read_seconds, self._limits.busy_seconds)
            self._timer = asyncio.get_running_loop().call_later(tick, self._watch)

    def _turn_away(self) -> None:
        """Send "busy" to the one that waits longest, without waiting for anything."""
        _, accepted, _ = self._queue.popleft()
        with suppress(OSError):
            accepted.recv(65_536)  # closing with unread bytes would reset the response away
        with suppress(OSError):
            accepted.send(last_bytes(self._refusal(503)))
        accepted.close()
