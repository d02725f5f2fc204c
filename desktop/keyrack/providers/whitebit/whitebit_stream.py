"""WhiteBIT's account stream: authorizes with a stream token, then subscribes to spot and collateral."""

import json
from collections.abc import Sequence
from typing import Any

from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.secret import Secret
from keyrack.providers.api.balance_rows import rows
from keyrack.providers.api.stream import (
    Authorized,
    Delta,
    Event,
    Ignored,
    Ping,
    Pong,
    Send,
    Snapshot,
    StreamProblem,
    StreamRefused,
    StreamTarget,
    message,
    words,
)
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.holding import Reading

PING_SECONDS = 45.0  # the server closes after 60 s without a message of the client
_SPOT = BalanceCall(path="", shape="keyed", available="available", in_use="freeze", place="Spot")
# Q14: one figure has three names, and updates have the asset in the row.
_MARGIN = BalanceCall(path="", shape="keyed", available="available_without_borrow", total="balance", place="Collateral")
_MARGIN_UPDATE = BalanceCall(path="", shape="array", asset="a", available="av", total="B", place="Collateral")
_PING, _AUTHORIZE, _SPOT_FIRST, _SPOT_FOLLOW, _SPOT_AGAIN, _MARGIN_FOLLOW, _MARGIN_ALL = range(7)
_METHODS = {
    _SPOT_FIRST: "balanceSpot_request",
    _SPOT_FOLLOW: "balanceSpot_subscribe",
    _SPOT_AGAIN: "balanceSpot_request",
    _MARGIN_FOLLOW: "balanceMargin_subscribe",
    _MARGIN_ALL: "balanceMargin_request",
}
_OPTIONAL = (_MARGIN_FOLLOW, _MARGIN_ALL)


class WhitebitKeyStream:
    """One connection. Each response leads to the next request. Nothing is replayed, so all is requested again.

    Main has no stream and collateral may be closed to the key, so both are polled as well. Spot is requested once more
    after the subscription, because a change between the two would be in neither.
    """

    ping: Ping | None = Ping(PING_SECONDS, json.dumps({"id": _PING, "method": "ping", "params": []}))
    places: frozenset[str] | None = frozenset({"Spot"})

    def __init__(self, site: StreamTarget) -> None:
        self._name = site.provider.company_name

    async def opening(self, token: Secret) -> Sequence[Secret]:
        """The authorization with a fresh stream token. Its second parameter is always "public"."""
        return [_frame(_AUTHORIZE, "authorize", [token.reveal(), "public"])]

    def read(self, frame: str) -> list[Event]:
        """What one frame means.

        Responses are known by their number, updates by their method (WhiteBIT Fast API key Q15).
        """
        content = message(frame, self._name)
        if isinstance(content, StreamProblem):
            return [content]
        if content.get("id") is None:
            return [_update(content)]
        number = content["id"]
        if at(content, "error") is not None:
            return [_error(number, content)]
        return _events_of_response(number, content.get("result"))


def _events_of_response(number: Any, result: Any) -> list[Event]:
    if number == _PING:
        return [Pong()]
    if number == _AUTHORIZE:
        good = text_at(result, "status") == "success"
        return [Authorized(), _request(_SPOT_FIRST)] if good else [StreamRefused("authorize without success")]
    if number in (_SPOT_FIRST, _SPOT_AGAIN):
        return _snapshot(_SPOT, result, _SPOT_FOLLOW if number == _SPOT_FIRST else _MARGIN_FOLLOW)
    if number == _SPOT_FOLLOW:
        return [_request(_SPOT_AGAIN)]
    if number == _MARGIN_FOLLOW:
        return [_request(_MARGIN_ALL)]
    return _snapshot(_MARGIN, result, None) if number == _MARGIN_ALL else [Ignored()]


def _snapshot(call: BalanceCall, result: Any, then: int | None) -> list[Event]:
    found = None if result is None else rows(call, result)
    if found is None:
        return [StreamProblem("unexpected figures")]
    whole = Snapshot(found.holdings, frozenset({call.place}), found.left_out)
    return [whole] if then is None else [whole, _request(then)]


def _update(content: dict[str, Any]) -> Event:
    """All assets of all objects (Q13)."""
    method, params = text_at(content, "method"), content.get("params")
    if method not in ("balanceSpot_update", "balanceMargin_update"):
        return Ignored()
    found = _changed(method, params) if isinstance(params, list) else None
    return StreamProblem("unexpected figures") if found is None else Delta(found.holdings, found.left_out)


def _changed(method: str, params: list[Any]) -> Reading | None:
    if method == "balanceMargin_update":
        return rows(_MARGIN_UPDATE, params, zeros=True)
    changed: dict[str, Any] = {}
    for each in params:
        if not isinstance(each, dict):
            return None
        changed |= each
    return rows(_SPOT, changed, zeros=True)


def _error(number: Any, content: dict[str, Any]) -> Event:
    detail = words(text_at(content, "error.code"), text_at(content, "error.message")) or "error without words"
    if number == _AUTHORIZE:
        return StreamRefused(detail)
    # A key that may not see the collateral account still sees spot.
    return Ignored() if number in _OPTIONAL else StreamProblem(detail)


def _request(number: int) -> Send:
    return Send(_frame(number, _METHODS[number], []))  # an empty list is all assets (Q12)


def _frame(number: int, method: str, params: list[str]) -> Secret:
    return Secret(json.dumps({"id": number, "method": method, "params": params}, separators=(",", ":")))
