"""ccxt and our provider files read the same answers to the same figures.

The shapes are those of the exchanges' documents and of ccxt's recorded answers, which its package does not ship.
Amounts are invented. Deribit's part in use is left out: ccxt takes the maintenance margin for it (`findings/`).
"""

from dataclasses import dataclass
from decimal import Decimal

import msgspec
import pytest

from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.api.balance_request import Headers
from keyrack.providers.files.load import moved
from tests.independent.environments import answer_of, python_of
from tests.recording_server import answer, recording
from tests.tokens import http, provider

Figures = dict[str, tuple[Decimal, Decimal]]


@dataclass(frozen=True)
class Recorded:
    """The answers to the calls of one provider file, and free and total of each asset of each answer."""

    exchange: str
    bodies: tuple[str, ...]
    figures: tuple[dict[str, tuple[str, str]], ...]
    lock: str = "ccxt-4.5.90.txt"


ALL = (
    Recorded(
        "probit",
        (
            """{"data": [{"currency_id": "BTC", "total": "0.500000000000000001", "available": "0.1"},
                         {"currency_id": "USDT", "total": "1500.5", "available": "1500.5"}]}""",
        ),
        ({"BTC": ("0.1", "0.500000000000000001"), "USDT": ("1500.5", "1500.5")},),
        "ccxt-4.4.60.txt",
    ),
    Recorded(
        "whitebit",
        (
            '{"BTC": {"main_balance": "0.000000000000000012"}, "USDT": {"main_balance": "25"}}',
            '{"BTC": {"available": "0.4", "freeze": "0.1"}, "EUR": {"available": "0", "freeze": "12.34"}}',
        ),
        (
            {"BTC": ("0.000000000000000012",) * 2, "USDT": ("25", "25")},
            {"BTC": ("0.4", "0.5"), "EUR": ("0", "12.34")},
        ),
    ),
    Recorded(
        "deribit",
        (
            """{"jsonrpc": "2.0", "id": 7, "result": {"id": 12, "summaries": [
                {"currency": "BTC", "equity": 302.61869214, "available_funds": 301.38059622, "margin_balance": 302.62,
                 "initial_margin": 1.24669592, "maintenance_margin": 0.8857841, "balance": 302.60065765},
                {"currency": "USDC", "equity": 1500.1, "available_funds": 1500.1, "initial_margin": 0,
                 "maintenance_margin": 0, "balance": 1500.1}]}}""",
        ),
        ({"BTC": ("301.38059622", "302.61869214"), "USDC": ("1500.1", "1500.1")},),
    ),
    Recorded(
        "kraken",
        (
            """{"error": [], "result": {
                "ZUSD": {"balance": "25435.2100", "hold_trade": "8249.7600"},
                "XXBT": {"balance": "1.2435000000", "hold_trade": "0.8423000000"},
                "USDC": {"balance": "7.00", "hold_trade": "0.00"}}}""",
        ),
        ({"USD": ("17185.45", "25435.21"), "BTC": ("0.4012", "1.2435"), "USDC": ("7", "7")},),
    ),
    Recorded(
        "gemini",
        (
            """[{"type": "exchange", "currency": "BTC", "amount": "1154.62034001", "available": "1129.10517279",
                 "availableForWithdrawal": "1129.10517279"},
                {"type": "exchange", "currency": "GUSD", "amount": "0.07", "available": "0.07",
                 "availableForWithdrawal": "0.07"}]""",
        ),
        ({"BTC": ("1129.10517279", "1154.62034001"), "GUSD": ("0.07", "0.07")},),
    ),
    Recorded(
        "alpaca",
        (
            """{"currency": "USD", "status": "ACTIVE", "cash": "2345.67", "equity": "2345.67",
                "position_market_value": "0", "buying_power": "4691.34", "account_blocked": false}""",
        ),
        ({"USD": ("2345.67", "2345.67")},),
    ),
)


def signer(path: str) -> tuple[Headers, bytes]:
    """What a key would add; nobody checks it here."""
    return {}, b"nonce=1"


async def ours(recorded: Recorded) -> list[Figures]:
    """What our provider file makes of the answers, each served to the call that it belongs to."""
    found = []
    known = provider(recorded.exchange)
    for call, body in zip(known.balances, recorded.bodies, strict=True):
        async with recording(answer(body)) as server, http() as client:
            here = moved(known, server.base)
            one = msgspec.structs.replace(here, balances=(call,))
            rows = await ApiClient(client, one, next(iter(one.regions.values()))).holdings(Secret("invented"), signer)
        found.append({row.asset: (row.available or Decimal(0), row.total or Decimal(0)) for row in rows})
    return found


def exact(read: dict[str, tuple[str, str]]) -> Figures:
    """Figures as exact numbers."""
    return {asset: (Decimal(free), Decimal(total)) for asset, (free, total) in read.items()}


@pytest.mark.parametrize("recorded", ALL, ids=lambda recorded: recorded.exchange)
async def test_both_read_the_same_figures(recorded: Recorded) -> None:
    right = [exact(figures) for figures in recorded.figures]
    assert await ours(recorded) == right
    told = answer_of(
        python_of(recorded.lock), "ccxt_answers.py", {"exchange": recorded.exchange, "bodies": recorded.bodies}
    )
    assert recorded.lock == f"ccxt-{told['ccxt']}.txt"
    assert [exact(read) for read in told["read"]] == right
