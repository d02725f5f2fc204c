"""ProBit's WebSocket: an authorization that lasts as long as the connection (Q7), then the balances."""

from typing import Any

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.probit.probit_market import error
from keyrack.sandbox.providers.probit.probit_people import PEOPLE
from keyrack.sandbox.transport.websocket import Connection

_AUTHORIZATION, _SUBSCRIBE, _PUSH = "ws.authorization", "ws.subscribe", "ws.push"

Rows = dict[str, dict[str, str]]


class ProbitStream:
    """What one connection may read, and what it was sent last."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._person: Person | None = None
        self._sent: Rows | None = None

    async def answer(self, message: dict[str, Any]) -> None:
        """Answer one message."""
        kind, channel = message.get("type"), message.get("channel")
        if kind == "authorization":
            await self._authorize(str(message.get("token", "")))
        elif kind == "subscribe" and channel == "balance":
            await self._subscribe()
        elif kind == "unsubscribe":
            self._sent = None  # no acknowledgement is documented
        else:
            field = "channel" if kind == "subscribe" else "type"
            await self._connection.send(error(400, **{field: "invalid"}), {})

    async def _authorize(self, token: str) -> None:
        row = self._connection.row
        found = self._connection.world.grants.bearer("probit", token)
        if found is not None:
            row.client_id, row.account = found.client_id, found.account
        faults = self._connection.faults(_AUTHORIZATION)
        if "busy" in faults:
            await self._connection.send(error(429), faults)
        elif faults.get("refused") == "result":
            await self._connection.send({"type": "authorization", "result": "unauthorized"}, faults)
        elif found is None or "refused" in faults:
            await self._connection.send(error(401), faults)
        else:
            self._person = PEOPLE[found.account]
            await self._connection.send({"type": "authorization", "result": "ok"}, faults)

    async def _subscribe(self) -> None:
        faults = self._connection.faults(_SUBSCRIBE)
        if self._person is None:
            await self._connection.send(error(401), faults)
        elif "refused" in faults:
            await self._connection.send(error(400, channel="unavailable"), faults)
        else:
            self._sent = self._rows(self._person)
            await self._connection.send(_message(self._sent, None if "bare" in faults else True), faults)

    async def push(self) -> None:
        """Send what changed since the last message, if anything did."""
        if self._person is None or self._sent is None:
            return
        now = self._rows(self._person)
        changed = {asset: row for asset, row in now.items() if row != self._sent.get(asset)}
        if not changed and not self._connection.world.faults.is_waiting("probit", _PUSH):
            return
        self._sent = now
        faults = self._connection.faults(_PUSH)
        message = _message(changed, None if "bare" in faults else False)
        await self._connection.send({**error(503), "message": ""} if "error" in faults else message, faults)

    def _rows(self, person: Person) -> Rows:
        elapsed, rows = self._connection.world.clock.now(), {}
        for holding in person.holdings:
            available, held = portfolio.spot(person, holding, elapsed)
            rows[holding.asset] = {"available": portfolio.text(available), "total": portfolio.text(available + held)}
        return rows


def _message(rows: Rows, reset: bool | None) -> dict[str, object]:
    """An object keyed by asset (Q6). The documented form has no `reset` (Q11)."""
    return {"channel": "balance", **({} if reset is None else {"reset": reset}), "data": rows}
