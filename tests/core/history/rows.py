"""Rows for the tests of the history, at a moment that can be true."""

from decimal import Decimal

from keyrack.core.history.history_row import AssetPart, HistoryRow

NOW = 1_795_000_200  # a full ten minutes: 18 November 2026, 11:10 UTC
BITCOIN = AssetPart("BTC", Decimal("0.25"), Decimal("16000.12345678"))


def row(account: str, at: int, dollars: str = "100.5", *, euros: str | None = "90.1") -> HistoryRow:
    """One account at one moment."""
    totals = (Decimal(dollars), None if euros is None else Decimal(euros), Decimal("0.0016"), None)
    return HistoryRow(account, at, "USDT", totals, 1, (BITCOIN, AssetPart("ODD", None, None)))
