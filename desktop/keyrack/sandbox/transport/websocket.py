"""A provider's WebSocket: the handshake and every message can be made to fail, and all of it is in the log."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from keyrack.sandbox.state.request_log import Row
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport import wire
from keyrack.sandbox.transport.endpoint import Refusal, early

TICK = 0.05
_BIG = 2 * 1024 * 1024


class Gone(Exception):
    """The other side left, or was thrown out."""


class Line:
    """One open WebSocket: hears and tells JSON. `row` is its row of the log, one more is written for each message."""

    def __init__(self, world: World, socket: WebSocket, row: Row) -> None:
        self.world = world
        self.row = row
        self._socket = socket
        self._heard: asyncio.Task[str] | None = None

    async def hear(self, seconds: float = TICK) -> dict[str, Any] | None:
        """The next message, {} for one that is no JSON object, None when none comes in time; raises Gone."""
        self._heard = self._heard or asyncio.create_task(self._socket.receive_text())
        done, _ = await asyncio.wait({self._heard}, timeout=seconds)
        if not done:
            return None
        heard, self._heard = self._heard, None
        try:
            said = json.loads(heard.result())
        except WebSocketDisconnect:
            raise Gone from None
        except (ValueError, RecursionError, KeyError):
            return {}
        return said if isinstance(said, dict) else {}

    def faults(self, endpoint: str) -> dict[str, str]:
        """The faults of one message, which is written to the log."""
        found = self.world.faults.take(self.row.provider, endpoint)
        row = Row(self.world.clock.now(), self.row.provider, endpoint, "WS", status=200, faults=sorted(found))
        row.client_id, row.account = self.row.client_id, self.row.account
        self.world.log.add(row)
        return found

    async def tell(self, content: object, faults: dict[str, str]) -> None:
        """Send a value as JSON, or what the faults make of it; raises Gone after a reset."""
        await self.tell_text(json.dumps(content), faults)

    async def tell_text(self, text: str, faults: dict[str, str]) -> None:
        """Send a text, or what the faults make of it; raises Gone after a reset."""
        await asyncio.sleep(float(faults.get("delay") or 0))
        if "reset" in faults:
            self.drop()
        if "silence" in faults:
            await self.fall_silent()
        if "malformed" in faults:
            text = text[: len(text) // 2]
        text = faults.get("body", text)
        try:
            await self._socket.send_text(f'"{"a" * _BIG}"' if "big" in faults else text)
        except (WebSocketDisconnect, RuntimeError):
            raise Gone from None

    def drop(self) -> None:
        """Reset the connection."""
        wire.reset(self._socket.scope[wire.TRANSPORT])
        raise Gone

    async def fall_silent(self) -> None:
        """Read and say nothing any more: what comes lies in the network's own buffers, pings as well."""
        transport: asyncio.Transport = self._socket.scope[wire.TRANSPORT]
        transport.pause_reading()
        while not transport.is_closing():  # noqa: ASYNC110  nobody says when a transport that is not read ends
            await asyncio.sleep(TICK)
        raise Gone

    def hang_up(self) -> None:
        """Forget what was waited for."""
        if self._heard is not None:
            self._heard.cancel()


class Connection(Protocol):
    """What a provider says on one connection."""

    async def answer(self, said: dict[str, Any]) -> None:
        """Answer one message."""
        ...

    async def push(self) -> None:
        """Tell what has changed."""
        ...


def socket_route(
    world: World, provider: str, path: str, refusal: Refusal, connect: Callable[[Line], Connection]
) -> WebSocketRoute:
    """The WebSocket at `path`: one row "ws" in the log for each handshake, then what its connection says."""

    async def answer(socket: WebSocket) -> None:
        faults = world.faults.take(provider, "ws")
        row = Row(world.clock.now(), provider, "ws", "GET", faults=sorted(faults))
        world.log.add(row)
        refused = early(faults, refusal)
        if refused is not None:
            row.status = 0 if isinstance(refused, wire.Reset) else refused.status_code
            await socket.send_denial_response(refused)
            return
        await asyncio.sleep(float(faults.get("delay") or 0))
        await socket.accept()
        row.status = 101
        line = Line(world, socket, row)
        try:
            await _talk(line, connect(line))
        except (Gone, WebSocketDisconnect):
            return
        finally:
            line.hang_up()

    return WebSocketRoute(path, answer)


async def _talk(line: Line, connection: Connection) -> None:
    while True:
        said = await line.hear()
        if said is not None:
            await connection.answer(said)
        else:
            await connection.push()
