"""Foreign JSON: what is taken, what is refused, and that nothing else than a plain failure ever comes of it."""

import json
import time
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import DEEPEST, at, read_figures, read_json, text_at
from keyrack.primitives.plain_json import UNREADABLE
from tests.tokens import CANARY, FIXED, everything

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**300), 10**300) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5),
    max_leaves=20,
)


@pytest.mark.security("S46")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" \r\n\t ",
        b"<!doctype html><html><body>canary</body></html>",
        b"canary",
        b'{"a": "canary"',
        b'{"a": "canary"} {"b": 1}',
        b'{"access_token": "canary-1", "access_token": "canary-2"}',
        b'{"outer": {"a": "canary-1", "a": "canary-1"}}',
        b'{"a": NaN, "b": "canary"}',
        b'{"a": Infinity, "b": "canary"}',
        b'{"a": -Infinity, "b": "canary"}',
        b'{"a": ' + b"9" * 401 + b', "b": "canary"}',
        b'{"a": ' + b"9" * 5000 + b', "b": "canary"}',
        b'{"a": 0.' + b"9" * 400 + b', "b": "canary"}',
        b'{"a": 1e99999999999999999999, "b": "canary"}',
        '{"a": "canary\x07"}'.encode("utf-16"),
        b'{"a": "canary\x1b[31m"}',
        '{"a": "canary é"}'.encode("latin-1"),
        b'{"a": "canary\xc0\xaf"}',
        b'{"a": "canary\x00"}',
        b"\x1f\x8b\x08canary\x00\xff",
        b"[" * 100_000 + b'"canary"' + b"]" * 100_000,
        b'{"a":' * 100_000 + b'"canary"' + b"}" * 100_000,
        b'["canary' + b'\\"' * 400_000,
        b'"' + b"\\",
    ],
)
def test_what_is_not_plain_json_is_one_clean_failure(body: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(UnexpectedResponse) as raised:
        read_json(body, "Sample")
    assert time.perf_counter() - began < 2
    assert CANARY not in everything(raised.value)
    assert raised.value.__context__ is None
    assert raised.value.detail == ("HTML page" if body.startswith(b"<") else "unreadable answer")


def test_a_byte_order_mark_is_taken() -> None:
    assert read_json(b'\xef\xbb\xbf{"a": 1}', "Sample") == {"a": 1}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_text_is_known_by_its_bytes(encoding: str) -> None:
    assert read_json('{"a": "é"}'.encode(encoding), "Sample") == {"a": "é"}


def test_a_bare_tab_in_a_string_is_taken() -> None:
    assert read_json(b'{"a":\t"one\ttwo\r\nthree"}', "Sample") == {"a": "one\ttwo\r\nthree"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "é", "b": 1.50}', {"a": "é", "b": "1.50"}),
        ('{"a": "one\ttwo\r\nthree", "b": 1.50}', {"a": "one\ttwo\r\nthree", "b": "1.50"}),
        ('{"a": "one\ttwo", "b": 1.50, "c": NaN}', {"a": "one\ttwo", "b": "1.50", "c": UNREADABLE}),
        ('{"a": "one\ttwo", "b": 1.50, "b": 1.50}', {"a": "one\ttwo", "b": UNREADABLE}),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le"])
def test_figures_are_taken_in_every_encoding_and_with_bare_tabs(text: str, value: Any, encoding: str) -> None:
    assert read_figures(text.encode(encoding), "Sample") == value


@pytest.mark.parametrize("text", ['{"a": "b\x07"}', '{"a": "b\x07\t", "c": NaN}', '{"a":\x0b1}', '{"a": "b\x00"'])
def test_no_other_control_character_is_taken_in_figures(text: str) -> None:
    with pytest.raises(UnexpectedResponse):
        read_figures(text.encode(), "Sample")


@pytest.mark.parametrize("forgiving", [False, True])
def test_a_key_that_stands_twice_beside_a_bare_tab(forgiving: bool) -> None:
    body = b'{"tab": "x\t", "a": 1, "a": 2}'
    if forgiving:
        assert read_json(body, "Sample", forgiving=True) == {"tab": "x\t", "a": None}
        return
    with pytest.raises(UnexpectedResponse):
        read_json(body, "Sample")


def test_nesting_ends_where_odd_values_are_forgiven_too() -> None:
    with pytest.raises(UnexpectedResponse):
        read_json(b"[" * (DEEPEST + 1) + b"NaN" + b"]" * (DEEPEST + 1), "Sample", forgiving=True)


@pytest.mark.parametrize(
    ("odd", "value"),
    [
        (b"NaN", None),
        (b"-Infinity", None),
        (b"9" * 401, None),
        (b"1e99999999999999999999", None),
        (b'1, "a": 2', None),
        (b'1, "a": 1', 1),
    ],
)
def test_one_odd_value_costs_only_itself_where_that_is_asked_for(odd: bytes, value: int | None) -> None:
    assert read_json(b'{"a": ' + odd + b', "b": "x"}', "Sample", forgiving=True) == {"a": value, "b": "x"}


def test_numbers_are_exact_and_never_floats() -> None:
    value = read_json(b"[0.1, 1e400, 12345678901234567890123456789.123456789, 10, -0.0]", "Sample")
    assert value == [Decimal("0.1"), Decimal("1e400"), Decimal("12345678901234567890123456789.123456789"), 10, 0]
    assert [type(number) for number in value] == [Decimal, Decimal, Decimal, int, Decimal]


def test_nesting_ends_at_the_stated_depth() -> None:
    assert read_json(b"[" * DEEPEST + b"]" * DEEPEST, "Sample")
    with pytest.raises(UnexpectedResponse):
        read_json(b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "Sample")


def test_brackets_inside_text_do_not_count() -> None:
    text = "[{" * 500 + '\\"' + "]"
    assert read_json(json.dumps({"a": text, "b\\": '"[['}).encode(), "Sample") == {"a": text, "b\\": '"[['}


@FIXED
@given(JSON)
def test_every_json_value_comes_back_as_it_was(value: Any) -> None:
    assert read_json(json.dumps(value).encode(), "Sample") == value


@FIXED
@given(st.binary(max_size=300) | st.text('[]{}",:\\0123456789.eE+-aNInfty ', max_size=60).map(str.encode))
def test_no_bytes_raise_anything_else(body: bytes) -> None:
    with suppress(UnexpectedResponse):
        read_json(body, "Sample")


@FIXED
@given(JSON, st.text("ab.0", max_size=6))
def test_a_path_into_anything_never_raises(value: Any, path: str) -> None:
    at(value, path)
    assert isinstance(text_at(value, path), str)


@pytest.mark.parametrize(
    ("value", "path", "found"),
    [
        ({"data": {"email": "a@example.org"}}, "data.email", "a@example.org"),
        ({"data": [{"email": "a@example.org"}]}, "data.email", "a@example.org"),
        ({"data": []}, "data.email", None),
        ({"data": "text"}, "data.email", None),
        ({"data": None}, "data.email", None),
        (None, "data", None),
        ({"a": 1}, "", {"a": 1}),
    ],
)
def test_a_list_of_one_is_entered(value: Any, path: str, found: Any) -> None:
    """Bitport Q6: an object or an array of one."""
    assert at(value, path) == found


@pytest.mark.parametrize(
    ("found", "text"),
    [
        ("x", "x"),
        (["x", "y"], "x"),
        ([], ""),
        (401, "401"),
        (True, ""),
        (None, ""),
        ({}, ""),
        (Decimal("1.50"), "1.50"),
    ],
)
def test_text_is_taken_from_text_and_numbers_alone(found: Any, text: str) -> None:
    assert text_at({"a": found}, "a") == text
