"""Reads WhiteBIT's wallets with a key: main, spot and collateral, in each form seen (Fast API key, section 7)."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.providers.api.amounts import amount, rows
from keyrack.providers.holding import Holding
from keyrack.providers.schema import BalanceCall, Provider
from keyrack.providers.whitebit.refusals import NAME, KeyMayNot

PROOF = "/api/v4/trade-account/balance"
STREAM_TOKEN = "/api/v4/profile/websocket_token"
_SUMMARY = "/api/v4/collateral-account/balance-summary"
_PLAIN = BalanceCall(path="/api/v4/collateral-account/balance", shape="keyed", total="balance", available="balance")

Ask = Callable[[str], Awaitable[Any]]


class Wallets:
    """One reading of all wallets; one that the key may not read is named and hides none of the others."""

    def __init__(self, provider: Provider) -> None:
        self._calls = provider.balances
        self._found: list[Holding] = []
        self._refused: list[str] = []

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Every asset that is not zero."""
        return tuple(self._found)

    @property
    def unreadable(self) -> str:
        """A sentence on the wallets that the key may not read, "" where it reads all."""
        return f"The key may not read: {', '.join(self._refused)}." if self._refused else ""

    async def read(self, ask: Ask) -> None:
        """Ask for each wallet; raises Failure, KeyMayNot only where no wallet at all may be read."""
        last: KeyMayNot | None = None
        for call in self._calls:
            try:
                self._found.extend(await _wallet(call, ask))
            except KeyMayNot as why:
                last = why
                self._refused.append(call.place)
        if last is not None and len(self._refused) == len(self._calls):
            raise last


async def _wallet(call: BalanceCall, ask: Ask) -> tuple[Holding, ...]:
    if call.path != _SUMMARY:
        return read_wallet(call, await ask(call.path))
    try:
        return read_wallet(call, await ask(call.path))
    except KeyMayNot:
        plain = msgspec.structs.replace(_PLAIN, place=call.place)
        return read_wallet(plain, await ask(plain.path))


def read_wallet(call: BalanceCall, answer: Any) -> tuple[Holding, ...]:
    """The rows of one wallet; raises StrangeAnswer. A bare amount, number or text, counts as a whole row."""
    field = call.total or call.available
    if call.shape == "keyed" and isinstance(answer, dict):
        answer = {asset: row if amount(row) is None else {field: row} for asset, row in answer.items()}
    found = rows(call, answer)
    if found is None:
        raise strange()
    return found


def strange() -> Failure:
    """What an answer of another shape means."""
    return UnexpectedResponse(
        f"{NAME} answered in a form that Keyrack does not know.",
        "The figures shown are the last good ones.",
        "Keyrack tries again by itself.",
    )
