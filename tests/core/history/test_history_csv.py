"""CSV that a spreadsheet reads as what it is, whatever an account or an asset is called."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from keyrack.core.history.history_csv import HEAD, csv_of
from keyrack.core.history.history_row import AssetPart
from tests.core.history.rows import NOW, row


def read(name: str, *parts: AssetPart) -> list[dict[str, str]]:
    text = HEAD + csv_of(name, [replace(row("a", NOW), assets=parts)])
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_moment_has_its_total_and_its_assets() -> None:
    total, asset = read("Main desk", AssetPart("BTC", Decimal("1E-8"), Decimal("1E+3")))
    assert total == {
        "time": "2026-11-18T11:10:00Z",
        "account": "Main desk",
        "what": "total",
        "asset": "",
        "amount": "",
        "usd": "100.5",
        "eur": "90.1",
        "btc": "0.0016",
        "eth": "",
        "dollar": "USDT",
        "without_price": "1",
    }
    assert (asset["asset"], asset["amount"], asset["usd"]) == ("BTC", "0.00000001", "1000")


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "=cmd|'/c calc'!A0"])
def test_no_name_is_a_formula(name: str) -> None:
    total, asset = read(name, AssetPart(name, None, None))
    assert (total["account"], asset["asset"]) == (f"'{name}", f"'{name}")


@pytest.mark.parametrize("name", ['a "desk"', "a,b", "two\nlines", "Тест", "a=b", "EUR-1"])
def test_other_names_stay_as_they_are(name: str) -> None:
    total, asset = read(name, AssetPart(name, Decimal(1), None))
    assert (total["account"], asset["asset"]) == (name, name)
