"""The value of an account or of all accounts as text: rounded, with a note on everything it leaves out."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

from keyrack.language.translation import plural
from keyrack.primitives.failure import plain
from keyrack.ui.text.amount_text import age, amount, clock_time
from keyrack.ui.text.asset_names import short_name, short_names

if TYPE_CHECKING:
    from keyrack.core.valuation.valuation import Sum, Total

translate = QCoreApplication.translate
_COINS = frozenset({"BTC", "ETH"})
_FINE, _COARSE = 8, 2
_NAMED = 3
# Prices that nobody asks for any more, because the sign-in ended; while it lasts they are at most 300 s old.
_OLD = 600.0
LONGEST_VALUE = 18
_LONGEST_UNIT = 12
_ABOUT = "≈\u00a0"  # no line ends between the sign and its figure
_WIDE = Context(prec=500, rounding=ROUND_HALF_EVEN)


def money(value: Decimal, unit: str) -> str:
    """A value rounded to cents, or to 8 digits in a coin.

    Below half of the last digit it is "< 0.01", and from 10^18 on it has an exponent.
    """
    if value.adjusted() >= LONGEST_VALUE:
        return f"{value:.3e}"
    least = Decimal(1).scaleb(-(_FINE if unit in _COINS else _COARSE))
    rounded = _WIDE.quantize(value, least)
    if value and not rounded:
        return f"< {amount(least)}"
    return amount(rounded or abs(rounded))


def about(value: Decimal, unit: str) -> str:
    """The same for a sum, marked as an estimate and with its unit."""
    rounded = money(value, unit)
    return f"{rounded if rounded.startswith('<') else _ABOUT + rounded} {plain(unit, _LONGEST_UNIT)}"


def headline(total: "Total") -> str:
    """An account's value, or "No price"."""
    return about(total.amount, total.unit) if total.known else translate("Worth", "No price")


def account_note(total: "Total", provider: str, wall: float) -> str:
    """Which prices were used, how old they are, and what the value leaves out."""
    parts = [_priced(total, provider, wall)]
    if total.priceless:
        parts.append(f"{_priceless(len(total.priceless))}: {_names(total.priceless)}.")
    ways: dict[str, list[str]] = {}
    for asset, way in total.hops.items():
        ways.setdefault(" → ".join(way), []).append(asset)
    for steps, assets in ways.items():
        by_way = translate("Worth", "By way of {way}: {names}.")
        parts.append(by_way.format(way=plain(steps, 60), names=_names(assets)))
    for asset, traded in list(total.quiet.items())[:_NAMED]:
        passed = age(wall - traded)
        parts.append(translate("Worth", "{asset} last traded {age}.").format(asset=short_name(asset), age=passed))
    if total.left_out:
        count = total.left_out
        parts.append(plural("1 price was not read.", "{n} prices were not read.", count, n=_number(count)))
    return " ".join(part for part in parts if part)


def _priced(total: "Total", provider: str, wall: float) -> str:
    if not total.priced:
        return total.failure.happened if total.failure else ""
    text = translate("Worth", "At {provider}'s own prices of {time}.")
    if total.failure is not None:
        text = translate("Worth", "At {provider}'s own prices of {time}, {age}; newer ones could not be read.")
    elif wall - total.priced > _OLD:
        text = translate("Worth", "At {provider}'s own prices of {time}, {age}.")
    return text.format(provider=provider, time=clock_time(total.priced), age=age(wall - total.priced))


def sum_note(whole: "Sum", wall: float, *, private: bool = False) -> str:
    """What the sum over all accounts counts, what part of it is old, and what it leaves out."""
    parts = [_of_accounts(whole, wall)]
    if whole.old:
        part = translate("Worth", "A part of it") if private else about(whole.old, whole.unit)
        older = translate("Worth", "{part} is from older figures, the oldest {age}.")
        parts.append(older.format(part=part, age=age(wall - whole.taken)))
    if whole.as_dollars:
        parts.append(translate("Worth", "{names} counted as USD.").format(names=_names(whole.as_dollars)))
    if whole.priceless:
        parts.append(_priceless(whole.priceless) + ".")
    if whole.unknown:
        text = plural(
            "1 account has no value yet and is not included.",
            "{n} accounts have no value yet and are not included.",
            whole.unknown,
            n=_number(whole.unknown),
        )
        parts.append(text)
    if whole.apart:
        number = _number(whole.apart)
        parts.append(
            plural("1 test account is not included.", "{n} test accounts are not included.", whole.apart, n=number)
        )
    return " ".join(parts)


def _of_accounts(whole: "Sum", wall: float) -> str:
    if not whole.priced:
        return plural("1 account.", "{n} accounts.", whole.counted, n=_number(whole.counted))
    text = plural(
        "1 account at its exchange's own prices of {time}",
        "{n} accounts at their exchanges' own prices of {time}",
        whole.counted,
        n=_number(whole.counted),
        time=clock_time(whole.priced),
    )
    old = whole.stale or wall - whole.priced > _OLD
    return f"{text}, {age(wall - whole.priced)}." if old else f"{text}."


def _priceless(count: int) -> str:
    return plural("No price for 1 asset", "No price for {n} assets", count, n=_number(count))


def _names(assets: Iterable[str]) -> str:
    """The first names as plain text, of assets that are each there once."""
    named = list(short_names(islice(assets, _NAMED + 1)).values())
    if len(named) <= _NAMED:
        return ", ".join(named)
    return translate("Worth", "{names} and others").format(names=", ".join(named[:_NAMED]))


def _number(count: int) -> str:
    return QLocale().toString(count)
