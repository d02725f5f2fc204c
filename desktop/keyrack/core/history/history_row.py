"""What is written of one account at one moment: its total in each currency, and its main assets."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal

from keyrack.core.preferences.all_settings import CURRENCIES
from keyrack.core.valuation.valuation import DOLLAR, PriceList, Total, total, unit_of
from keyrack.providers.holding import Holding

NAME = "history.sqlite"
MAIN = 6
_WIDE = Context(prec=500, rounding=ROUND_HALF_EVEN)
_LEAST = Decimal(1).scaleb(-8)


@dataclass(frozen=True, slots=True)
class Sample:
    """What an account holds at `at` wall seconds and the prices of its site. Both are never changed, only replaced."""

    account: str
    at: int
    holdings: Sequence[Holding]
    known: PriceList


@dataclass(frozen=True, slots=True)
class AssetPart:
    """One asset of an account: the amount, and its value in the exchange's own dollar. None where it is not known."""

    asset: str
    amount: Decimal | None
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One account at one moment.

    `totals` stand in the order of `CURRENCIES`, None where no holding has a price in it. `dollar` is the exchange's own
    name of the dollar. `priceless` counts the assets without a price. `assets` are the main ones by value.
    """

    account: str
    at: int
    dollar: str
    totals: tuple[Decimal | None, ...]
    priceless: int
    assets: tuple[AssetPart, ...]


def row_of(sample: Sample) -> HistoryRow:
    """The figures of a sample.

    All four currencies are kept: a person who chooses another one then sees the same past in it, each moment at the
    prices of that moment. They are computed exactly as the window does, and rounded to 8 decimals.
    """
    found = {currency: total(sample.known, sample.holdings, currency) for currency in CURRENCIES}
    in_dollars = found[DOLLAR]
    return HistoryRow(
        sample.account,
        sample.at,
        unit_of(sample.known.how, DOLLAR),
        tuple(_rounded(each.amount) if each.known else None for each in found.values()),
        len(in_dollars.priceless),
        tuple(_main(sample.holdings, in_dollars)),
    )


def _main(holdings: Sequence[Holding], worth: Total) -> Iterable[AssetPart]:
    """The assets of highest value, then those without a price in the provider's order. Empty ones are left out."""
    amounts: dict[str, Decimal | None] = {}
    values: dict[str, Decimal | None] = {}
    for holding, each in zip(holdings, worth.holding_values, strict=True):
        if holding.total is None or holding.total:
            amounts[holding.asset] = _added(amounts.get(holding.asset, Decimal(0)), holding.total)
            values[holding.asset] = _added(values.get(holding.asset, Decimal(0)), each.value)
    ranked = sorted(amounts, key=lambda asset: (values[asset] is None, -(values[asset] or Decimal(0))))
    for asset in ranked[:MAIN]:
        value = values[asset]
        yield AssetPart(asset, amounts[asset], None if value is None else _rounded(value))


def _added(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    return None if one is None or other is None else _WIDE.add(one, other)


def _rounded(value: Decimal) -> Decimal:
    return _WIDE.quantize(value, _LEAST).normalize(_WIDE)
