"""Values: exact products of the exchange's own prices. Hops are reported, and no asset without a price is counted."""

from decimal import Decimal

import pytest

from keyrack.core.preferences.all_settings import CURRENCIES
from keyrack.core.valuation.valuation import PriceList, Sum, Total, add_up, rate, total
from keyrack.primitives.failure import Failure
from keyrack.providers.api.prices import Price
from keyrack.providers.holding import Holding
from keyrack.providers.schema import Prices
from keyrack.ui.text.value_text import account_note

D = Decimal
NOW = 1_790_000_000.0
HOW = Prices(quote="USDT", dollar="USDT", path="/p", pairs=("{base}-{quote}",), fields=("last",), via=("BTC", "ETH"))
DOLLARS = Prices(quote="USD", dollar="USD", path="/p", fields=("last",))


def known(how: Prices = HOW, failure: Failure | None = None, **prices: str) -> PriceList:
    """Prices by pair. `BTC_USDT` is written for BTC-USDT."""
    rows = {pair.replace("_", "-"): Price(D(price)) for pair, price in prices.items()}
    return PriceList(how, rows, NOW, failure)


def held(**amounts: str | None) -> list[Holding]:
    return [Holding(asset, None if a is None else D(a), None if a is None else D(a)) for asset, a in amounts.items()]


def worth(found: Total) -> list[str | None]:
    return [None if each.value is None else str(each.value) for each in found.holding_values]


def test_a_value_is_the_exact_product_of_amount_and_price() -> None:
    found = total(known(ETH_USDT="3120.123456789012345678"), held(ETH="12.000000000000000001", USDT="0.10"), "USD")
    exact = 12_000_000_000_000_000_001 * 3_120_123_456_789_012_345_678
    assert found.holding_values[0].value == D(f"{exact}E-36")
    assert found.amount == D(f"{exact + 10**35}E-36")
    assert (found.unit, found.priceless, found.hops) == ("USDT", (), {})


def test_figures_of_sixty_digits_lose_nothing() -> None:
    amount, price = "1" * 59, "0." + "0" * 40 + "9" * 18
    found = total(known(A_USDT=price, B_USDT="1" * 59), held(A=amount, B="0." + "3" * 58), "USD")
    first, second = int(amount) * int("9" * 18), int("1" * 59) * int("3" * 58)
    assert [each.value for each in found.holding_values] == [D(f"{first}E-58"), D(f"{second}E-58")]
    assert str(found.amount).replace(".", "").rstrip("0") == str(first + second).rstrip("0")


def test_one_hop_on_the_same_exchange_is_taken_exactly_and_told() -> None:
    """ProBit: X-USDT, else X-BTC x BTC-USDT, else X-ETH x ETH-USDT, else no price."""
    prices = known(LINK_BTC="0.00023", ODD_ETH="2", BTC_USDT="61000.5", ETH_USDT="3120.42", XRP_USDT="0.5", XRP_BTC="9")
    found = total(prices, held(LINK="2", ODD="1", XRP="10", GONE="5"), "USD")
    assert worth(found) == ["28.06023", "6240.84", "5", None]
    assert found.hops == {"LINK": ("BTC",), "ODD": ("ETH",)}
    assert found.priceless == ("GONE",)
    assert found.amount == D("6273.90023")


def test_two_hops_are_not_a_price() -> None:
    prices = known(A_B="2", B_BTC="2", BTC_USDT="60000")
    assert rate(prices, "A", "USDT") is None


def test_a_hop_needs_both_of_its_steps() -> None:
    assert rate(known(LINK_BTC="0.00023"), "LINK", "USDT") is None


def test_what_has_no_price_is_named_and_never_counted_as_nothing() -> None:
    found = total(known(BTC_USDT="60000"), held(BTC="1", SHIB="5", ODD=None, SHIB2="0"), "USD")
    assert worth(found) == ["60000", None, None, "0"]
    assert found.priceless == ("SHIB", "ODD")
    assert found.known
    alone = total(known(), held(SHIB="5"), "USD")
    assert alone.amount == 0
    assert not alone.known, "a sum of nothing is not a value of zero"


def test_the_same_asset_in_two_wallets_is_one_name() -> None:
    rows = [Holding("SHIB", D(1), D(1), "Main"), Holding("SHIB", D(2), D(2), "Spot")]
    assert total(known(), rows, "USD").priceless == ("SHIB",)


@pytest.mark.parametrize("currency", CURRENCIES)
def test_every_currency_uses_this_exchanges_prices_alone(currency: str) -> None:
    prices = known(BTC_USDT="60000", ETH_USDT="3000", EUR_USDT="1.2")
    found = total(prices, held(BTC="2", USDT="6000"), currency)
    expected = {"USD": "126000", "EUR": "105000", "BTC": "2.1", "ETH": "42"}[currency]
    assert found.amount == D(expected)
    assert found.unit == ("USDT" if currency == "USD" else currency)


