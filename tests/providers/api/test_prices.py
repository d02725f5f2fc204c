"""A provider's own public prices over real sockets: exact, without a token, and nothing that is not a price."""

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some

from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import Unavailable, UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.prices import (
    LONGEST_PAIR,
    MOST_PRICES,
    Price,
    PriceFeed,
    PricesRefused,
    can_turn,
    find,
    table,
)
from keyrack.providers.files.load import BadProviderFile, moved, read
from keyrack.providers.kraken import pair_names as kraken_names
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Prices
from keyrack.sandbox.people import portfolio
from tests.recording_server import RecordingServer, answer, recording
from tests.sandbox_process import RunningSandbox
from tests.tokens import FIXED, http, provider

PROBIT = provider("probit").prices
WHITEBIT = provider("whitebit").prices
assert PROBIT is not None
assert WHITEBIT is not None
ALL = {found.id: found for found in built_in()}
NO_MARKETS = answer({"data": []})


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox.start() as sandbox:
        yield sandbox


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer({"data": []})) as made:
        yield made


@asynccontextmanager
async def feed_at(id: str, base: str, region: str = "global") -> AsyncGenerator[PriceFeed]:
    async with http(3.0) as client:
        found = moved(provider(id), base)
        yield PriceFeed(client, found, found.regions[region])


async def failure(id: str, base: str) -> Failure:
    async with feed_at(id, base) as feed:
        with pytest.raises(Failure) as raised:
            await feed.ask([])
    return raised.value


# --- the providers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", [id for id, found in ALL.items() if found.prices and found.prices.path])
async def test_each_providers_own_prices_are_found_and_exact(sandbox: RunningSandbox, id: str) -> None:
    how = ALL[id].prices
    assert how is not None
    async with feed_at(id, sandbox.base(id)) as feed:
        found = await feed.ask(["BTC", "ETH", how.quote])
    for asset in ("BTC", "ETH"):
        price = find(how, found, asset, how.quote)
        assert price is not None, (id, asset)
        assert abs(price.value / portfolio.PRICES[asset] - 1) < Decimal("0.02")
        assert isinstance(price.value, Decimal)
    assert [row["unexpected"] for row in sandbox.log(id) if row["unexpected"]] == []


@pytest.mark.parametrize("id", [id for id, found in ALL.items() if found.balances])
def test_each_provider_that_holds_money_says_what_a_dollar_is(id: str) -> None:
    how = ALL[id].prices
    assert how is not None
    assert how.dollar == how.quote


async def test_no_token_and_no_name_of_a_person_goes_with_the_question(port: RecordingServer) -> None:
    async with feed_at("probit", port.base) as feed:
        assert await feed.ask(["BTC"]) == {}
    assert [seen.target for seen in port.requests] == ["/api/exchange/v1/market", "/api/exchange/v1/ticker"]
    for seen in port.requests:
        assert set(seen.headers) <= {"host", "accept", "accept-encoding", "connection", "user-agent"}
        assert seen.body == ""


STRIKE = Prices(
    quote="USD",
    path="/v1/rates/ticker",
    needs_token=True,
    base_name="sourceCurrency",
    quote_name="targetCurrency",
    pairs=("{base}-{quote}",),
    fields=("amount",),
)


async def test_prices_that_need_a_token_get_it_and_are_refused_without_one(port: RecordingServer) -> None:
    """Rows that name the two assets of a pair apart, as Strike's ticker does. Only this file's prices carry a token."""
    rows = [
        {"amount": "64000.5", "sourceCurrency": "BTC", "targetCurrency": "USD"},
        {"amount": "0.9", "sourceCurrency": "USD", "targetCurrency": "EUR"},
        {"amount": "1", "sourceCurrency": None, "targetCurrency": "EUR"},
    ]
    port.then(answer(rows))
    found = msgspec.structs.replace(moved(provider("alpaca"), port.base), prices=STRIKE)
    async with http() as client:
        feed = PriceFeed(client, found, found.regions["global"])
        prices = await feed.ask([], Secret("canary-token"))
        assert port.last.headers["authorization"] == "Bearer canary-token"
        with pytest.raises(PricesRefused):
            await feed.ask([])
    assert {pair: price.value for pair, price in prices.items()} == {
        "BTC-USD": Decimal("64000.5"),
        "USD-EUR": Decimal("0.9"),
    }
    assert len(port.requests) == 1, "nothing was asked without a token"


