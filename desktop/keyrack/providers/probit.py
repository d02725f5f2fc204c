"""ProBit's WebSocket: authorize, subscribe to the balance, a snapshot, then what changes."""

import json
from collections.abc import Sequence
from typing import Any

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
from keyrack.providers.schema import BalanceCall

_BALANCE = BalanceCall(path="", shape="keyed", rows="data", available="available", total="total")  # keyed by asset (Q6)
_SUBSCRIBE = '{"type":"subscribe","channel":"balance"}'
_MOST_DETAILS = 3


class ProbitStream:
    """One connection. At most one request is outstanding, so that an error without a channel has an owner (Q12)."""

    ping: Ping | None = None
    places: frozenset[str] | None = None

    def __init__(self, site: StreamTarget) -> None:
        self._name = site.provider.name
        self._outstanding = ""

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """The authorization alone; the subscription follows its answer. The token is sent as it is (Q4)."""
        self._outstanding = "authorization"
        said = {"type": "authorization", "token": token.reveal()}
        return [Secret(json.dumps(said, separators=(",", ":")))]

    def read(self, frame: str) -> list[Event]:
        """What one frame means."""
        said = message(frame, self._name)
        if isinstance(said, StreamProblem):
            return [said]
        if "errorCode" in said:
            return [self._error(said)]
        if said.get("type") == "authorization":
            return self._authorization(said)
        return [self._balance(said)] if said.get("channel") == "balance" else [Ignored()]

    def _authorization(self, said: dict[str, Any]) -> list[Event]:
        if self._outstanding != "authorization":
            return [Ignored()]
        if said.get("result") != "ok":
            return [StreamRefused(words("authorization", said.get("result")))]
        self._outstanding = "subscription"
        return [Authorized(), Send(Secret(_SUBSCRIBE))]

    def _balance(self, said: dict[str, Any]) -> Event:
        if self._outstanding == "authorization":
            return StreamProblem("figures before the authorization")
        self._outstanding = ""
        whole = said.get("reset") is True  # a missing one means false (Q11)
        found = rows(_BALANCE, said, zeros=not whole)
        if found is None:
            return StreamProblem("unexpected figures")
        return Snapshot(found) if whole else Delta(found)

    def _error(self, said: dict[str, Any]) -> Event:
        """Its owner is the one outstanding request, else the whole connection (Q12)."""
        detail = _told(said)
        if self._outstanding == "authorization" and said["errorCode"] == "UNAUTHORIZED":
            return StreamRefused(detail)
        return StreamProblem(f"{self._outstanding}: {detail}" if self._outstanding else detail)


def _told(said: dict[str, Any]) -> str:
    """The code, the message if there is one, and which fields are meant; never the message alone (Q13)."""
    details = said.get("details")
    fields = list(details.items())[:_MOST_DETAILS] if isinstance(details, dict) else []
    named = (f"{name} {word}" for name, word in fields if isinstance(word, str))
    return words(said["errorCode"], said.get("message"), *named) or "error without a code"
