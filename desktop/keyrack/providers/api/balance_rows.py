"""Reads the rows of a balance call: each asset that is held, and how many rows could not be read."""

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import repeat
from operator import ge, itemgetter
from typing import Any

from keyrack.oauth.strict_json import at, steps, text_at, text_of
from keyrack.primitives.failure import plain
from keyrack.providers.api.amounts import amount, plain_amounts, rest_of, times, total_of, with_remark
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.holding import Holding, LeftOut, Reading
from keyrack.providers.kraken import placed_name

MOST_ROWS = 50_000
LONGEST_ASSET = 1000
NAMELESS = "?"
# What stands beside a list that was left out because it is empty.
_SAYS_NOTHING: tuple[Any, ...] = ("", "ok", "OK", "success", [], {})
_STEP = re.compile(r"\w+\Z", re.ASCII)

_Names = Sequence[str]
_Figures = Sequence[Decimal | None]


def rows(call: BalanceCall, answer: Any, *, zeros: bool = False) -> Reading | None:
    """Each row that is not zero, or with `zeros` each row, and how many could not be read.

    None for another shape, or if no row is as expected. A list that is null or missing holds nothing.
    """
    found = _names_and_rows(call, answer)
    if found is None:
        return None
    names, values = found
    beyond = max(0, len(names) - MOST_ROWS)
    if beyond:
        names, values = names[:MOST_ROWS], values[:MOST_ROWS]
    plain_rows = _plain_rows(call, names, values, zeros=zeros)
    if plain_rows is not None:
        return Reading(tuple(plain_rows), LeftOut(beyond=beyond))
    reader = _RowReader(call)
    read = reader.read(names, values)
    if values and not read:
        return None
    if not zeros:
        alone = not (call.available or call.in_use)
        read = [row for row in read if not (row.is_zero or (alone and row.total is not None and not row.total))]
    return Reading(tuple(read), LeftOut(reader.unread, beyond))


def _names_and_rows(call: BalanceCall, answer: Any) -> tuple[_Names, Sequence[Any]] | None:
    found = at(answer, call.rows)
    if found is None:
        return ((), ()) if _is_nothing(call, answer) else None
    return _all_inside(call, found) if call.rows_inside else _named(call, found)


def _all_inside(call: BalanceCall, found: Any) -> tuple[_Names, Sequence[Any]] | None:
    """The rows that stand inside each item of a list. None if one item has none there, because none may be lost."""
    if not isinstance(found, list):
        return None
    names, values = list[str](), list[Any]()
    for item in found:
        inside = _named(call, at(item, call.rows_inside))
        if inside is None:
            return None
        names += inside[0]
        values += inside[1]
    return names, values


def _named(call: BalanceCall, found: Any) -> tuple[_Names, Sequence[Any]] | None:
    if call.shape == "object":
        return ([call.asset_is or text_at(found, call.asset)], [found]) if isinstance(found, dict) else None
    if found == [] or found == {}:
        return (), ()  # PHP writes an empty object as a list, and Lua an empty list as an object
    if call.shape == "array":
        return (_assets(call, found), found) if isinstance(found, list) else None
    return (list(found), list(found.values())) if isinstance(found, dict) else None


def _assets(call: BalanceCall, found: list[Any]) -> list[str]:
    if call.asset_is:
        return [call.asset_is] * len(found)
    return [name if type(name) is str else text_of(name) for name in _column(call.asset, found)]


def _is_nothing(call: BalanceCall, answer: Any) -> bool:
    """Whether what stands at the path of the rows is null, or missing where nothing else is said."""
    if answer is None:
        return not call.rows and call.shape != "object"
    for step in steps(call.rows):
        if isinstance(answer, list) and answer:
            answer = answer[0]
        if not isinstance(answer, dict):
            break
        if step not in answer:
            besides = answer.keys() - set(steps(call.next_page)[-1:])
            return all(_says_nothing(answer[key]) for key in besides)
        answer = answer[step]
    return answer is None


def _says_nothing(value: Any) -> bool:
    if isinstance(value, str | list | dict):
        return value in _SAYS_NOTHING
    return value is None or isinstance(value, int)


def _column(path: str, found: Sequence[Any]) -> list[Any]:
    """The values at one path of many rows."""
    if _STEP.match(path):
        try:
            return list(map(itemgetter(path), found))
        except (KeyError, TypeError):  # a row without it, or one that is no object
            return [row.get(path) if type(row) is dict else None for row in found]
    return [at(row, path) for row in found]


