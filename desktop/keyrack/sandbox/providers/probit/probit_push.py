"""ProBit's WebSocket: an authorization that lasts as long as the connection (Q7), then what the account holds."""

from typing import Any

from keyrack.sandbox.people import portfolio
from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.probit.probit_market import error
from keyrack.sandbox.providers.probit.probit_people import PEOPLE
from keyrack.sandbox.transport.websocket import Line

_AUTHORIZATION, _SUBSCRIBE, _PUSH = "ws.authorization", "ws.subscribe", "ws.push"

Rows = dict[str, dict[str, str]]


class ProbitConnection:
    """What one connection may see, and what it was told last."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._holder: Person | None = None
        self._told: Rows | None = None

    async def answer(self, said: dict[str, Any]) -> None:
        """Answer one message."""
        kind, channel = said.get("type"), said.get("channel")
        if kind == "authorization":
            await self._authorize(str(said.get("token", "")))
        elif kind == "subscribe" and channel == "balance":
            await self._subscribe()
        elif kind == "unsubscribe":
            self._told = None  # no acknowledgement is documented
        else:
            field = "channel" if kind == "subscribe" else "type"
            await self._line.tell(error(400, **{field: "invalid"}), {})

    async def _authorize(self, token: str) -> None:
        row = self._line.row
        found = self._line.world.grants.bearer("probit", token)
        if found is not None:
            row.client_id, row.account = found.client_id, found.account
        faults = self._line.faults(_AUTHORIZATION)
        if "busy" in faults:
            await self._line.tell(error(429), faults)
        elif faults.get("refused") == "result":
            await self._line.tell({"type": "authorization", "result": "unauthorized"}, faults)
        elif found is None or "refused" in faults:
            await self._line.tell(error(401), faults)
        else:
            self._holder = PEOPLE[found.account]
            await self._line.tell({"type": "authorization", "result": "ok"}, faults)

    async def _subscribe(self) -> None:
        faults = self._line.faults(_SUBSCRIBE)
        if self._holder is None:
            await self._line.tell(error(401), faults)
        elif "refused" in faults:
            await self._line.tell(error(400, channel="unavailable"), faults)
        else:
            self._told = self._rows(self._holder)
            await self._line.tell(_message(self._told, None if "bare" in faults else True), faults)

    async def push(self) -> None:
        """Tell what changed since the last message, if anything did."""
        if self._holder is None or self._told is None:
            return
        now = self._rows(self._holder)
        changed = {asset: row for asset, row in now.items() if row != self._told.get(asset)}
        if not changed and not self._line.world.faults.waits("probit", _PUSH):
            return
        self._told = now
        faults = self._line.faults(_PUSH)
        said = _message(changed, None if "bare" in faults else False)
        await self._line.tell({**error(503), "message": ""} if "error" in faults else said, faults)

    def _rows(self, holder: Person) -> Rows:
        elapsed, rows = self._line.world.clock.now(), {}
        for holding in holder.holdings:
            available, held = portfolio.spot(holder, holding, elapsed)
            rows[holding.asset] = {"available": portfolio.text(available), "total": portfolio.text(available + held)}
        return rows


def _message(rows: Rows, reset: bool | None) -> dict[str, object]:
    """An object keyed by asset (Q6); the documented form has no `reset` (Q11)."""
    return {"channel": "balance", **({} if reset is None else {"reset": reset}), "data": rows}
