"""The conversation on Deribit's WebSocket, in JSON-RPC.

The account's summaries are the snapshot. The portfolio of each currency is the change.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.secret import Secret
from keyrack.providers.api.amounts import rows
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    Ping,
    Send,
    Snapshot,
    StreamProblem,
    StreamRefused,
    StreamTarget,
    message,
    words,
)

_FIRST, _SUBSCRIBE, _AGAIN = 1, 2, 3
_CHANNEL = "user.portfolio."
_CURRENCY = re.compile(r"[A-Za-z0-9_]{1,24}\Z")
_MOST_CURRENCIES = 200


class DeribitStream:
    """One connection. The token travels in the parameters of each private call, never in the address (S42).

    The summaries are requested twice, because Deribit does not push what changed before the subscription.
    """

    ping: Ping | None = None
    places: frozenset[str] | None = None

    def __init__(self, site: StreamTarget) -> None:
        self._name = site.provider.name
        self._unauthorized = site.provider.errors.unauthorized
        self._summaries = site.provider.balances[0]
        self._portfolio = msgspec.structs.replace(self._summaries, rows="", shape="array")
        self._token = Secret("")

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """The first request for the summaries, which shows whether the token is valid."""
        self._token = token
        return [self._call(_FIRST, "private/get_account_summaries")]

    def _call(self, number: int, method: str, **parameters: object) -> Secret:
        content = {
            "jsonrpc": "2.0",
            "id": number,
            "method": method,
            "params": {**parameters, "access_token": self._token.reveal()},
        }
        return Secret(json.dumps(content, separators=(",", ":")))

    def read(self, frame: str) -> list[Event]:
        """The events of one frame."""
        content = message(frame, self._name)
        if isinstance(content, StreamProblem):
            return [content]
        if content.get("method") == "subscription":
            return [self._changed(content)]
        number = content.get("id")
        if "error" in content:
            return [self._error(content)]
        if number == _SUBSCRIBE:
            return [Send(self._call(_AGAIN, "private/get_account_summaries"))]
        return self._summed(content, number) if number in (_FIRST, _AGAIN) else [Ignored()]

    def _summed(self, content: dict[str, Any], number: Any) -> list[Event]:
        found = rows(self._summaries, content, zeros=True)
        if found is None:
            return [StreamProblem("unexpected figures")]
        snapshot = Snapshot(tuple(row for row in found if not row.is_zero))
        if number == _AGAIN:
            return [snapshot]
        names = dict.fromkeys(row.asset.lower() for row in found if _CURRENCY.match(row.asset))
        channels = [f"{_CHANNEL}{name}" for name in list(names)[:_MOST_CURRENCIES]]
        if not channels:
            return [Authorized(), snapshot, StreamProblem("no currency to follow")]
        return [Authorized(), snapshot, Send(self._call(_SUBSCRIBE, "private/subscribe", channels=channels))]

    def _changed(self, content: dict[str, Any]) -> Event:
        if not text_at(content, "params.channel").startswith(_CHANNEL):
            return Ignored()
        found = rows(self._portfolio, [at(content, "params.data")], zeros=True)
        return StreamProblem("unexpected figures") if found is None else Delta(found)

    def _error(self, content: dict[str, Any]) -> Event:
        code = text_at(content, "error.code")
        detail = words(code, text_at(content, "error.message"), text_at(content, "error.data.reason")) or "error"
        if content.get("id") == _FIRST and code in self._unauthorized:
            return StreamRefused(detail)
        return StreamProblem(detail)