async def test_a_closed_market_has_no_price(sandbox: RunningSandbox) -> None:
    """ProBit lists markets that are closed, and they are left out."""
    async with feed_at("probit", sandbox.base("probit")) as feed:
        found = await feed.ask([])
    assert "XLM-USDT" not in found
    assert "XRP-USDT" in found


async def test_the_time_of_the_last_trade_comes_with_the_price_q9(sandbox: RunningSandbox) -> None:
    """ProBit Q9: it is the trade's time and not the answer's."""
    async with feed_at("probit", sandbox.base("probit")) as feed:
        found = await feed.ask([])
    quiet, busy = found["PROB-USDT"].traded, found["BTC-USDT"].traded
    assert quiet is not None
    assert busy is not None
    assert 2.9 * 86_400 < busy - quiet < 3.1 * 86_400


async def test_a_perpetual_is_never_looked_up(sandbox: RunningSandbox) -> None:
    """WhiteBIT lists BTC_PERP in the same answer."""
    assert WHITEBIT is not None
    async with feed_at("whitebit", sandbox.base("whitebit")) as feed:
        found = await feed.ask([])
    assert "BTC_PERP" in found
    assert find(WHITEBIT, found, "BTC", "USDT") == found["BTC_USDT"]


async def test_one_call_for_each_asset_where_a_provider_has_no_list(port: RecordingServer) -> None:
    """Deribit: an unknown index spoils no other, and hostile names are not asked for."""
    known = answer({"jsonrpc": "2.0", "result": {"index_price": 61000.125}})
    port.then(known, answer({"error": {"code": -32602}}, 400), answer({"error": {"code": -32602}}, 400), known)
    async with feed_at("deribit", port.base) as feed:
        found = await feed.ask(["BTC", "ODD", "USDC", "../x?a=b&c", "x y", "ETH"])
    assert found == {f"{asset}_usdc": Price(Decimal("61000.125")) for asset in ("btc", "eth", "eur")}
    asked = [seen.target.partition("index_name=")[2] for seen in port.requests]
    assert asked == ["btc_usdc", "odd_usdc", "usdc_odd", "eth_usdc", "eur_usdc"], "and the euro, to show values in it"


@pytest.mark.parametrize("sent", [answer("<html>", 403), answer(None, 451), answer("<html>", 503), answer("<html>")])
async def test_a_provider_that_refuses_every_question_has_not_said_that_a_pair_is_unknown(
    port: RecordingServer, sent: bytes
) -> None:
    port.then(sent)
    async with feed_at("deribit", port.base) as feed:
        with pytest.raises(Failure):
            await feed.ask(["BTC"])


async def test_a_pair_that_stands_the_other_way_round_is_found_where_names_are_parted(port: RecordingServer) -> None:
    port.then(answer({}, 400), answer({"result": {"index_price": 1.0002}}))
    async with feed_at("deribit", port.base) as feed:
        assert (await feed.ask(["USDT"]))["usdc_usdt"] == Price(Decimal("1.0002"))


def test_krakens_own_names_of_pairs() -> None:
    """Kraken Q8: the letters stand on old names only. T and USD are never read as the pair of XTZ."""
    assert kraken_names("BTC", "USD")[0] == "XXBTZUSD"
    assert kraken_names("DOGE", "USD") == ["XXDGZUSD", "XDGUSD"]
    assert "SOLUSD" in kraken_names("SOL", "USD")
    assert "USDTZUSD" in kraken_names("USDT", "USD")
    assert "XTZUSD" not in kraken_names("T", "USD")


