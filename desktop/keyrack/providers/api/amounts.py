"""Reads balances from a provider's response, exactly and as its file maps them."""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.failure import plain
from keyrack.providers.holding import EXACT, Holding, Storage
from keyrack.providers.kraken import common_name
from keyrack.providers.schema import BalanceCall, StorageCall

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
    pairs = _pairs(call, at(answer, call.rows))
    if pairs is None:
        return None
    found = [_row(call, asset, row) for asset, row in pairs[:MOST_ROWS] if asset and _is_row(call, row)]
    if pairs and not found:
        return None
    return tuple(row for row in found if zeros or not row.is_zero)


def _pairs(call: BalanceCall, found: Any) -> list[tuple[str, Any]] | None:
    if call.shape == "object":
        return [(text_at(found, call.asset), found)] if isinstance(found, dict) else None
    if call.shape == "array":
        return [(text_at(row, call.asset), row) for row in found] if isinstance(found, list) else None
    if found == []:
        return []  # how PHP writes an empty object
    return list(found.items()) if isinstance(found, dict) else None


def _is_row(call: BalanceCall, row: Any) -> bool:
    """Whether at least one of the figures is there, even as null. An object without any is not a row."""
    names = {path.partition(".")[0] for path in (call.available, call.total, call.in_use) if path}
    return isinstance(row, dict) and not names.isdisjoint(row)


def _row(call: BalanceCall, asset: str, row: dict[str, Any]) -> Holding:
    available, total, in_use = (
        amount(at(row, path)) if path else None for path in (call.available, call.total, call.in_use)
    )
    if not call.total:
        total = _sum(available, in_use)
    elif not call.available:
        available = _sum(total, None if in_use is None else EXACT.minus(in_use))
    name = common_name(asset) if call.names == "kraken" else asset
    return Holding(plain(name, LONGEST_ASSET) or NAMELESS, available, total, call.place)


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
    used, available, size = (_bytes(at(answer, path)) for path in (call.used, call.available, call.size))
    if used is None and available is None and size is None:
        return None
    ends = _DAY.match(text_at(answer, call.plan_ends)) if call.plan_ends else None
    plan = plain(text_at(answer, call.plan), LONGEST_PLAN) if call.plan else ""
    return Storage(used, available, size, plan, ends[0] if ends else "")


def _bytes(value: Any) -> int | None:
    number = amount(value)
    return int(number) if number is not None and number >= 0 and number == number.to_integral_value() else None
