"""The value of holdings at the prices of the exchange that holds them, and of no other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Context, Decimal
from fractions import Fraction

import msgspec

from keyrack.primitives.failure import Failure
from keyrack.providers.api.prices import Price, find, find_turned
from keyrack.providers.holding import Holding
from keyrack.providers.schema import Prices

DOLLAR = "USD"
OLD_TRADE = 86_400.0
# Products and sums of figures of at most 60 digits stay exact; only a quotient without end is ever cut.
_WIDE = Context(prec=500)


@dataclass(frozen=True, slots=True)
class PriceList:
    """The prices of one site. `taken` is in wall seconds. `failure` is set when a later request failed.

    `left_out` counts the prices beyond the limit. `rates` keeps the rates that were found in these prices, for the next
    snapshot of balances.
    """

    how: Prices
    prices: Mapping[str, Price] = field(default_factory=dict)
    taken: float = 0.0
    failure: Failure | None = None
    left_out: int = 0
    rates: "dict[tuple[str, str], ExchangeRate | None]" = field(
        default_factory=dict, init=False, repr=False, compare=False
    )


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """The value of 1 asset in another one.

    `by_way_of` are the assets of an indirect rate. `traded` is the last trade of its quietest market.
    """

    value: Fraction
    by_way_of: tuple[str, ...] = ()
    traded: float | None = None

    def times(self, other: "ExchangeRate", by_way_of: str) -> "ExchangeRate":
        """Both steps as one rate."""
        quietest = min((moment for moment in (self.traded, other.traded) if moment is not None), default=None)
        way = (*self.by_way_of, by_way_of, *other.by_way_of)
        return ExchangeRate(self.value * other.value, way, quietest)


class HoldingValue(msgspec.Struct, frozen=True, gc=False):
    """The value of one holding, None where there is no price or no amount. `rate` is the rate that was used."""

    value: Decimal | None
    rate: ExchangeRate | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """The value of all holdings that have a price, in `unit`.

    `holding_values` stand in the order of the holdings. `priceless` are the assets that are held without a price here.
    `hops` are those with an indirect price. `quiet` are those whose market last traded more than a day before the
    prices were requested. `priced` is the wall time of the prices (0 without any).
    `failure` says why the prices are not newer. `left_out` counts the prices that were not read.
    """

    amount: Decimal
    unit: str
    holding_values: tuple[HoldingValue, ...]
    priceless: tuple[str, ...] = ()
    hops: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet: Mapping[str, float] = field(default_factory=dict)
    priced: float = 0.0
    failure: Failure | None = None
    left_out: int = 0

    @property
    def known(self) -> bool:
        """Whether the amount has a meaning: at least one holding has a price, or there are no holdings."""
        return not self.priceless or any(worth.value for worth in self.holding_values)


def unit_of(how: Prices, currency: str) -> str:
    """A provider's name of the chosen currency. Its dollar may be USDT."""
    return how.dollar if how.dollar and currency == DOLLAR else currency


def rate(known: PriceList, asset: str, unit: str) -> ExchangeRate | None:
    """The value of 1 asset in `unit`, from this site's prices alone. It is None where they do not determine it.

    The rate is direct, or goes by way of one of the provider's `via`. Where `unit` is not the money in which the
    provider prices, it then goes by way of that money.
    """
    if (asset, unit) not in known.rates:
        known.rates[asset, unit] = _found_rate(known, asset, unit)
    return known.rates[asset, unit]


def _found_rate(known: PriceList, asset: str, unit: str) -> ExchangeRate | None:
    straight = _step(known, asset, unit)
    if straight is not None:
        return straight
    how = known.how
    last = _step(known, how.quote, unit)
    into_quote = (unit != how.quote and _step(known, asset, how.quote)) or _hop(known, asset, how.quote)
    if into_quote is None or last is None:
        return None
    return into_quote if unit == how.quote else into_quote.times(last, how.quote)