def test_names_that_nothing_parts_are_never_turned() -> None:
    """USD and TBTC, turned, would read as USDT and BTC."""
    assert not can_turn(Prices(quote="USD"))
    assert can_turn(Prices(quote="USD", pairs=("{base}_{quote}", "{base}-{quote}")))


# --- hostile and broken answers --------------------------------------------------------------------------------------

HOSTILE: list[Any] = [
    *("NaN", "Infinity", "-1", "0", "-0", "0x10", "1,5", "", " 1", "1e400", "9" * 400, "<b>1</b>", "１"),
    *(None, True, False, [], {}, ["NaN"], 0, -3),
]


@pytest.mark.parametrize("value", HOSTILE, ids=repr)
def test_what_is_no_price_is_no_price(value: Any) -> None:
    """C2.24: never zero, negative, rounded, or a crash. The row beside it keeps its own."""
    assert PROBIT is not None
    rows = [{"market_id": "BAD-USDT", "last": value}, {"market_id": "BTC-USDT", "last": "1e-18"}]
    assert table(PROBIT, {"data": rows}) == {"BTC-USDT": Price(Decimal("1E-18"))}


@pytest.mark.parametrize(
    ("sent", "kind"),
    [
        (answer("<html>canary"), UnexpectedResponse),
        (answer("<html>canary", 404), PricesRefused),
        (answer("<html>", 502), Unavailable),
        (answer("<html>", 429, "Retry-After: 77"), Unavailable),
        (answer(None, 302, "Location: https://canary.example"), UnexpectedResponse),
        (answer(b'{"BTC_USDT":{"last_price":NaN}}'), UnexpectedResponse),
        (answer(b'{"BTC_USDT":{"last_price":1e999999999}}'), UnexpectedResponse),
        (answer(b"[" * 100_000), UnexpectedResponse),
        (answer(b"[]"), UnexpectedResponse),
        (answer(b'"x"'), UnexpectedResponse),
        (answer(b"null"), UnexpectedResponse),
        (answer({"code": 1, "message": "busy"}), UnexpectedResponse),
        (answer({"BTC_USDT": {"price": "1"}}), UnexpectedResponse),
        (answer({"BTC_USDT": "61000"}), UnexpectedResponse),
        (answer(b'{"a":1,"a":2}'), UnexpectedResponse),
        (answer(b'{"data":"' + b"x" * 9_000_000 + b'"}'), NetworkFailure),
    ],
    ids=range(16),
)
@pytest.mark.security("S49")
async def test_a_wrong_answer_is_a_failure_and_never_an_empty_list(
    port: RecordingServer, sent: bytes, kind: type[Failure]
) -> None:
    port.then(sent)
    why = await failure("whitebit", port.base)
    assert isinstance(why, kind)
    assert "canary" not in why.sentences() + why.detail


async def test_a_list_of_markets_that_cannot_be_read_gives_no_prices_at_all(port: RecordingServer) -> None:
    port.then(answer({"data": {}}), answer({"data": [{"market_id": "BTC-USDT", "last": "1"}]}))
    assert isinstance(await failure("probit", port.base), UnexpectedResponse)


def test_names_of_pairs_are_short_and_rows_are_few() -> None:
    assert WHITEBIT is not None
    rows = {"x" * (LONGEST_PAIR + 1): {"last_price": "1"}, "": {"last_price": "1"}, "A_B": {"last_price": "1"}}
    assert table(WHITEBIT, rows) == {"A_B": Price(Decimal(1))}
    many = {f"A{n}_B": {"last_price": "1"} for n in range(MOST_PRICES + 10)}
    assert len(table(WHITEBIT, many) or {}) == MOST_PRICES


