"""The servers: one port each on 127.0.0.1, all in one event loop. Each can be closed and opened again."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp

from keyrack.sandbox.transport.broken_responses import ResettableHttp, ResettableWebSocket

_HOST = "127.0.0.1"


class Server(uvicorn.Server):
    """One uvicorn server that leaves the process's signals alone and reports when it accepts connections."""

    def __init__(self, app: ASGIApp) -> None:
        quiet = uvicorn.Config(
            app,
            http=ResettableHttp,
            ws=ResettableWebSocket,
            ws_ping_interval=15.0,
            lifespan="off",
            loop="asyncio",
            log_config=None,
            log_level="critical",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        super().__init__(quiet)
        self.accepting = asyncio.Event()
        self._ending = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and set `accepting`."""
        await super().startup(sockets)
        self.accepting.set()

    async def main_loop(self) -> None:
        """Renew the date in the headers each second until `end`. uvicorn's own loop wakes ten times a second."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await self._ending.wait()

    def end(self) -> None:
        """Drop the connections, and have `serve` return."""
        self.should_exit = self.force_exit = True
        self._ending.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the process."""
        yield


class Port:
    """An application at an address that stays the same when it is closed and opened again."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._socket: socket.socket | None = _bound(0)
        self.number: int = self._socket.getsockname()[1]
        self._server: Server | None = None
        self._running: asyncio.Task[None] | None = None

    @property
    def base(self) -> str:
        """The address, without a slash at the end."""
        return f"http://{_HOST}:{self.number}"

    async def open(self) -> None:
        """Accept connections. Returns when it does."""
        if self._server is not None:
            return
        listening, self._socket = self._socket or _bound(self.number), None
        self._server = Server(self._app)
        self._running = asyncio.create_task(self._server.serve([listening]))
        await self._server.accepting.wait()

    async def close(self) -> None:
        """Refuse connections, and drop those that are open."""
        server, running, self._server = self._server, self._running, None
        if server is not None and running is not None:
            server.end()
            await running


def _bound(port: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only then. Without it every response takes 40 ms.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((_HOST, port))
    made.set_inheritable(False)
    return made