def test_a_currency_that_the_exchange_does_not_price_is_no_price() -> None:
    found = total(known(BTC_USDT="60000"), held(BTC="2", EUR="5"), "EUR")
    assert worth(found) == [None, "5"]
    assert found.priceless == ("BTC",)


def test_a_straight_price_goes_before_the_way_by_the_quote() -> None:
    prices = known(BTC_USDT="60000", EUR_USDT="1.2", BTC_EUR="49999")
    assert total(prices, held(BTC="1"), "EUR").amount == 49_999


def test_a_quotient_without_end_is_cut_after_500_digits_and_not_before() -> None:
    found = total(known(BTC_USDT="3"), held(USDT="1"), "BTC")
    assert str(found.amount) == "0." + "3" * 500


def test_names_that_nothing_parts_are_not_read_backwards() -> None:
    """USDTBTC is the price of USDT in BTC and says nothing of TBTC in USD."""
    prices = PriceList(DOLLARS, {"USDTBTC": Price(D("0.00001"))}, NOW)
    assert total(prices, held(TBTC="1"), "USD").priceless == ("TBTC",)


def test_no_price_of_another_exchange_is_ever_used_q14() -> None:
    """ProBit Q14: its UNI is not the UNI of others, so each account sees its own list only."""
    own, others = known(BTC_USDT="60000"), known(UNI_USDT="7")
    assert total(own, held(UNI="100"), "USD").priceless == ("UNI",)
    assert total(others, held(UNI="100"), "USD").amount == 700


def test_a_dollar_is_what_the_exchange_says_it_is_and_nothing_else() -> None:
    """Money in won or euro is not counted as dollars one to one."""
    won = Prices(quote="KRW", path="/p", fields=("last",), pairs=("{base}-{quote}",))
    found = total(PriceList(won, {"BTC-KRW": Price(D(90_000_000))}, NOW), held(BTC="1", KRW="5"), "USD")
    assert found.unit == "USD"
    assert found.priceless == ("BTC", "KRW")


def test_a_market_that_last_traded_more_than_a_day_before_is_told_q9() -> None:
    """ProBit Q9: counted from the time at which the prices were asked."""
    rows = {
        "OLD-BTC": Price(D(1), NOW - 86_401),
        "NEW-USDT": Price(D(1), NOW - 86_399),
        "BTC-USDT": Price(D(1), NOW),
        "ZERO-USDT": Price(D(1), 0.0),
    }
    found = total(PriceList(HOW, rows, NOW), held(OLD="1", NEW="1", ZERO="0"), "USD")
    assert found.quiet == {"OLD": NOW - 86_401}


def test_an_account_without_any_prices_still_has_its_money() -> None:
    alpaca = Prices(quote="USD", dollar="USD")
    found = total(PriceList(alpaca), held(USD="104210.55"), "USD")
    assert (found.amount, found.priced) == (D("104210.55"), 0.0)
    assert total(PriceList(Prices(quote="")), held(USD="1", BTC="1"), "USD").priceless == ("BTC",)


# --- several accounts ------------------------------------------------------------------------------------------------


def test_accounts_of_one_money_are_added_in_it() -> None:
    one, other = (total(known(BTC_USDT="60000"), held(BTC=amount), "USD") for amount in ("1", "0.5"))
    assert add_up([one, other], "USD") == Sum(D("90000.0"), "USDT", 2, priced=NOW)


def test_dollars_of_two_kinds_are_added_one_to_one_and_it_is_said() -> None:
    crypto = total(known(BTC_USDT="60000"), held(BTC="1"), "USD")
    bank = total(PriceList(DOLLARS, {}, NOW - 50), held(USD="40000"), "USD")
    found = add_up([crypto, bank], "USD")
    assert (found.amount, found.unit, found.as_dollars, found.priced) == (D(100_000), "USD", ("USDT",), NOW - 50)


def test_an_account_of_which_nothing_has_a_price_is_not_counted() -> None:
    good, lost = total(known(BTC_USDT="1"), held(BTC="7"), "USD"), total(known(), held(A="1", B="2"), "USD")
    found = add_up([good, lost], "USD", unknown=1, apart=2)
    assert (found.amount, found.counted, found.priceless, found.unknown, found.apart) == (D(7), 1, 2, 1, 2)


def test_old_prices_are_told() -> None:
    old = total(known(failure=Failure("unexpected"), BTC_USDT="1"), held(BTC="7"), "USD")
    assert old.failure is not None
    assert add_up([old], "USD").stale


def test_hostile_names_are_plain_and_short_in_what_is_said() -> None:
    name = "<b>A\u202e</b>\n" + "x" * 10_000
    said = account_note(total(known(), [Holding(name, D(1), D(1))], "USD"), "ProBit", NOW)
    assert len(said) <= 160
    assert "\u202e" not in said
    assert "\n" not in said
