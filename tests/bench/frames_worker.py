"""Reads one frame of balances a second from each of several hosts, in a loop of Qt's: `python frames_worker.py WHAT N`.

Prints the CPU in milliseconds per second. `bare` reads the frames with the library alone, `ours` as a stream's account
does. The server is a process of its own, so that only the reading is measured.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import qasync
from PySide6.QtWidgets import QApplication
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active
from keyrack.core.balances.live_balances import LiveBalances
from keyrack.core.balances.stream_connection import StreamConnection, StreamEvent
from keyrack.net.client.websocket_connection import opened
from keyrack.net.client.websocket_limits import WebSocketLimits
from keyrack.net.proxy.way import Way
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from keyrack.providers.api.stream import Authorized, StreamTarget
from keyrack.providers.probit import ProbitStream

_SETTLED, _WATCHED = 3.0, 10.0
_ASSETS = 8


async def _serve() -> None:
    """A host that sends one frame a second on each connection, each at another moment of the second."""
    begun = 0

    async def handle(socket: ServerConnection) -> None:
        nonlocal begun
        begun += 1
        await socket.send('{"type":"authorization","result":"ok"}')
        await asyncio.sleep(begun * 0.05 % 1)
        number = 0
        while True:
            number += 1
            held = {f"T{n}": {"available": f"{number}.{n}", "total": f"{number}.{n}"} for n in range(_ASSETS)}
            await socket.send(json.dumps({"channel": "balance", "reset": number == 1, "data": held}))
            await asyncio.sleep(1)

    async with serve(handle, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.Event().wait()


async def _bare(url: str, _number: int) -> None:
    async with connect(url, compression=None) as socket:
        async for frame in socket:
            json.loads(frame)


def _ours() -> Callable[[str, int], Awaitable[None]]:
    accounts = Accounts()

    async def read(url: str, number: int) -> None:
        account = Account(
            Settings(f"a{number}", f"A {number}", "probit", "global", "client_credentials", "c"),
            Activity([], time.time),
        )
        account.become(Active(Token(None, 0.0, None)), expected=account.state)
        accounts.add(account)
        live = LiveBalances(account, Clock(), "")
        live.connection_opened(None)

        def take(event: StreamEvent) -> None:
            if not isinstance(event, Authorized):
                live.apply(event)

        socket = await opened(url, "127.0.0.1", Way(), WebSocketLimits(), {})
        target = SimpleNamespace(provider=SimpleNamespace(name="Bench"))
        stream = ProbitStream(cast("StreamTarget", target))
        await StreamConnection("Bench", socket, stream, take).run(Secret("invented"))

    return read


async def _measured(read: Callable[[str, int], Awaitable[None]], url: str, count: int) -> float:
    tasks = [asyncio.ensure_future(read(url, number)) for number in range(count)]
    await asyncio.sleep(_SETTLED)
    began = time.process_time()
    await asyncio.sleep(_WATCHED)
    taken = (time.process_time() - began) * 1000 / _WATCHED
    if ended := [task for task in tasks if task.done()]:
        raise RuntimeError(f"{len(ended)} of them ended") from ended[0].exception()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return taken


def main(what: str, count: int) -> dict[str, Any]:
    """The one figure."""
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        url = f"ws://127.0.0.1:{server.stdout.readline().strip()}"
        app = QApplication([])
        loop = qasync.QEventLoop(app)
        asyncio.set_event_loop(loop)
        with loop:
            return {"frames": loop.run_until_complete(_measured(_bare if what == "bare" else _ours(), url, count))}
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        asyncio.run(_serve())
    else:
        print(json.dumps(main(sys.argv[1], int(sys.argv[2]))), flush=True)
