"""Prices are used in both directions, at every provider, where a pair can be read in one way alone."""

from decimal import Decimal

import pytest

from keyrack.core.valuation.valuation import PriceList, total
from keyrack.oauth.strict_json import read_figures
from keyrack.providers.api.balance_rows import rows
from keyrack.providers.api.prices import Price, table
from keyrack.providers.holding import Holding
from keyrack.providers.schema import Prices
from tests.tokens import provider

D = Decimal


def prices(how: Prices, **known: str) -> PriceList:
    return PriceList(how, {name: Price(D(value)) for name, value in known.items()}, 1.0)


def worth(known: PriceList, asset: str, currency: str, amount: str = "1") -> Decimal | None:
    found = total(known, [Holding(asset, None, D(amount))], currency)
    return found.holding_values[0].value


KRAKEN, GEMINI = provider("kraken").prices, provider("gemini").prices
UPHOLD, DERIBIT = provider("uphold").prices, provider("deribit").prices
assert KRAKEN is not None
assert GEMINI is not None
assert UPHOLD is not None
assert DERIBIT is not None


def test_a_bitcoin_at_kraken_in_euros() -> None:
    """Case 22."""
    answer = b'{"error":[],"result":{"XXBTZUSD":{"c":["100000.0","1"]},"ZEURZUSD":{"c":["1.25","1"]}}}'
    assert KRAKEN is not None
    found = table(KRAKEN, read_figures(answer, "Kraken"))
    assert found is not None
    assert worth(PriceList(KRAKEN, found, 1.0), "BTC", "EUR") == 80_000


@pytest.mark.parametrize(
    ("asset", "currency", "pairs", "value"),
    [
        ("CAD", "USD", {"ZUSDZCAD": "1.25"}, "0.8"),
        ("JPY", "USD", {"ZUSDZJPY": "160"}, "0.00625"),
        ("CHF", "USD", {"USDCHF": "0.8"}, "1.25"),
        ("EUR", "BTC", {"ZEURZUSD": "1.25", "XXBTZUSD": "100000"}, "0.0000125"),
        ("SOL", "ETH", {"SOLUSD": "150", "XETHZUSD": "3000"}, "0.05"),
    ],
)
def test_other_money_at_kraken(asset: str, currency: str, pairs: dict[str, str], value: str) -> None:
    assert KRAKEN is not None
    assert worth(prices(KRAKEN, **pairs), asset, currency) == D(value)


def test_other_money_at_gemini_uphold_and_deribit() -> None:
    assert GEMINI is not None
    assert UPHOLD is not None
    assert DERIBIT is not None
    assert worth(prices(GEMINI, BTCUSD="100000", ETHUSD="4000"), "ETH", "BTC") == D("0.04")
    assert worth(prices(GEMINI, USDSGD="1.25"), "SGD", "USD") == D("0.8")
    assert worth(prices(UPHOLD, USDEUR="0.8"), "EUR", "USD") == D("1.25")
    assert worth(prices(DERIBIT, btc_usdc="100000", eur_usdc="1.25"), "BTC", "EUR") == 80_000


@pytest.mark.parametrize("known", [{"USDTBTC": "0.00001"}, {"USDTBTC": "0.00001", "BTCUSD": "100000"}])
def test_a_pair_that_can_be_read_in_two_ways_is_no_price(known: dict[str, str]) -> None:
    """USDTBTC is the price of USDT in BTC, and says nothing of TBTC in USD."""
    how = Prices(quote="USD", path="/p", fields=("last",), name="pair")
    assert worth(prices(how, **known), "TBTC", "USD") is None
    other = Prices(quote="USD", path="/p", fields=("last",), name="pair", letters="lower")
    assert worth(prices(other, **{name.lower(): value for name, value in known.items()}), "TBTC", "USD") is None


def test_another_asset_of_the_list_at_the_end_of_a_name_is_another_reading() -> None:
    how = Prices(quote="USD", path="/p", fields=("last",), name="pair")
    assert worth(prices(how, USDXSOL="2"), "XSOL", "USD") == D("0.5")
    assert worth(prices(how, USDXSOL="2", SOLUSD="150"), "XSOL", "USD") is None


BALANCES = (
    b'{"error":[],"result":{"XXBT":{"balance":"0"},"XBT.F":{"balance":"1.5"},"XBT.M":{"balance":"0.1"},"SOL.F":'
    b'{"balance":"10"},"SOL.B":{"balance":"4"},"SOL03.S":{"balance":"5"},"ETH2.S":{"balance":"2"},"DOT28.S":'
    b'{"balance":"3"},"USD.F":{"balance":"300"},"USD.HOLD":{"balance":"50"},"EUR.M":{"balance":"20"},"ZUSD":'
    b'{"balance":"100"}}}'
)


def test_kraken_earn_is_priced_as_what_it_is_q20() -> None:
    """Report 44, of about 105,000 dollars."""
    assert KRAKEN is not None
    held = rows(provider("kraken").balances[0], read_figures(BALANCES, "Kraken"), zeros=True)
    assert held is not None
    found = total(prices(KRAKEN, XXBTZUSD="60000", SOLUSD="150", XETHZUSD="3000"), held, "USD")
    assert found.amount == 105_300
    assert found.priceless == ("DOT", "EUR")
    places = {(row.asset, row.place) for row in held if row.total}
    assert {("BTC", "Rewards"), ("USD", "On hold"), ("DOT", "Bonded, 28 days"), ("ETH", "Staked")} <= places


def test_krakens_suffixes_find_their_prices_q20() -> None:
    """Case 20, and suffixes of tokens, parachains and an unknown one."""
    answer = (
        b'{"error":[],"result":{"XXBT":{"balance":"1","hold_trade":"0"},"XBT.F":{"balance":"0.25","hold_trade":"0"},'
        b'"USD.F":{"balance":"100","hold_trade":"0"},"EUR.HOLD":{"balance":"5","hold_trade":"0"},"DOT28.S":'
        b'{"balance":"3","hold_trade":"0"},"KSM.P":{"balance":"1","hold_trade":"0"},"AAPLx.T":{"balance":"1",'
        b'"hold_trade":"0"},"C98.S":{"balance":"1","hold_trade":"0"},"ADA.Q":{"balance":"1","hold_trade":"0"}}}'
    )
    held = rows(provider("kraken").balances[0], read_figures(answer, "Kraken"))
    assert held is not None
    assert [(row.asset, row.place) for row in held] == [
        *(("BTC", ""), ("BTC", "Rewards"), ("USD", "Rewards"), ("EUR", "On hold"), ("DOT", "Bonded, 28 days")),
        *(("KSM", "Parachain"), ("AAPLx", "Tokenized"), ("C98", "Staked"), ("ADA.Q", "")),
    ]


def test_a_long_name_finds_its_price() -> None:
    """Report 3: priced 1, so worth 100."""
    name = "eip155:42161/erc20:0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8"
    how = Prices(quote="USD", path="/p", fields=("last",), name="pair", pairs=("{base}-{quote}",))
    found = table(how, [{"pair": f"{name}-USD", "last": "1"}])
    assert found is not None
    assert worth(PriceList(how, found, 1.0), name, "USD", "100") == 100
