"""Reads balances from a provider's response, exactly and as its file maps them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from keyrack.oauth.strict_json import at, steps, text_at
from keyrack.primitives.failure import plain
from keyrack.providers.call_schema import BalanceCall, StorageCall
from keyrack.providers.holding import EXACT, Holding, Storage
from keyrack.providers.kraken import common_name

LONGEST_AMOUNT = 60
LONGEST_ASSET = 24
LARGEST_POWER = 60
MOST_ROWS = 5000
LONGEST_PLAN = 40
NAMELESS = "?"
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]{1,3})?\Z")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def amount(value: Any) -> Decimal | None:
    """One figure without rounding. None for anything that is not a plain finite decimal. A float is refused."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        text = str(value)
        number = Decimal(text) if len(text) <= LONGEST_AMOUNT and _PLAIN.match(text) else None
    except (InvalidOperation, ValueError):  # ValueError: Python writes no integer of more than 4,300 digits
        return None
    if number is None or not -LARGEST_POWER <= number.adjusted() <= LARGEST_POWER:
        return None
    return number or number.copy_abs()


def rows(call: BalanceCall, answer: Any, *, zeros: bool = False) -> tuple[Holding, ...] | None:
    """Each row that is not zero, or with `zeros` each row. None for another shape, or if no row is as expected."""
    found = at(answer, call.rows)
    pairs = _pairs_inside(call, found) if call.rows_inside else _pairs(call, found)
    if pairs is None:
        return None
    found = [_row(call, asset, row) for asset, row in pairs[:MOST_ROWS] if asset and _is_row(call, row)]
    if pairs and not found:
        return None
    return tuple(row for row in found if zeros or not row.is_zero)


def _pairs_inside(call: BalanceCall, found: Any) -> list[tuple[str, Any]] | None:
    """The rows that stand inside each item of a list. None if one item has none there, because none may be lost."""
    if not isinstance(found, list):
        return None
    pairs: list[tuple[str, Any]] = []
    for item in found:
        inside = _pairs(call, at(item, call.rows_inside))
        if inside is None:
            return None
        pairs += inside
    return pairs


def _pairs(call: BalanceCall, found: Any) -> list[tuple[str, Any]] | None:
    if call.shape == "object":
        return [(_asset(call, found), found)] if isinstance(found, dict) else None
    if call.shape == "array":
        return [(_asset(call, row), row) for row in found] if isinstance(found, list) else None
    if found == []:
        return []  # how PHP writes an empty object
    return list(found.items()) if isinstance(found, dict) else None


def _asset(call: BalanceCall, row: Any) -> str:
    return call.asset_is or text_at(row, call.asset)


def _is_row(call: BalanceCall, row: Any) -> bool:
    """Whether at least one of the figures is there, even as null. An object without any is not a row."""
    names = {steps(path)[0] for path in (call.available, call.total, call.in_use) if path}
    return isinstance(row, dict) and not names.isdisjoint(row)


def _row(call: BalanceCall, asset: str, row: dict[str, Any]) -> Holding:
    available, total, in_use = (
        _times(call.factor, amount(at(row, path))) if path else None
        for path in (call.available, call.total, call.in_use)
    )
    if not call.total:
        total = _sum(available, in_use)
    elif not call.available:
        available = _sum(total, None if in_use is None else EXACT.minus(in_use))
    name = common_name(asset) if call.names == "kraken" else asset
    return Holding(plain(name, LONGEST_ASSET) or NAMELESS, available, total, call.place)


def _times(factor: str, value: Decimal | None) -> Decimal | None:
    """A figure in the unit of the asset, exact. Cents have the factor 0.01."""
    return value if value is None or factor == "1" else EXACT.multiply(value, Decimal(factor))


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The sum. None when one of the two is unknown."""
    return None if one is None or other is None else EXACT.add(one, other)


def added(holdings: Iterable[Holding]) -> list[Holding]:
    """One row for each asset and wallet, in the order of their first rows (Uphold Q10)."""
    found: dict[tuple[str, str], Holding] = {}
    for row in holdings:
        key = (row.asset, row.place)
        if key in found:
            old = found[key]
            row = Holding(row.asset, _sum(old.available, row.available), _sum(old.total, row.total), row.place)
        found[key] = row
    return list(found.values())


def space(call: StorageCall, answer: Any) -> Storage | None:
    """Used, available and size in bytes, plan and plan end. None if the response has no figure (Bitport Q7)."""
    paths = (call.used, call.available, call.size)
    used, available, size = (_bytes(call.factor, at(answer, path)) if path else None for path in paths)
    if used is None and available is None and size is None:
        return None
    ends = _DAY.match(text_at(answer, call.plan_ends)) if call.plan_ends else None
    plan = plain(text_at(answer, call.plan), LONGEST_PLAN) if call.plan else ""
    return Storage(used, available, size, plan, ends[0] if ends else "")


def _bytes(factor: str, value: Any) -> int | None:
    number = _times(factor, amount(value))
    return int(number) if number is not None and number >= 0 and number == number.to_integral_value() else None