def _hop(known: PriceList, asset: str, unit: str) -> ExchangeRate | None:
    for middle in known.how.via:
        first, second = _step(known, asset, middle), _step(known, middle, unit)
        if first is not None and second is not None and middle not in (asset, unit):
            return first.times(second, middle)
    return None


def _step(known: PriceList, asset: str, unit: str) -> ExchangeRate | None:
    if asset == unit:
        return ExchangeRate(Fraction(1))
    found = find(known.how, known.prices, asset, unit)
    if found is not None:
        return ExchangeRate(Fraction(found.value), (), found.traded)
    found = find_turned(known.how, known.prices, asset, unit)
    return ExchangeRate(1 / Fraction(found.value), (), found.traded) if found is not None else None


def total(known: PriceList, holdings: Iterable[Holding], currency: str) -> Total:
    """The value of an account's holdings. An asset without a price or amount is reported, never counted as zero."""
    unit = unit_of(known.how, currency)
    held = list(holdings)
    rates = {asset: rate(known, asset, unit) for asset in {holding.asset for holding in held}}
    holding_values = tuple(_holding_value(holding, rates[holding.asset]) for holding in held)
    missing = [h.asset for h, worth in zip(held, holding_values, strict=True) if worth.value is None]
    used = {h.asset: found for h in held if (found := rates[h.asset]) and h.total}
    limit = known.taken - OLD_TRADE
    return Total(
        _sum(worth.value for worth in holding_values),
        unit,
        holding_values,
        tuple(dict.fromkeys(missing)),
        {asset: found.by_way_of for asset, found in used.items() if found.by_way_of},
        {asset: found.traded for asset, found in used.items() if found.traded is not None and found.traded < limit},
        known.taken,
        known.failure,
        known.left_out,
    )


def _holding_value(holding: Holding, found: ExchangeRate | None) -> HoldingValue:
    if holding.total is None:
        return HoldingValue(None, found)
    if not holding.total:
        return HoldingValue(Decimal(0), found)
    return HoldingValue(_product(holding.total, found.value) if found else None, found)


def _product(amount: Decimal, rate: Fraction) -> Decimal:
    return _WIDE.divide(_WIDE.multiply(amount, Decimal(rate.numerator)), Decimal(rate.denominator))


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    found = Decimal(0)
    for value in values:
        if value is not None:
            found = _WIDE.add(found, value)
    return found


@dataclass(frozen=True, slots=True)
class Sum:
    """The value of several accounts in `unit`. `as_dollars` are the currencies that are counted as 1 dollar each.

    `priceless` counts assets without a price, `unknown` accounts without any value, `apart` test accounts, which are
    never added to real ones. `priced` is the oldest wall time of the prices that were used. `old` is the part of the
    sum whose balances are not of now, and `taken` the oldest wall time of these.
    """

    amount: Decimal
    unit: str
    counted: int = 0
    as_dollars: tuple[str, ...] = ()
    priceless: int = 0
    unknown: int = 0
    apart: int = 0
    priced: float = 0.0
    stale: bool = False
    old: Decimal = Decimal(0)
    taken: float = 0.0


def add_up(
    totals: Iterable[Total],
    currency: str,
    *,
    unknown: int = 0,
    apart: int = 0,
    old: Sequence[tuple[Total, float]] = (),
) -> Sum:
    """Several accounts as one sum. Accounts whose units differ only as dollars do are added one to one.

    `old` are those of the totals whose balances are not of now, with the wall time of these.
    """
    found = list(totals)
    known = [each for each in found if each.known]
    units = list(dict.fromkeys(each.unit for each in known))
    unit = units[0] if len(units) == 1 else currency
    return Sum(
        _sum(each.amount for each in known),
        unit,
        len(known),
        tuple(each for each in units if each != unit),
        sum(len(each.priceless) for each in found),
        unknown,
        apart,
        min((each.priced for each in known if each.priced), default=0.0),
        any(each.failure is not None for each in known),
        _sum(each.amount for each, _ in old if each.known),
        min((taken for each, taken in old if each.known and each.amount), default=0.0),
    )
