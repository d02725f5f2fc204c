"""Checks the table of prices in a provider file: paths, pairs and fields that fit each other."""

import re
from collections.abc import Iterator

from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import Prices, Provider

_PATH = re.compile(r"/[\x21-\x7e]*\Z")
_PAIR = "{pair}"


def price_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every key of the table that does not fit."""
    if provider.prices is None:
        return
    for found in (_money, _paths, _pairs, _fields):
        for mistake in found(provider.prices):
            yield mistake.below("prices")


def _money(prices: Prices) -> Iterator[Mistake]:
    if not prices.quote:
        yield Mistake(["quote"], "money_missing")
    if prices.via and prices.shape == "single":
        yield Mistake(["via"], "via_misfit")


def _paths(prices: Prices) -> Iterator[Mistake]:
    found = [(["path"], prices.path)] if prices.path else []
    if prices.markets is not None:
        found.append((["markets", "path"], prices.markets.path))
    for steps, path in found:
        if not _PATH.match(path):  # else it would become part of the host's name
            yield Mistake(steps, "path_without_space_needed")
    single = prices.shape == "single"
    if prices.path and (_PAIR in prices.path) != single:
        yield Mistake(["path"], "pair_misplaced")


def _pairs(prices: Prices) -> Iterator[Mistake]:
    if not prices.pairs:
        yield Mistake(["pairs"], "none_named")
    for pattern in prices.pairs:
        if pattern.count("{base}") != 1 or pattern.count("{quote}") != 1 or len(re.findall(r"[{}]", pattern)) != 4:
            yield Mistake(["pairs"], "pair_incomplete")


def _fields(prices: Prices) -> Iterator[Mistake]:
    if prices.path and not prices.fields:
        yield Mistake(["fields"], "needed_with_prices")
    if bool(prices.base_name) != bool(prices.quote_name) or (prices.base_name and prices.name):
        yield Mistake(["base_name"], "two_names_of_a_pair")
    if prices.path and bool(prices.name or prices.base_name) != (prices.shape == "array"):
        yield Mistake(["name"], "needed_only_where", key_above="shape", value="array")
