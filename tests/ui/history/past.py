"""A past for the accounts of a window, with a gap in it."""

from decimal import Decimal
from pathlib import Path

from keyrack.core.history.history_file import HistoryFile
from keyrack.core.history.history_row import HistoryRow
from keyrack.core.history.periods import DAY, HOUR, MINUTES_10, YEAR
from keyrack.core.valuation.valuation import PriceList
from keyrack.providers.api.prices import Price
from keyrack.providers.schema import Prices
from tests.ui.harness import WindowHarness

AGES = (*range(0, 2 * DAY, MINUTES_10), *range(2 * DAY, 30 * DAY, HOUR), *range(30 * DAY, YEAR, DAY))
GAP = (30 * HOUR, 56 * HOUR)
LATE = 4 * DAY


def write_past(
    folder: Path, harness: WindowHarness, ids: tuple[str, ...] = ("w1", "w2", "p1"), *, late: str = "p1"
) -> None:
    """Rows up to now, in the state folder of `make_harness(folder)`.

    Those of the account `late` begin four days ago, and nobody's reach over the gap."""
    wall = int(harness.clock.wall)
    rows = []
    for number, id in enumerate(ids):
        for age in AGES:
            if GAP[0] < age < GAP[1] or (id == late and age > LATE):
                continue
            rows.append(_row(id, wall - age, value(number, age)))
    HistoryFile(folder / "state").append(rows)


def priced(how: Prices, wall: float) -> PriceList:
    """Prices in dollars of what the harness's accounts hold."""
    figures = {"BTC": "64000", "ETH": "3100", "SHIB": "0.000012", "BSV": "40"}
    found = {f"{asset}{mark}USDT": Price(Decimal(price)) for asset, price in figures.items() for mark in "_-"}
    return PriceList(how, found, wall)


def value(number: int, age: int) -> Decimal:
    """A value that goes up and down, the same in every run."""
    wave = (age // HOUR * (7 + number)) % 97 - 48
    return Decimal(71_177) - Decimal(age) / 180 + Decimal(wave) * 23


def _row(id: str, at: int, dollars: Decimal) -> HistoryRow:
    rates = (Decimal(1), Decimal("0.91"), Decimal("0.0000156"), Decimal("0.00032"))
    return HistoryRow(id, at, "USDT", tuple(round(dollars * rate, 8) for rate in rates), 0, ())
