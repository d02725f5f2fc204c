"""WhiteBIT's account stream: authorize, snapshots, updates of what changed, pings, limits, no replay."""

import asyncio
import contextlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_calls import margin, spot_rows
from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import PROVIDER, keys_of
from keyrack.sandbox.state.limits import Limit
from keyrack.sandbox.state.request_log import LogRow
from keyrack.sandbox.state.world import World

_IDLE = 60.0
_REQUESTS = Limit("WhiteBIT stream requests", 200 / 60, 200)
_LONGEST_LIST = 500
_PUSH_INTERVAL = 0.1
_EVERY = {"balanceSpot": 1.0, "balanceMargin": 1.5}
_SUCCESS = {"status": "success"}
Figures = dict[str, dict[str, str]]


class _Dropped(Exception):
    """The server ends the connection without a message."""


@dataclass
class _Connection:
    """One connection. Moments are sandbox seconds, `sent` is the last content of each channel."""

    world: World
    socket: WebSocket
    row: LogRow
    name: str
    last_message: float
    person: Person | None = None
    sent: dict[str, Figures] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)

    async def run(self) -> None:
        """Receive and push until either side ends the connection."""
        pushing = asyncio.create_task(self._push())
        listening = asyncio.create_task(self._listen())
        done, rest = await asyncio.wait({pushing, listening}, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        for task in done:
            task.exception()

    async def _listen(self) -> None:
        while True:
            text = await self.socket.receive_text()
            self.last_message = self.world.clock.now()
            try:
                message = json.loads(text)
                number, method, params = message["id"], str(message["method"]), message["params"]
            except (ValueError, RecursionError, KeyError, TypeError):
                raise _Dropped from None
            await self._send(self._response(number, method, params))

    def _response(self, number: object, method: str, params: Any) -> dict[str, Any]:
        if not self.world.limits.allow(_REQUESTS, self.name):
            return _error(number, 7, "too many requests")
        if not isinstance(params, list):
            return _error(number, 1, "invalid argument")
        if method == "ping":
            return {"id": number, "result": "pong", "error": None}
        if method == "authorize":
            return self._authorized(number, params)
        channel, _, what = method.partition("_")
        if channel not in _EVERY or what not in ("request", "subscribe", "unsubscribe"):
            return _error(number, 4, "method not found")
        if self.person is None:
            return _error(number, 6, "require authentication")
        if len(params) > _LONGEST_LIST:
            return _error(number, 1, "invalid argument")  # Q12
        return {"id": number, "result": self._result(channel, what), "error": None}

    def _authorized(self, number: object, params: list[Any]) -> dict[str, Any]:
        token = params[0] if params and isinstance(params[0], str) else ""
        if not token:
            raise _Dropped
        key = keys_of(self.world).take_stream_token(token)
        if key is None or params[1:] != ["public"] or key.disabled:
            return _error(number, 1, "invalid argument")
        self.person = PEOPLE[key.account]
        self.row.client_id, self.row.account = key.client_id, key.account
        return {"id": number, "result": _SUCCESS, "error": None}

    def _result(self, channel: str, what: str) -> object:
        if what == "unsubscribe":
            self.due.pop(channel, None)
            return _SUCCESS
        figures = self._figures(channel)
        self.sent[channel] = figures
        if what == "request":
            return figures
        self.due[channel] = self.world.clock.now() + _EVERY[channel]
        return _SUCCESS

    def _figures(self, channel: str) -> Figures:
        if self.person is None:
            return {}
        now = self.world.clock.now()
        if channel == "balanceSpot":
            return spot_rows(self.person, now)
        found = {asset: portfolio.text(amount) for asset, amount in margin(self.person, now).items()}
        return {
            asset: {"balance": a, "borrow": "0", "available_without_borrow": a, "available_with_borrow": a}
            for asset, a in found.items()
        }

    async def _push(self) -> None:
        while True:
            await asyncio.sleep(_PUSH_INTERVAL)
            now = self.world.clock.now()
            if now - self.last_message >= _IDLE or "drop" in self.world.faults.consume(PROVIDER, "stream"):
                raise _Dropped
            for channel in [name for name, due in self.due.items() if due <= now]:
                self.due[channel] = now + _EVERY[channel]
                await self._update(channel)

    async def _update(self, channel: str) -> None:
        """Send what changed: several assets in one object, several objects in one message (Q13)."""
        figures, sent = self._figures(channel), self.sent.get(channel, {})
        changed = {asset: row for asset, row in figures.items() if row != sent.get(asset)}
        self.sent[channel] = figures
        if not changed:
            return
        if channel == "balanceSpot":
            names = list(changed)
            halves = (names[: len(names) // 2 + 1], names[len(names) // 2 + 1 :])
            params: list[Any] = [{asset: changed[asset] for asset in half} for half in halves if half]
        else:
            params = [_short(asset, row) for asset, row in changed.items()]
        await self._send({"id": None, "method": f"{channel}_update", "params": params})

    async def _send(self, content: dict[str, Any]) -> None:
        await self.socket.send_text(json.dumps(content))


def _short(asset: str, row: dict[str, str]) -> dict[str, str]:
    """An update, with its shorter names (Q14)."""
    return {
        "a": asset,
        "B": row["balance"],
        "b": row["borrow"],
        "av": row["available_without_borrow"],
        "ab": row["available_with_borrow"],
    }


def _error(number: object, code: int, message: str) -> dict[str, Any]:
    return {"id": number, "result": None, "error": {"code": code, "message": message}}


def route(world: World) -> WebSocketRoute:
    """The route of the stream. Every connection is one row of the log, with status 101."""

    async def serve(socket: WebSocket) -> None:
        row = LogRow(world.clock.now(), PROVIDER, "stream", "GET")
        world.log.add(row)
        if "refused" in world.faults.consume(PROVIDER, "stream"):
            await socket.close()
            return
        await socket.accept()
        row.status = 101
        await _Connection(world, socket, row, secrets.token_hex(8), world.clock.now()).run()
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await socket.close()

    return WebSocketRoute("/ws", serve)