def test_frozen_markets_alone_are_no_strange_answer() -> None:
    assert WHITEBIT is not None
    assert table(WHITEBIT, {"A_B": {"last_price": "1", "isFrozen": True}}) == {}


@pytest.mark.parametrize("time", ["", None, 7, "yesterday", "2026-13-40", "9999-99-99T99:99:99Z", "x" * 5000])
def test_a_time_that_cannot_be_read_is_no_time(time: Any) -> None:
    assert PROBIT is not None
    rows = [{"market_id": "A-B", "last": "1", "time": time}]
    assert table(PROBIT, {"data": rows}) == {"A-B": Price(Decimal(1))}


_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.decimals() | some.text(max_size=8),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.sampled_from(["data", "last", "x"]), inner),
    max_leaves=8,
)


@FIXED
@given(_values)
def test_no_answer_breaks_the_reader_and_every_price_is_above_zero(value: Any) -> None:
    assert PROBIT is not None
    assert WHITEBIT is not None
    for how in (PROBIT, WHITEBIT):
        for price in (table(how, value) or {}).values():
            assert price.value > 0
            assert price.value.is_finite()


# --- the table in a provider file ------------------------------------------------------------------------------------

FILE = """
id = "mine"
name = "Mine"
monogram = "MI"
documentation = "https://docs.example.org"
checked = 2026-11-21

[regions.global]
name = "Global"
token_endpoint = "https://example.org/token"
api = "https://example.org/api"

[flows.client_credentials]
title = "Key"
credentials_help = "Make a key."

[dialect]

[prices]
"""
GOOD = 'quote = "EUR"\npath = "/prices"\npairs = ["{base}_{quote}"]\nname = "pair"\nfields = ["last"]\n'


def test_a_file_of_ones_own_names_its_prices() -> None:
    found = read("mine.toml", FILE + GOOD).prices
    assert found is not None
    assert find(found, {"BTC_EUR": Price(Decimal(1))}, "BTC", "EUR") == Price(Decimal(1))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"/prices"', '"@evil.example/"', "prices.path: needs a path that begins with /"),
        ('"/prices"', '"/prices/{pair}"', "prices.path: needs {pair} in it where shape is single, and nowhere else"),
        ('"EUR"', '""', "prices.quote: needs the name of the money"),
        ('"{base}_{quote}"', '"{base}"', "prices.pairs: needs {base} and {quote} once each"),
        ('"{base}_{quote}"', '"{base}{quote}{x}"', "prices.pairs: needs {base} and {quote} once each"),
        ('["{base}_{quote}"]', "[]", "prices.pairs: names none"),
        ('["last"]', "[]", "prices.fields: is needed where prices are asked for"),
        ('["last"]', '["a b", "last"]', "prices.fields: needs a dotted path"),
        (
            '["last"]',
            '["last"]\nmarkets = { path = "m", name = "id", closed = "closed" }',
            "prices.markets.path: needs a path",
        ),
        ('["last"]', '["last"]\nmarkets = { path = "/m", name = "{id}", closed = "c" }', "prices.markets.name: needs"),
        ('name = "pair"\n', "", "prices.name: is needed where shape is array"),
        ('name = "pair"\n', 'shape = "single"\nname = "pair"\n', "prices.path: needs {pair}"),
        ('name = "pair"\n', 'shape = "objects"\nname = "pair"\n', "prices.shape"),
        ('quote = "EUR"\n', 'quote = "EUR"\nformula = "a*b"\n', "prices.formula"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_key(old: str, new: str, says: str) -> None:
    assert old in GOOD
    with pytest.raises(BadProviderFile) as raised:
        read("mine.toml", FILE + GOOD.replace(old, new))
    assert says in raised.value.happened
    assert "…" not in raised.value.happened, "a parameter of the sentence is missing"
    assert raised.value.line > FILE.count("\n") - 1
