"""The one verb of the local socket: raise the window (S82 to S88 in their first use)."""

import os
from collections.abc import Callable

from keyrack.broker.instance import Instance
from keyrack.broker.knock import PATH
from keyrack.broker.peer_uid import peer_uid
from keyrack.net.server import Limits, Page, Received, Server

CONNECTIONS = 32
READ_SECONDS = 10.0
_HOSTS = ["localhost"]


class WindowVerb:
    """Answers at the instance's socket, with HTTP/1.1 and to this user alone."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._server = Server(Limits(head_seconds=READ_SECONDS, connections=CONNECTIONS))
        self._on_raise: Callable[[], object] = _nothing

    async def serve(self, on_raise: Callable[[], object]) -> None:
        """Begin to answer; returns at once. Without a socket there is nothing to do."""
        self._on_raise = on_raise
        if self._instance.sock is not None:
            self._instance.sock.settimeout(0)
            await self._server.start(self._instance.sock, self._answer)

    async def close(self) -> None:
        """End every connection; the instance removes the socket itself."""
        await self._server.close()

    async def _answer(self, received: Received) -> Page:
        status = self._refusal(received)
        if status:
            return Page(status)
        self._on_raise()
        return Page(204)

    def _refusal(self, received: Received) -> int:
        """The status that refuses the request, 0 for none."""
        if peer_uid(received.connection) != os.geteuid():
            return 403
        if received.values("host") != _HOSTS:
            return 421
        if received.values("origin"):
            return 403
        if received.target != PATH:
            return 404
        if received.method != "POST":
            return 405
        return 413 if received.announces_body else 0


def _nothing() -> None:
    return None
