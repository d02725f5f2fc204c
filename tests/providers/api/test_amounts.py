"""Figures are exact as they came, or absent. Names of assets are plain and short."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.oauth.strict_json import read_json
from keyrack.providers.api import balance_rows
from keyrack.providers.api.amounts import LONGEST_AMOUNT, amount, space
from keyrack.providers.api.balance_rows import LONGEST_ASSET, MOST_ROWS
from keyrack.providers.call_schema import BalanceCall, StorageCall
from keyrack.providers.holding import Holding, Storage
from tests.tokens import FIXED, provider

PROBIT = provider("probit").balances[0]
MAIN, SPOT = provider("whitebit").balances
ME, CLOUD = provider("bitport").storage


def rows(call: BalanceCall, answer: Any) -> tuple[Holding, ...] | None:
    """The rows alone."""
    found = balance_rows.rows(call, answer)
    return None if found is None else found.holdings


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=10,
)


@pytest.mark.parametrize(
    ("sent", "figure"),
    [
        ("0.75", "0.75"),
        ("1000.50", "1000.50"),
        ("-5.5", "-5.5"),
        ("+1", "1"),
        ("1e-8", "1E-8"),
        ("1E8", "1E+8"),
        (7, "7"),
        (0, "0"),
        (Decimal("0.10"), "0.10"),
        ("0.000000000000000001", "1E-18"),
        ("123456789012345678.123456789012345678", "123456789012345678.123456789012345678"),
        ("-0", "0"),
        ("-0.00", "0.00"),
        ("1e400", None),
        ("1e-400", None),
        ("1e99999999999999999999", None),
        (Decimal("1e400"), None),
        ("NaN", None),
        ("sNaN", None),
        ("Infinity", None),
        ("-inf", None),
        (Decimal("NaN"), None),
        (Decimal("Infinity"), None),
        ("0x10", None),
        ("1,5", None),
        ("1.000,5", None),
        ("1 000", None),
        ("1_000", None),
        ("9" * 400, None),
        (10**400, None),
        ("٣", None),
        ("\uff11", None),
        ("", None),
        (" 1", None),
        ("1\n", None),
        (".5", None),
        ("5.", None),
        ("--5", None),
        ("1e", None),
        (".", None),
        (None, None),
        (True, None),
        (1.5, None),
        ([], None),
        ({}, None),
    ],
)
def test_a_figure_is_exact_or_none(sent: Any, figure: str | None) -> None:
    found = amount(sent)
    assert (None if found is None else str(found)) == figure


def test_a_number_too_long_for_python_to_write_is_none() -> None:
    assert amount(10**5000) is None


@FIXED
@given(st.decimals(allow_nan=False, allow_infinity=False).filter(lambda d: len(str(d)) <= LONGEST_AMOUNT))
def test_decimal_in_is_decimal_out(number: Decimal) -> None:
    for sent in (number, str(number)):
        found = amount(sent)
        if -60 <= number.adjusted() <= 60:
            assert found is not None
            assert found == number
            assert found.as_tuple().digits == number.as_tuple().digits
            assert found.as_tuple().exponent == number.as_tuple().exponent
        else:
            assert found is None


@FIXED
@given(ANYTHING | st.text("0123456789.eE+-xNa,_ ", max_size=70))
def test_no_value_raises(value: Any) -> None:
    found = amount(value)
    assert found is None or found.is_finite()


@FIXED
@given(
    st.decimals(min_value=0, max_value=10**30, places=18, allow_nan=False, allow_infinity=False),
    st.decimals(min_value=0, max_value=10**30, places=18, allow_nan=False, allow_infinity=False),
)
def test_sums_and_differences_are_never_rounded(available: Decimal, in_use: Decimal) -> None:
    answer = {"X": {"available": str(available), "freeze": str(in_use)}}
    found = rows(SPOT, answer)
    assert found is not None
    for holding in found:
        assert holding.total is not None
        assert holding.total.as_tuple().exponent == -18
        assert _units(holding.total) == _units(available) + _units(in_use)
        assert holding.in_use == in_use


def _units(number: Decimal) -> int:
    """How many of its last decimal place a number is."""
    return int("".join(map(str, number.as_tuple().digits)))


def test_a_long_sum_keeps_every_digit() -> None:
    found = rows(SPOT, {"X": {"available": "123456789012345678901234567890.1", "freeze": "0.000000000000000001"}})
    assert found is not None
    assert str(found[0].total) == "123456789012345678901234567890.100000000000000001"
    assert str(found[0].in_use) == "1E-18"


def test_probits_rows() -> None:
    """ProBit Q6: an array over REST. Rows of nothing are left out."""
    answer = read_json(
        b'{"data":[{"currency_id":"BTC","total":"0.75","available":"0.5"},'
        b'{"currency_id":"USDT","total":120.10,"available":"120.10"},{"currency_id":"ETH","total":"0","available":"0.0"}]}',
        "ProBit",
    )
    assert rows(PROBIT, answer) == (
        Holding("BTC", Decimal("0.5"), Decimal("0.75")),
        Holding("USDT", Decimal("120.10"), Decimal("120.10")),
    )


def test_whitebits_two_wallets() -> None:
    """WhiteBIT Q6: zeros present or absent. The spot total is the sum."""
    main = {"BTC": {"main_balance": "0.25"}, "BSV": {"main_balance": "0"}}
    assert rows(MAIN, main) == (Holding("BTC", Decimal("0.25"), Decimal("0.25"), "Main"),)
    spot = {"BTC": {"available": "0.123", "freeze": "0.01"}}
    assert rows(SPOT, spot) == (Holding("BTC", Decimal("0.123"), Decimal("0.133"), "Spot"),)
    for call in (MAIN, SPOT):
        assert rows(call, {}) == rows(call, []) == ()


@pytest.mark.parametrize("sent", ["1e400", "NaN", "0x10", "9" * 400, "1,5", None, "", True, {}, []])
def test_an_unreadable_figure_is_unavailable_and_the_row_stays(sent: Any) -> None:
    """C2.24."""
    answer = {"data": [{"currency_id": "BTC", "total": sent, "available": "1.5"}]}
    assert rows(PROBIT, answer) == (Holding("BTC", Decimal("1.5"), None),)
    assert rows(MAIN, {"BTC": {"main_balance": sent}}) == (Holding("BTC", None, None, "Main"),)
    assert rows(SPOT, {"BTC": {"available": "1", "freeze": sent}}) == (Holding("BTC", Decimal(1), None, "Spot"),)
    assert Holding("BTC", Decimal(1), None).in_use is None


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (PROBIT, []),
        (PROBIT, "x"),
        (PROBIT, {"rows": [{"currency_id": "BTC", "total": "1", "available": "1"}]}),
        (PROBIT, {"data": {"BTC": {"total": "1", "available": "1"}}}),
        (PROBIT, {"data": [1, "x", None]}),
        (PROBIT, {"data": [{"currency": "BTC", "total": "1", "available": "1"}]}),
        (PROBIT, {"data": [{"currency_id": "BTC", "sum": "1"}]}),
        (MAIN, "x"),
        (MAIN, [1]),
        (MAIN, {"code": 0, "message": "Odd", "errors": {}}),
        (MAIN, {"BTC": "0.25"}),
        (MAIN, {"BTC": {"amount": "0.25"}}),
    ],
)
def test_another_shape_is_no_empty_account(call: BalanceCall, answer: Any) -> None:
    """R49: after a changed schema the last good figures stay, instead of an account that looks empty."""
    assert rows(call, answer) is None


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("BTC", "BTC"),
        ("<b>BTC</b>", "<b>BTC</b>"),
        ("B\u202eTC\u2066", "B TC"),
        ("B\x1b[31mTC\r\n\x00", "B [31mTC"),
        ("\ud800BTC", "BTC"),
        ("\u202e\u200b", "?"),
        ("X" * LONGEST_ASSET, "X" * LONGEST_ASSET),
        ("\u202e" * 900 + "X", "X"),
    ],
)
def test_names_of_assets_are_plain_and_short(sent: str, shown: str) -> None:
    """C2.25."""
    for call, answer in (
        (PROBIT, {"data": [{"currency_id": sent, "total": "1", "available": "1"}]}),
        (MAIN, {sent: {"main_balance": "1"}}),
    ):
        found = rows(call, answer)
        assert found is not None
        assert [holding.asset for holding in found] == [shown]
        assert shown.isprintable()


def test_very_many_rows_are_cut() -> None:
    found = rows(MAIN, {f"A{n}": {"main_balance": "1"} for n in range(MOST_ROWS + 10)})
    assert found is not None
    assert len(found) == MOST_ROWS


@FIXED
@given(ANYTHING, st.sampled_from([PROBIT, MAIN, SPOT]))
def test_no_answer_raises(answer: Any, call: BalanceCall) -> None:
    for value in (
        answer,
        {"data": answer},
        {"data": [answer]},
        {"data": [{"currency_id": answer, "total": answer}]},
        {"X": answer},
    ):
        found = rows(call, value)
        assert found is None or all(holding.asset.isprintable() for holding in found)


@FIXED
@given(ANYTHING, st.sampled_from([ME, CLOUD]))
def test_no_storage_answer_raises(answer: Any, call: StorageCall) -> None:
    for value in (answer, {"data": answer}, {"data": {"disk": answer, "size": answer, "plan_name": answer}}):
        assert space(call, value) is None or isinstance(space(call, value), Storage)


def me(**changes: Any) -> dict[str, Any]:
    data = {
        "email": "sam@example.org",
        "plan_name": "big",
        "plan_expiration": {"date": "2027-08-16 00:00:00.000000", "timezone_type": 3, "timezone": "UTC"},
        "disk": {"size": 1073741824000, "available": 343501989179, "used": 730239834821},
    }
    return {"status": "success", "data": {**data, **changes}, "errors": None}


FULL = Storage(730239834821, 343501989179, 1073741824000, "big", "2027-08-16")


def test_bitports_storage() -> None:
    """Bitport Q6, Q7, Q13: object or array of one, numbers or text, a day out of a text with a zone beside it."""
    assert space(ME, me()) == FULL
    assert space(ME, {"data": [me()["data"]]}) == FULL
    assert space(ME, me(disk={"size": "1073741824000", "available": "343501989179", "used": "730239834821"})) == FULL
    assert space(ME, me(disk={"size": None, "available": None, "used": None})) is None
    assert space(ME, me(disk=None)) is None
    assert space(ME, me(disk={"used": 5})) == Storage(5, None, None, "big", "2027-08-16")
    assert space(CLOUD, {"data": [{"size": 6378455526, "code": None}]}) == Storage(6378455526, None, None)


@pytest.mark.parametrize("sent", [-1, "-1", 1.5, "1.5", True, "x", "1e400", [], {}, "9" * 70])
def test_bytes_are_whole_and_never_negative(sent: Any) -> None:
    found = space(ME, me(disk={"size": 1, "available": sent, "used": "0"}))
    assert found == Storage(0, None, 1, "big", "2027-08-16")


@pytest.mark.parametrize(
    ("date", "shown"),
    [("2027-08-16", "2027-08-16"), ("<script>alert", ""), ("", ""), (None, ""), (7, ""), ("16.08.2027", "")],
)
def test_a_plans_end_is_a_day_or_nothing(date: Any, shown: str) -> None:
    found = space(ME, me(plan_expiration={"date": date}, plan_name="<b>\u202ebig</b>" + "x" * 999))
    assert found is not None
    assert found.plan_ends == shown
    assert len(found.plan) == 40
    assert found.plan.startswith("<b> big</b>x")
