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
from keyrack.providers.api.balance_rows import rows
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    NotPushed,
    Ping,
    Send,
    Snapshot,
    StreamProblem,
    StreamRefused,
    StreamTarget,
    message,
    words,
)
from keyrack.providers.holding import Holding

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
        self._asked: dict[str, str] = {}
        self._shared: set[str] = set()

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
            return self._subscribed(content)
        return self._summed(content, number) if number in (_FIRST, _AGAIN) else [Ignored()]

    def _summed(self, content: dict[str, Any], number: Any) -> list[Event]:
        listed = at(content, self._summaries.rows)
        found = None if listed is None else rows(self._summaries, content, zeros=True)
        if found is None:
            return [StreamProblem("unexpected figures")]
        self._shared = {row.asset for row in found if row.remark == "shared"}
        snapshot = Snapshot(tuple(row for row in found if not row.is_zero), left_out=found.left_out)
        if number == _AGAIN:
            return [snapshot]
        names = {row.asset.lower(): row.asset for row in reversed(found.holdings) if _CURRENCY.match(row.asset)}
        self._asked = {f"{_CHANNEL}{name}": names[name] for name in sorted(names)[:_MOST_CURRENCIES]}
        if not self._asked:
            return [Authorized(), snapshot, StreamProblem("no currency to follow")]
        subscribe = self._call(_SUBSCRIBE, "private/subscribe", channels=list(self._asked))
        return [Authorized(), snapshot, Send(subscribe)]

    def _subscribed(self, content: dict[str, Any]) -> list[Event]:
        """The summaries once more. A channel that the response does not list is not followed (Deribit Q19)."""
        listed = content.get("result")
        missing = {} if listed is None else {c: a for c, a in self._asked.items() if c not in _as_list(listed)}
        if self._asked and len(missing) == len(self._asked):
            return [StreamProblem("no currency is followed")]
        again = Send(self._call(_AGAIN, "private/get_account_summaries"))
        return [NotPushed(frozenset(missing.values())), again] if missing else [again]

    def _changed(self, content: dict[str, Any]) -> Event:
        if not text_at(content, "params.channel").startswith(_CHANNEL):
            return Ignored()
        found = rows(self._portfolio, [at(content, "params.data")], zeros=True)
        if found is None:
            return StreamProblem("unexpected figures")
        return Delta(tuple(map(self._as_in_summary, found)), found.left_out)

    def _as_in_summary(self, row: Holding) -> Holding:
        """A portfolio need not repeat that the currency's funds are shared (Deribit Q17)."""
        if row.asset not in self._shared or row.remark == "shared":
            return row
        return Holding(row.asset, None, row.total, row.place, "shared")

    def _error(self, content: dict[str, Any]) -> Event:
        code = text_at(content, "error.code")
        detail = words(code, text_at(content, "error.message"), text_at(content, "error.data.reason")) or "error"
        if content.get("id") == _FIRST and code in self._unauthorized:
            return StreamRefused(detail)
        return StreamProblem(detail)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
