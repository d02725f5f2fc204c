"""Reads WhiteBIT's wallets with a key: main, spot and collateral, in each form that WhiteBIT documents."""

from typing import Any

import msgspec

from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.providers.api.amounts import amount
from keyrack.providers.api.balance_rows import rows
from keyrack.providers.api.key_provider import SignedCall
from keyrack.providers.api.key_refusals import KeyMayNot
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.holding import NOTHING_LEFT_OUT, Holding, Reading
from keyrack.providers.schema import Provider

PROOF = "/api/v4/trade-account/balance"
STREAM_TOKEN = "/api/v4/profile/websocket_token"
_SUMMARY = "/api/v4/collateral-account/balance-summary"
_PLAIN = BalanceCall(path="/api/v4/collateral-account/balance", shape="keyed", total="balance", available="balance")


class Wallets:
    """One reading of all wallets. A wallet that the key may not read is named and hides none of the others."""

    def __init__(self, provider: Provider) -> None:
        self._calls = provider.balances
        self._found: list[Holding] = []
        self._left_out = NOTHING_LEFT_OUT
        self._refused: list[str] = []

    @property
    def reading(self) -> Reading:
        """Every asset that is not zero, and the names of the wallets that the key may not read."""
        return Reading(tuple(self._found), self._left_out, tuple(self._refused))

    async def read(self, call_provider: SignedCall) -> None:
        """Read each wallet. Raises Failure, and KeyMayNot only where no wallet at all may be read."""
        last: KeyMayNot | None = None
        for call in self._calls:
            try:
                read = await _wallet(call, call_provider)
                self._found += read
                self._left_out += read.left_out
            except KeyMayNot as why:
                last = why
                self._refused.append(call.place)
        if last is not None and len(self._refused) == len(self._calls):
            raise last


async def _wallet(call: BalanceCall, call_provider: SignedCall) -> Reading:
    if call.path != _SUMMARY:
        return read_wallet(call, await call_provider(call.path))
    try:
        return read_wallet(call, await call_provider(call.path))
    except KeyMayNot:
        plain = msgspec.structs.replace(_PLAIN, place=call.place)
        return read_wallet(plain, await call_provider(plain.path))


def read_wallet(call: BalanceCall, answer: Any) -> Reading:
    """The rows of one wallet. A bare amount, number or text, counts as a whole row. Raises UnexpectedResponse."""
    field = call.total or call.available
    if call.shape == "keyed" and isinstance(answer, dict):
        answer = {asset: row if amount(row) is None else {field: row} for asset, row in answer.items()}
    found = rows(call, answer)
    if found is None:
        raise unknown_response()
    return found


def unknown_response() -> Failure:
    """The failure for a response of another shape."""
    return UnexpectedResponse("whitebit_response_unknown")
