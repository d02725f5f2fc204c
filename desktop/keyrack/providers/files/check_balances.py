"""Checks the balance calls of a provider file: paths, figures, pages and headers."""

import json
import re
from collections.abc import Iterator

from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import BalanceCall, Provider

_FIELDS = ("rows", "asset", "available", "total", "in_use", "shared", "next_page")
_DOTTED = re.compile(r"[\w-]+(\.[\w-]+)*\Z", re.ASCII)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}\Z")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,254}[\x21-\x7e])?\Z")
# Keyrack sets these itself. A file must not add a second one or replace them.
_OWN_HEADERS = frozenset(
    {
        *("accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "cookie"),
        *("expect", "forwarded", "host", "proxy-authorization", "range", "te", "transfer-encoding", "upgrade"),
        *("user-agent", "api-key", "api-sign", "x-gemini-payload"),
    }
)


def balance_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every call whose keys do not fit each other."""
    for at, call in enumerate(provider.balances):
        for found in (_dotted, _figures, _pages, _sent, _headers):
            for mistake in found(call):
                yield mistake.below("balances", str(at))


def _dotted(call: BalanceCall) -> Iterator[Mistake]:
    for key in _FIELDS:
        value = getattr(call, key)
        if value and not _DOTTED.match(value):
            yield Mistake([key], "dotted_path_needed", example="data.total")


def _figures(call: BalanceCall) -> Iterator[Mistake]:
    by_asset = call.shape in ("keyed", "totals")
    if by_asset and call.asset:
        yield Mistake(["asset"], "asset_in_keyed")
    if not by_asset and not call.asset:
        yield Mistake(["asset"], "needed_where", key_above="shape", value=call.shape)
    if call.shape == "totals":
        for key in ("available", "total", "in_use", "shared"):
            if getattr(call, key):
                yield Mistake([key], "meaningless_where", key_above="shape", value="totals")
        return
    if not call.available and not call.total:
        yield Mistake(["available"], "figure_missing")
    if call.available and call.total and call.in_use:
        yield Mistake(["in_use"], "third_figure")
    if call.shared and not (call.available and call.total):
        yield Mistake(["shared"], "shared_misfit")


def _pages(call: BalanceCall) -> Iterator[Mistake]:
    if call.next_page and (call.paging != "next_page" or call.shape == "object" or call.proof != "bearer"):
        yield Mistake(["next_page"], "next_page_misfit")
    if call.paging == "range_items" and call.shape != "array":
        yield Mistake(["paging"], "range_misfit")


def _sent(call: BalanceCall) -> Iterator[Mistake]:
    if call.proof == "kraken_key" and (call.method != "POST" or call.body):
        yield Mistake(["proof"], "kraken_key_misfit")
    if call.body and call.method == "GET":
        yield Mistake(["body"], "post_needed")
    try:
        json.loads(call.body or "null")
    except ValueError:
        yield Mistake(["body"], "json_needed")


def _headers(call: BalanceCall) -> Iterator[Mistake]:
    for name, value in call.headers.items():
        if name.lower() in _OWN_HEADERS or not _HEADER.match(name):
            yield Mistake(["headers", name], "header_reserved")
        if not _VALUE.match(value):
            yield Mistake(["headers", name], "header_value_invalid")