def _plain_rows(call: BalanceCall, names: _Names, values: Sequence[Any], *, zeros: bool) -> list[Holding] | None:
    """The rows of a response in which every row is plain: a simple name, and two figures of digits.

    None for any other one, which `_RowReader` reads with more care and in several times the time.
    """
    unlike = call.shared or call.names != "as_is" or call.factor != "1"
    if not (call.available and call.total) or unlike or not all(names):
        return None
    together = "".join(names)
    available = plain_amounts(_column(call.available, values))
    total = plain_amounts(_column(call.total, values)) if available is not None else None
    if available is None or total is None or not (together.isascii() and together.isalnum()):
        return None
    if max(map(len, names), default=0) > LONGEST_ASSET or not all(map(ge, total, available)):
        return None
    place, figures = call.place, zip(names, available, total, strict=True)
    return [Holding(name, one, whole, place) for name, one, whole in figures if whole or one or zeros]


class _RowReader:
    """Reads the rows of one response, and counts those of which something could not be read.

    Two names that look alike when they are cleaned stay two names.
    """

    def __init__(self, call: BalanceCall) -> None:
        self._call = call
        self._paths = (call.available, call.total, call.in_use)
        self._keys = {steps(path)[0] for path in self._paths if path}
        self._cleaned: dict[str, str] = {}
        self.unread = 0

    def read(self, names: _Names, values: Sequence[Any]) -> list[Holding]:
        """Every row that is one."""
        kept = [(name, row) for name, row in zip(names, values, strict=True) if self._is_row(name, row)]
        found = [row for _, row in kept]
        self._cleaned = {name: name for name, _ in kept if _is_simple(name)}
        unread = set[int]()
        available: _Figures
        total: _Figures
        if self._call.shape == "totals":
            available, total = [None] * len(found), [self._figure(value) for value in found]
        else:
            available, total = self._completed(*(self._figures(path, found, unread) for path in self._paths))
        self.unread = len(names) - len(kept) + len(unread)
        marks = _column(self._call.shared, found) if self._call.shared else repeat(None)
        figures = zip(kept, available, total, marks, strict=False)
        return [self._made(name, one, whole, shared=mark is True) for (name, _), one, whole, mark in figures]

    def _is_row(self, name: str, row: Any) -> bool:
        """Whether there is a name, and at least one of the figures, even as null."""
        if not 0 < len(name) <= LONGEST_ASSET:
            return False
        if self._call.shape == "totals":
            return amount(row) is not None
        return isinstance(row, dict) and not self._keys.isdisjoint(row)

    def _figures(self, path: str, found: Sequence[Any], unread: set[int]) -> list[Decimal | None]:
        """One figure of every row. `unread` gets the rows of which it was sent and cannot be read."""
        if not path:
            return [None] * len(found)
        sent = _column(path, found)
        figures = [None if value is None else self._figure(value) for value in sent]
        unread |= {n for n, figure in enumerate(figures) if figure is None and sent[n] not in (None, "")}
        return figures

    def _figure(self, value: Any) -> Decimal | None:
        return times(self._call.factor, amount(value))

    def _completed(self, available: _Figures, total: _Figures, in_use: _Figures) -> tuple[_Figures, _Figures]:
        """Available and total, of which one may follow from what is in use."""
        if self._call.in_use and not self._call.total:
            return available, [total_of(one, other) for one, other in zip(available, in_use, strict=True)]
        if self._call.in_use and not self._call.available:
            return [rest_of(one, other) for one, other in zip(total, in_use, strict=True)], total
        return available, total

    def _made(self, name: str, available: Decimal | None, total: Decimal | None, *, shared: bool) -> Holding:
        place = self._call.place
        if self._call.names == "kraken":
            name, place = placed_name(name)
        name = self._clean(name)
        if shared:
            return Holding(name, None, total, place, "shared")
        found = Holding(name, available, total, place)
        return found if self._call.sum_same else with_remark(found)  # a debt may be the smaller part of a sum

    def _clean(self, asset: str) -> str:
        """A name that can be shown, with a number where another one looks the same (S49)."""
        if _is_simple(asset):
            return asset
        first = plain(asset, LONGEST_ASSET) or NAMELESS
        name, number = first, 1
        while self._cleaned.setdefault(name, asset) != asset:
            number += 1
            name = f"{first} ({number})"
        return name


def _is_simple(name: str) -> bool:
    return name.isascii() and name.isprintable() and " " not in name
