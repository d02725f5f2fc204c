"""Snapshots as lines of CSV (RFC 4180), in which no spreadsheet finds a formula."""

import time
from collections.abc import Iterable, Iterator

from keyrack.core.history.history_row import HistoryRow
from keyrack.core.preferences.all_settings import CURRENCIES

_COLUMNS = ("time", "account", "what", "asset", "amount", *map(str.lower, CURRENCIES), "dollar", "without_price")
HEAD = ",".join(_COLUMNS) + "\r\n"
# What makes a cell a formula in Excel, Calc or Sheets (OWASP, CSV injection), also in its full width.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def csv_of(name: str, rows: Iterable[HistoryRow]) -> str:
    """The lines of an account: for each moment its total, then its main assets."""
    return "".join(line for one in rows for line in _lines(name, one))


def _lines(name: str, one: HistoryRow) -> Iterator[str]:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at))
    nothing = [""] * (len(CURRENCIES) - 1)
    yield _line(moment, name, "total", "", "", *map(_figure, one.totals), one.dollar, str(one.priceless))
    for part in one.assets:
        figures = (_figure(part.amount), _figure(part.value), *nothing)
        yield _line(moment, name, "asset", part.asset, *figures, one.dollar, "")


def _figure(value: object) -> str:
    """Every digit of an amount, without an exponent."""
    return "" if value is None else format(value, "f")


def _line(moment: str, name: str, what: str, asset: str, *rest: str) -> str:
    return ",".join((moment, _cell(name), what, _cell(asset), *rest)) + "\r\n"


def _cell(text: str) -> str:
    """A name as text: in quotes, and behind an apostrophe where it begins as a formula does."""
    safe = f"'{text}" if text.lstrip(" \u00a0\ufeff\u200b").startswith(_FORMULA) else text
    return '"' + safe.replace('"', '""') + '"'
