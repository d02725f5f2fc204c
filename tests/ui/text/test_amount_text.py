"""Amounts, sizes and ages: no digit is lost, and the locale is followed."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLocale

from keyrack.ui.text.amount_text import MISSING, age, amount, exact_bytes, rounded, size


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20))
def test_an_amount_loses_no_digit(value: Decimal) -> None:
    shown = amount(value)
    digits = "".join(c for c in shown if c.isdigit())
    assert digits == "".join(c for c in format(value, "f") if c.isdigit())


def test_amounts_follow_the_locale_and_keep_trailing_zeros() -> None:
    before = QLocale()
    try:
        QLocale.setDefault(QLocale(QLocale.Language.German))
        assert amount(Decimal("1000.50")) == "1.000,50"
        QLocale.setDefault(QLocale(QLocale.Language.English))
        assert amount(Decimal("-48211093.5")) == "-48,211,093.5"
        assert amount(Decimal("1E-8")) == "0.00000001"
        assert exact_bytes(730239834821) == "730,239,834,821 bytes"
    finally:
        QLocale.setDefault(before)
    assert amount(None) == amount(Decimal("NaN")) == amount(Decimal("1e400")) == MISSING


def test_sizes_and_ages_are_short() -> None:
    assert (size(512), size(1_073_741_824_000), size(None)) == ("512 bytes", "1.1 TB", MISSING)
    assert [age(s) for s in (4, 240, 7300, 200_000)] == [
        "4\u00a0s ago",
        "4\u00a0min ago",
        "2\u00a0h ago",
        "2\u00a0d ago",
    ]


def test_a_rounded_amount_has_eight_decimals_and_never_becomes_nothing() -> None:
    assert rounded(Decimal("12.240475606254996123")) == "12.24047561"
    assert rounded(Decimal("0.50")) == "0.50"
    assert rounded(Decimal("1E+3")) == amount(Decimal(1000))
    assert rounded(Decimal("0.000000001")) == "< 0.00000001"
    assert rounded(Decimal("-0.000000001")) == "> -0.00000001"
    assert rounded(Decimal("0.0000000000")) == "0.00000000"
    assert rounded(None) == MISSING
