"""The conversation on ProBit's WebSocket.

The client authorizes and subscribes to the balance. ProBit answers with a snapshot, and then with each change.
"""

import json
from collections.abc import Sequence
from typing import Any

from keyrack.primitives.secret import Secret
from keyrack.providers.api.balance_rows import rows
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
from keyrack.providers.call_schema import BalanceCall

_BALANCE = BalanceCall(path="", shape="keyed", rows="data", available="available", total="total")  # keyed by asset (Q6)
_SUBSCRIBE = '{"type":"subscribe","channel":"balance"}'
_MOST_DETAILS = 3


class ProbitStream:
    """One connection. At most one request is outstanding, so that an error without a channel belongs to it (Q12)."""

    ping: Ping | None = None
    places: frozenset[str] | None = None

    def __init__(self, site: StreamTarget) -> None:
        self._name = site.provider.name
        self._outstanding = ""

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """The authorization alone. The subscription follows its response. The token is sent unchanged (Q4)."""
        self._outstanding = "authorization"
        content = {"type": "authorization", "token": token.reveal()}
        return [Secret(json.dumps(content, separators=(",", ":")))]

    def read(self, frame: str) -> list[Event]:
        """The events of one frame."""
        content = message(frame, self._name)
        if isinstance(content, StreamProblem):
            return [content]
        if "errorCode" in content:
            return [self._error(content)]
        if content.get("type") == "authorization":
            return self._authorization(content)
        return [self._balance(content)] if content.get("channel") == "balance" else [Ignored()]

    def _authorization(self, content: dict[str, Any]) -> list[Event]:
        if self._outstanding != "authorization":
            return [Ignored()]
        if content.get("result") != "ok":
            return [StreamRefused(words("authorization", content.get("result")))]
        self._outstanding = "subscription"
        return [Authorized(), Send(Secret(_SUBSCRIBE))]

    def _balance(self, content: dict[str, Any]) -> Event:
        if self._outstanding == "authorization":
            return StreamProblem("figures before the authorization")
        self._outstanding = ""
        whole = content.get("reset") is True  # a missing one means false (Q11)
        # A frame without data would empty a good snapshot.
        found = None if content.get("data") is None else rows(_BALANCE, content, zeros=not whole)
        if found is None:
            return StreamProblem("unexpected figures")
        if whole:
            return Snapshot(found.holdings, left_out=found.left_out)
        return Delta(found.holdings, found.left_out)

    def _error(self, content: dict[str, Any]) -> Event:
        """An error belongs to the one outstanding request, else to the whole connection (Q12)."""
        detail = _error_text(content)
        if self._outstanding == "authorization" and content["errorCode"] == "UNAUTHORIZED":
            return StreamRefused(detail)
        return StreamProblem(f"{self._outstanding}: {detail}" if self._outstanding else detail)


def _error_text(content: dict[str, Any]) -> str:
    """The code, the message if there is one, and the fields that are meant. Never the message alone (Q13)."""
    details = content.get("details")
    fields = list(details.items())[:_MOST_DETAILS] if isinstance(details, dict) else []
    named = (f"{name} {word}" for name, word in fields if isinstance(word, str))
    return words(content["errorCode"], content.get("message"), *named) or "error without a code"
