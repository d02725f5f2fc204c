"""Checks of the table that names a provider's own prices: paths, pairs and fields that fit each other."""

import re
from collections.abc import Iterator

from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Prices, Provider

_DOTTED = re.compile(r"[\w-]+(\.[\w-]+)*\Z", re.ASCII)
_PATH = re.compile(r"/[\x21-\x7e]*\Z")
_PAIR = "{pair}"

What = tuple[str, str]


def price_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every key of the table that does not fit."""
    if provider.prices is None:
        return
    for found in (_money, _paths, _pairs, _fields):
        for key, what in found(provider.prices):
            yield Mistake(["prices", *key.split("/")], what)


def _money(prices: Prices) -> Iterator[What]:
    if not prices.quote:
        yield "quote", "needs the name of the money in which the prices are"
    if prices.via and prices.shape == "single":
        yield "via", "needs a call that tells all prices at once"


def _paths(prices: Prices) -> Iterator[What]:
    found = {"path": prices.path} if prices.path else {}
    if prices.markets is not None:
        found["markets/path"] = prices.markets.path
    for key, path in found.items():
        if not _PATH.match(path):  # else it would become part of the host's name
            yield key, "needs a path that begins with / and holds no space"
    single = prices.shape == "single"
    if prices.path and (_PAIR in prices.path) != single:
        yield "path", "needs {pair} in it where shape is single, and nowhere else"


def _pairs(prices: Prices) -> Iterator[What]:
    if not prices.pairs:
        yield "pairs", "names none"
    for pattern in prices.pairs:
        if pattern.count("{base}") != 1 or pattern.count("{quote}") != 1 or len(re.findall(r"[{}]", pattern)) != 4:
            yield "pairs", "needs {base} and {quote} once each, such as {base}_{quote}"


def _fields(prices: Prices) -> Iterator[What]:
    if prices.path and not prices.fields:
        yield "fields", "is needed where prices are asked for"
    if prices.path and bool(prices.name) != (prices.shape == "array"):
        yield "name", "is needed where shape is array, and nowhere else"
    told = [(key, getattr(prices, key)) for key in ("rows", "name", "traded", "closed")]
    told += [("fields", path) for path in prices.fields]
    if prices.markets is not None:
        told += [(f"markets/{key}", getattr(prices.markets, key)) for key in ("rows", "name", "closed")]
    for key, path in told:
        if path and not _DOTTED.match(path):
            yield key, "needs a dotted path such as data.last"
