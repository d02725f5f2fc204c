"""Deribit's WebSocket: JSON-RPC with the token in the parameters of each private call, and a channel per currency."""

from typing import Any

from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.deribit.deribit_answers import UNAUTHORIZED, error, result, rows
from keyrack.sandbox.providers.deribit.deribit_people import PEOPLE
from keyrack.sandbox.transport import exact_json
from keyrack.sandbox.transport.websocket import Line

_CALLS = {"private/get_account_summaries": "ws.summaries", "private/subscribe": "ws.subscribe"}
_CHANNEL = "user.portfolio."
_PUSH = "ws.push"
_PROVIDER = "deribit"

Row = dict[str, Any]


class DeribitConnection:
    """What one connection follows, and what it was told last of each currency."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._holder: Person | None = None
        self._told: dict[str, Row] = {}

    async def answer(self, said: dict[str, Any]) -> None:
        """Answer one call."""
        number, endpoint = said.get("id"), _CALLS.get(str(said.get("method")))
        parameters = said.get("params")
        given = parameters if isinstance(parameters, dict) else {}
        if endpoint is None:
            await self._tell(error(-32601, number=number), {})
            return
        holder = self._whose(str(given.get("access_token", "")))
        faults = self._line.faults(endpoint)
        if holder is None or "refused" in faults:
            await self._tell(error(UNAUTHORIZED, "invalid_token", number), faults)
        elif "busy" in faults:
            await self._tell(error(10028, number=number), faults)
        elif endpoint == "ws.summaries":
            await self._tell(result({"id": holder.seed, "summaries": [*self._rows(holder).values()]}, number), faults)
        else:
            await self._tell(self._subscribed(holder, given.get("channels"), number), faults)

    def _whose(self, token: str) -> Person | None:
        found = self._line.world.grants.bearer(_PROVIDER, token)
        if found is None:
            return None
        self._line.row.client_id, self._line.row.account = found.client_id, found.account
        return PEOPLE[found.account]

    def _subscribed(self, holder: Person, wanted: object, number: object) -> Row:
        now = self._rows(holder)
        channels = [channel for channel in wanted if _currency(channel) in now] if isinstance(wanted, list) else []
        if not channels:
            return error(11050, "channels", number)
        self._holder = holder
        self._told = {_currency(channel): now[_currency(channel)] for channel in channels}
        return result(channels, number)

    async def push(self) -> None:
        """Tell each currency that changed since it was told, if any did."""
        if self._holder is None:
            return
        now = self._rows(self._holder)
        waits = self._line.world.faults.waits(_PROVIDER, _PUSH)
        for currency, told in self._told.items():
            if now[currency] != told or waits:
                self._told[currency] = now[currency]
                waits = False
                parameters = {"channel": _CHANNEL + currency.lower(), "data": now[currency]}
                said = {"jsonrpc": "2.0", "method": "subscription", "params": parameters}
                await self._tell(said, self._line.faults(_PUSH))

    def _rows(self, holder: Person) -> dict[str, Row]:
        return {row["currency"]: row for row in rows(holder, self._line.world.clock.now())}

    async def _tell(self, said: Row, faults: dict[str, str]) -> None:
        await self._line.tell_text(exact_json.dumps(said), faults)


def _currency(channel: object) -> str:
    text = str(channel)
    return text.removeprefix(_CHANNEL).upper() if text.startswith(_CHANNEL) else ""
