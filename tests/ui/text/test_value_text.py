"""Values as text: rounded once, and honest about what they leave out."""

from decimal import Decimal

import pytest

from keyrack.core.valuation.valuation import Total
from keyrack.primitives.failure import Failure
from keyrack.ui.text.value_text import about, account_note, headline, money

D = Decimal


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("0", "USDT", "0.00"),
        ("-0", "USDT", "0.00"),
        ("1234567.895", "USDT", "1 234 567.90"),
        ("0.004", "USD", "< 0.01"),
        ("0.005", "USD", "< 0.01"),
        ("0.0051", "USD", "0.01"),
        ("-12.345", "EUR", "-12.34"),
        ("0.123456785", "BTC", "0.12345678"),
        ("0.000000001", "ETH", "< 0.00000001"),
        ("999999999999999999.99", "USD", "999 999 999 999 999 999.99"),
        ("1e59", "USD", "1.000e+59"),
    ],
)
def test_a_value_is_rounded_once_for_reading(value: str, unit: str, shown: str) -> None:
    assert money(D(value), unit).replace("\u202f", " ").replace("\xa0", " ").replace(",", " ") == shown


def test_the_sum_of_a_page_says_that_it_is_an_estimate() -> None:
    assert about(D("5.5"), "USDT") == "≈\u00a05.50 USDT"
    assert about(D("0.001"), "USDT") == "< 0.01 USDT"
    assert len(about(D(1), "X" * 500)) < 25


def test_what_a_value_leaves_out_is_said() -> None:
    found = Total(
        D(5),
        "USDT",
        (),
        priceless=("A", "<b>B\u202e</b>", "C", "D"),
        hops={"X": ("BTC",), "Y": ("BTC",), "Z": ("ETH", "USDT")},
        quiet={"Q": 1_000_000.0 - 3 * 86_400},
        priced=1_000_000.0 - 300,
        failure=Failure("unexpected"),
    )
    said = account_note(found, "ProBit", 1_000_000.0)
    assert "No price for 4 assets: A, <b>B </b>, C and others." in said
    assert "By way of BTC: X, Y." in said
    assert "By way of ETH → USDT: Z." in said
    assert "Q last traded 3\u00a0d ago." in said
    assert "ProBit's own prices" in said
    assert "5\u00a0min ago; newer ones could not be read." in said


def test_without_any_price_it_says_so_and_not_zero() -> None:
    assert headline(Total(D(0), "USDT", (), priceless=("A",))) == "No price"
    assert headline(Total(D(0), "USDT", ())) == "≈\u00a00.00 USDT"
