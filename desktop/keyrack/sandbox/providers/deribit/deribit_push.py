"""Deribit's WebSocket: JSON-RPC with the token in the parameters of each private call, and a channel per currency."""

from typing import Any

from keyrack.sandbox.people.person import Person
from keyrack.sandbox.providers.deribit.deribit_answers import UNAUTHORIZED, error, result, rows
from keyrack.sandbox.providers.deribit.deribit_people import PEOPLE
from keyrack.sandbox.transport import exact_json
from keyrack.sandbox.transport.websocket import Connection

_CALLS = {"private/get_account_summaries": "ws.summaries", "private/subscribe": "ws.subscribe"}
_CHANNEL = "user.portfolio."
_PUSH = "ws.push"
_PROVIDER = "deribit"

Row = dict[str, Any]


class DeribitStream:
    """What one connection subscribed to, and what it was sent last for each currency."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._person: Person | None = None
        self._sent: dict[str, Row] = {}

    async def answer(self, message: dict[str, Any]) -> None:
        """Answer one call."""
        number, endpoint = message.get("id"), _CALLS.get(str(message.get("method")))
        parameters = message.get("params")
        given = parameters if isinstance(parameters, dict) else {}
        if endpoint is None:
            await self._send(error(-32601, number=number), {})
            return
        person = self._person_of(str(given.get("access_token", "")))
        faults = self._connection.faults(endpoint)
        if person is None or "refused" in faults:
            await self._send(error(UNAUTHORIZED, "invalid_token", number), faults)
        elif "busy" in faults:
            await self._send(error(10028, number=number), faults)
        elif endpoint == "ws.summaries":
            await self._send(result({"id": person.seed, "summaries": [*self._rows(person).values()]}, number), faults)
        else:
            wanted = given.get("channels")
            if "partial" in faults and isinstance(wanted, list):
                wanted = wanted[1:]
            await self._send(self._subscribed(person, wanted, number), faults)

    def _person_of(self, token: str) -> Person | None:
        found = self._connection.world.grants.bearer(_PROVIDER, token)
        if found is None:
            return None
        self._connection.row.client_id, self._connection.row.account = found.client_id, found.account
        return PEOPLE[found.account]

    def _subscribed(self, person: Person, wanted: object, number: object) -> Row:
        now = self._rows(person)
        channels = [channel for channel in wanted if _currency(channel) in now] if isinstance(wanted, list) else []
        if not channels:
            return error(11050, "channels", number)
        self._person = person
        self._sent = {_currency(channel): now[_currency(channel)] for channel in channels}
        return result(channels, number)

    async def push(self) -> None:
        """Send each currency that changed since the last message, if any did."""
        if self._person is None:
            return
        now = self._rows(self._person)
        waits = self._connection.world.faults.is_waiting(_PROVIDER, _PUSH)
        for currency, sent in self._sent.items():
            if now[currency] != sent or waits:
                self._sent[currency] = now[currency]
                waits = False
                parameters = {"channel": _CHANNEL + currency.lower(), "data": now[currency]}
                message = {"jsonrpc": "2.0", "method": "subscription", "params": parameters}
                await self._send(message, self._connection.faults(_PUSH))

    def _rows(self, person: Person) -> dict[str, Row]:
        return {row["currency"]: row for row in rows(person, self._connection.world.clock.now())}

    async def _send(self, message: Row, faults: dict[str, str]) -> None:
        await self._connection.send_text(exact_json.dumps(message), faults)


def _currency(channel: object) -> str:
    text = str(channel)
    return text.removeprefix(_CHANNEL).upper() if text.startswith(_CHANNEL) else ""
