"""Checks of the calls that tell what an account holds: paths, figures, pages and headers."""

import json
import re
from collections.abc import Iterator

from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import BalanceCall, Provider

_FIELDS = ("rows", "asset", "available", "total", "in_use", "next_page")
_DOTTED = re.compile(r"[\w-]+(\.[\w-]+)*\Z", re.ASCII)
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,63}\Z")
_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,254}[\x21-\x7e])?\Z")
# Keyrack sends these itself; a second one would go to where the first was meant not to.
_OWN_HEADERS = frozenset(
    {
        *("accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "cookie"),
        *("expect", "forwarded", "host", "proxy-authorization", "range", "te", "transfer-encoding", "upgrade"),
        *("user-agent", "api-key", "api-sign", "x-gemini-payload"),
    }
)

What = tuple[str, str]


def balance_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every call whose keys do not fit each other."""
    for at, call in enumerate(provider.balances):
        for found in (_dotted, _figures, _pages, _sent, _headers):
            for key, what in found(call):
                yield Mistake(["balances", str(at), *key.split("/")], what)


def _dotted(call: BalanceCall) -> Iterator[What]:
    for key in _FIELDS:
        value = getattr(call, key)
        if value and not _DOTTED.match(value):
            yield key, "needs a dotted path such as data.total"


def _figures(call: BalanceCall) -> Iterator[What]:
    if call.shape == "keyed" and call.asset:
        yield "asset", "has no meaning where shape is keyed: the key is the asset"
    if call.shape != "keyed" and not call.asset:
        yield "asset", f"is needed where shape is {call.shape}"
    if not call.available and not call.total:
        yield "available", "is needed, or total"
    if call.available and call.total and call.in_use:
        yield "in_use", "follows from available and total: leave one of the three out"


def _pages(call: BalanceCall) -> Iterator[What]:
    if call.next_page and (call.paging != "next_page" or call.shape == "object" or call.proof != "bearer"):
        yield "next_page", "needs paging next_page, proof bearer and more than one row"
    if call.paging == "range_items" and call.shape != "array":
        yield "paging", "range_items needs the shape array"


def _sent(call: BalanceCall) -> Iterator[What]:
    if call.proof == "kraken_key" and (call.method != "POST" or call.body):
        yield "proof", "kraken_key needs the method POST and writes the body itself"
    if call.body and call.method == "GET":
        yield "body", "needs the method POST"
    try:
        json.loads(call.body or "null")
    except ValueError:
        yield "body", "needs to be JSON"


def _headers(call: BalanceCall) -> Iterator[What]:
    for name, value in call.headers.items():
        if name.lower() in _OWN_HEADERS or not _HEADER.match(name):
            yield f"headers/{name}", "is not a header that a file may set"
        if not _VALUE.match(value):
            yield f"headers/{name}", "needs 1 to 256 ASCII characters without a space at either end"
