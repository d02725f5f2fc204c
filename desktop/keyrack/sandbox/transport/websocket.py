"""A provider's WebSocket. Faults can spoil the handshake and every message, and all of them are in the log."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Protocol

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from keyrack.sandbox.state.request_log import LogRow
from keyrack.sandbox.state.world import World
from keyrack.sandbox.transport import broken_responses
from keyrack.sandbox.transport.endpoint import ErrorResponse, response_instead

_TICK = 0.05
_BIG = 2 * 1024 * 1024


class ConnectionEnded(Exception):
    """The client left, or its connection was reset."""


class Connection:
    """One open WebSocket that carries JSON. `row` is its row of the log, each message adds another."""

    def __init__(self, world: World, socket: WebSocket, row: LogRow) -> None:
        self.world = world
        self.row = row
        self._socket = socket
        self._receiving: asyncio.Task[str] | None = None

    async def receive(self, seconds: float = _TICK) -> dict[str, Any] | None:
        """The next message. {} when it is no JSON object, None when none comes in time. Raises ConnectionEnded."""
        self._receiving = self._receiving or asyncio.create_task(self._socket.receive_text())
        done, _ = await asyncio.wait({self._receiving}, timeout=seconds)
        if not done:
            return None
        received, self._receiving = self._receiving, None
        try:
            message = json.loads(received.result())
        except WebSocketDisconnect:
            raise ConnectionEnded from None
        except (ValueError, RecursionError, KeyError):
            return {}
        return message if isinstance(message, dict) else {}

    def faults(self, endpoint: str) -> dict[str, str]:
        """The faults of one message. The message is written to the log."""
        found = self.world.faults.consume(self.row.provider, endpoint)
        row = LogRow(self.world.clock.now(), self.row.provider, endpoint, "WS", status=200, faults=sorted(found))
        row.client_id, row.account = self.row.client_id, self.row.account
        self.world.log.add(row)
        return found

    async def send(self, content: object, faults: dict[str, str]) -> None:
        """Send a value as JSON, or what the faults make of it. Raises ConnectionEnded after a reset."""
        await self.send_text(json.dumps(content), faults)

    async def send_text(self, text: str, faults: dict[str, str]) -> None:
        """Send a text, or what the faults make of it. Raises ConnectionEnded after a reset."""
        await asyncio.sleep(float(faults.get("delay") or 0))
        if "reset" in faults:
            self.reset()
        if "silence" in faults:
            await self.fall_silent()
        if "malformed" in faults:
            text = text[: len(text) // 2]
        text = faults.get("body", text)
        try:
            await self._socket.send_text(f'"{"a" * _BIG}"' if "big" in faults else text)
        except (WebSocketDisconnect, RuntimeError):
            raise ConnectionEnded from None

    def reset(self) -> None:
        """Reset the connection. Raises ConnectionEnded."""
        broken_responses.reset(self._socket.scope[broken_responses.TRANSPORT])
        raise ConnectionEnded

    async def fall_silent(self) -> None:
        """Stop reading and sending until the connection ends. What arrives (pings too) stays in buffers."""
        transport: asyncio.Transport = self._socket.scope[broken_responses.TRANSPORT]
        transport.pause_reading()
        while not transport.is_closing():  # noqa: ASYNC110  a transport that is not read reports no end
            await asyncio.sleep(_TICK)
        raise ConnectionEnded

    def close(self) -> None:
        """Cancel the pending read."""
        if self._receiving is not None:
            self._receiving.cancel()


class MessageHandler(Protocol):
    """What a provider does on one connection."""

    async def answer(self, message: dict[str, Any]) -> None:
        """Answer one message."""
        ...

    async def push(self) -> None:
        """Send what has changed, if anything did."""
        ...


def socket_route(
    world: World,
    provider: str,
    path: str,
    error_response: ErrorResponse,
    connect: Callable[[Connection], MessageHandler],
) -> WebSocketRoute:
    """The WebSocket at `path`. Each handshake is one row "ws" of the log, then `connect` makes the handler."""

    async def answer(socket: WebSocket) -> None:
        faults = world.faults.consume(provider, "ws")
        row = LogRow(world.clock.now(), provider, "ws", "GET", faults=sorted(faults))
        world.log.add(row)
        refused = response_instead(faults, error_response)
        if refused is not None:
            row.status = 0 if isinstance(refused, broken_responses.Reset) else refused.status_code
            await socket.send_denial_response(refused)
            return
        await asyncio.sleep(float(faults.get("delay") or 0))
        await socket.accept()
        row.status = 101
        connection = Connection(world, socket, row)
        try:
            await _serve(connection, connect(connection))
        except (ConnectionEnded, WebSocketDisconnect):
            return
        finally:
            connection.close()

    return WebSocketRoute(path, answer)


async def _serve(connection: Connection, handler: MessageHandler) -> None:
    while True:
        message = await connection.receive()
        if message is not None:
            await handler.answer(message)
        else:
            await handler.push()
