"""Checks the calls of a provider file: figures, pages, bodies and headers."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal

from keyrack.providers.call_schema import BalanceCall, IdentityCall, StorageCall
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Provider

_FACTOR = re.compile(r"[0-9]{1,20}(\.[0-9]{1,30})?\Z", re.ASCII)
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
        for found in (_assets, _figures, _pages, _proof, _body, _headers):
            for mistake in found(call):
                yield mistake.below("balances", str(at))
    for at, storage in enumerate(provider.storage):
        for mistake in (*_body(storage), *_factor(storage.factor)):
            yield mistake.below("storage", str(at))
    if provider.identity is not None:
        for mistake in _body(provider.identity):
            yield mistake.below("identity")
    if provider.accounts is not None and provider.accounts.next_page and provider.accounts.paging == "range_items":
        yield Mistake(["accounts", "next_page"], "next_page_misfit")


def _assets(call: BalanceCall) -> Iterator[Mistake]:
    by_asset = call.shape in ("keyed", "totals")
    if by_asset and call.asset:
        yield Mistake(["asset"], "asset_in_keyed")
    if by_asset and call.asset_is:
        yield Mistake(["asset_is"], "asset_in_keyed")
    if call.asset and call.asset_is:
        yield Mistake(["asset_is"], "asset_twice")
    if not by_asset and not call.asset and not call.asset_is:
        yield Mistake(["asset"], "needed_where", key_above="shape", value=call.shape)
    if call.rows_inside and call.shape == "object":
        yield Mistake(["rows_inside"], "meaningless_where", key_above="shape", value="object")


def _figures(call: BalanceCall) -> Iterator[Mistake]:
    yield from _factor(call.factor)
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
    if call.next_page and (call.paging == "range_items" or call.shape == "object" or call.proof != "bearer"):
        yield Mistake(["next_page"], "next_page_misfit")
    if call.paging == "next_address" and not call.next_page:
        yield Mistake(["next_page"], "needed_where", key_above="paging", value="next_address")
    if call.paging == "range_items" and call.shape != "array":
        yield Mistake(["paging"], "range_misfit")


def _proof(call: BalanceCall) -> Iterator[Mistake]:
    if call.proof == "kraken_key" and (call.method != "POST" or call.body):
        yield Mistake(["proof"], "kraken_key_misfit")


def _factor(factor: str) -> Iterator[Mistake]:
    if not _FACTOR.match(factor) or not Decimal(factor):
        yield Mistake(["factor"], "factor_needed")


def _body(call: BalanceCall | StorageCall | IdentityCall) -> Iterator[Mistake]:
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
