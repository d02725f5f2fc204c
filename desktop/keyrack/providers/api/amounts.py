"""Reads single figures and storage space from a provider's response, exactly and as its file maps them."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from keyrack.oauth.strict_json import at, text_at
from keyrack.primitives.failure import plain
from keyrack.providers.call_schema import StorageCall
from keyrack.providers.holding import EXACT, Holding, Storage

LONGEST_AMOUNT = 60
LARGEST_POWER = 60
LONGEST_PLAN = 40
_DIGITS = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?\Z")
_POWER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?[eE][+-]?[0-9]{1,3}\Z")
# Many figures, each in a line of its own, without signs and powers.
_LINES = re.compile(r"(?:[0-9]{1,30}(?:\.[0-9]{1,29})?\n)*+\Z")
_TEXT_OR_NUMBER = frozenset({str, int, Decimal})
_SAMPLE = 64
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def amount(value: Any) -> Decimal | None:
    """One figure without rounding. None for anything that is not a plain finite decimal. A float is refused."""
    if type(value) is not str:
        value = _written(value)
    if len(value) > LONGEST_AMOUNT:
        return None
    if _DIGITS.match(value):
        number = Decimal(value)  # so few digits are never beyond the largest power
    elif _POWER.match(value):
        number = Decimal(value)
        if not -LARGEST_POWER <= number.adjusted() <= LARGEST_POWER:
            return None
    else:
        return None
    return number or number.copy_abs()


def _written(value: Any) -> str:
    """A number as text, "" for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return ""
    try:
        return str(value)
    except ValueError:  # Python writes no integer of more than 4,300 digits
        return ""


def plain_amounts(values: Sequence[Any]) -> list[Decimal] | None:
    """All figures of a column at once, none below zero. None where one is not a number of plain digits.

    One expression for all of them takes a tenth of the time of one for each.
    """
    try:
        lines = "\n".join([*values, ""])
    except TypeError:
        if not _TEXT_OR_NUMBER.issuperset(map(type, values)):
            return None
        values = list(map(_written, values))
        lines = "\n".join([*values, ""])
    try:
        if not _LINES.match(lines):
            return None
        if len(set(values[:_SAMPLE])) * 2 > len(values[:_SAMPLE]):
            return list(map(Decimal, values))
        known = {text: Decimal(text) for text in set(values)}  # most figures of an account are the same zero
        return list(map(known.__getitem__, values))
    except InvalidOperation:  # a text that holds a line end itself
        return None


def times(factor: str, value: Decimal | None) -> Decimal | None:
    """A figure in the unit of the asset, exact. Cents have the factor 0.01."""
    return value if value is None or factor == "1" else EXACT.multiply(value, Decimal(factor))


def total_of(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The sum. None when one of the two is unknown."""
    return None if one is None or other is None else EXACT.add(one, other)


def rest_of(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The difference. None when one of the two is unknown."""
    return None if one is None or other is None else EXACT.subtract(one, other)


def added(holdings: Iterable[Holding]) -> list[Holding]:
    """One row for each asset and wallet, in the order of their first rows (Uphold Q10)."""
    found: dict[tuple[str, str], Holding] = {}
    for row in holdings:
        key = (row.asset, row.place)
        if key in found:
            old = found[key]
            available, total = total_of(old.available, row.available), total_of(old.total, row.total)
            row = Holding(row.asset, available, total, row.place, old.remark or row.remark)
        found[key] = row
    return [with_remark(row) for row in found.values()]


def with_remark(row: Holding) -> Holding:
    """The same row, without an available amount where the figures say that something is owed.

    They say so by a negative figure, or by more available than there is.
    """
    available, total = row.available, row.total
    owed = total is not None and total.is_signed()
    if available is not None:
        owed = owed or available.is_signed() or (total is not None and available > total)
    return Holding(row.asset, None, total, row.place, "borrowed") if owed and not row.remark else row


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
    number = times(factor, amount(value))
    return int(number) if number is not None and number >= 0 and number == number.to_integral_value() else None
