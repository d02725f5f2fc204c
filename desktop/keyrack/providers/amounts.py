"""Reads what an account holds from a provider's answers, exactly and by mapping."""

from decimal import Decimal, InvalidOperation
from typing import Any

from keyrack.net.failure import plain
from keyrack.oauth.answers import at, text_at
from keyrack.providers.holding import Holding, Storage
from keyrack.providers.schema import BalanceCall, StorageCall

LONGEST_AMOUNT = 60
LONGEST_ASSET = 24
MOST_ROWS = 5000


def amount(value: Any) -> Decimal | None:
    """One figure without rounding; None for anything that is not a plain finite decimal (never a float)."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    text = str(value)
    if not 0 < len(text) <= LONGEST_AMOUNT or not all(c in "0123456789.+-eE" for c in text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and -60 <= number.adjusted() <= 60 else None


def rows(call: BalanceCall, answer: Any) -> tuple[Holding, ...] | None:
    """Each row that is not zero; None if the answer has another shape."""
    found = _value(call, answer)
    if call.shape == "array":
        if not isinstance(found, list):
            return None
        pairs = [(text_at(row, call.asset), row) for row in found[:MOST_ROWS]]
    elif isinstance(found, dict):
        pairs = list(found.items())[:MOST_ROWS]
    else:
        return () if found == [] else None
    made = (_row(call, asset, row) for asset, row in pairs if asset and isinstance(row, dict))
    return tuple(row for row in made if row.available != 0 or row.total != 0)


def _value(call: BalanceCall, answer: Any) -> Any:
    if call.rows:
        return at(answer, call.rows)
    return answer


def _row(call: BalanceCall, asset: str, row: dict[str, Any]) -> Holding:
    available = amount(at(row, call.available))
    total = amount(at(row, call.total)) if call.total else None
    if call.in_use:
        in_use = amount(at(row, call.in_use))
        total = available + in_use if available is not None and in_use is not None else None
    return Holding(plain(asset, LONGEST_ASSET), available, total, call.place)


def space(call: StorageCall, answer: Any) -> Storage | None:
    """Used, available and size in bytes, plan and plan end; None if the answer names no figure (Bitport Q7)."""
    used, available, size = (_bytes(at(answer, path)) for path in (call.used, call.available, call.size))
    if used is None and available is None and size is None:
        return None
    ends = text_at(answer, call.plan_ends)[:10] if call.plan_ends else ""
    plan = plain(text_at(answer, call.plan), 40) if call.plan else ""
    return Storage(used, available, size, plan, plain(ends))


def _bytes(value: Any) -> int | None:
    number = amount(value)
    return int(number) if number is not None and number >= 0 and number == number.to_integral_value() else None
