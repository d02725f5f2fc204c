"""Rows as real services send them: many, with long names, as null, with one bad among good, and plain figures by coin.

The inputs are those of shared reports 2, 3, 19, 28 and 30, and others of the same kinds.
"""

from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.oauth.strict_json import read_figures
from keyrack.primitives.secret import Secret
from keyrack.providers.api.amounts import added, amount, plain_amounts
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.api.balance_rows import LONGEST_ASSET, MOST_ROWS, rows
from keyrack.providers.api.paging import next_page
from keyrack.providers.call_schema import BalanceCall
from keyrack.providers.files.load import moved
from keyrack.providers.holding import Holding, LeftOut, Reading
from tests.recording_server import RecordingServer, answer, recording
from tests.tokens import FIXED, http, provider

D = Decimal
CALL = BalanceCall(path="/b", shape="array", rows="data", asset="currency", available="free", total="total")
KEYED = BalanceCall(path="/b", shape="keyed", rows="data", available="free", total="total")
TOTALS = BalanceCall(path="/b", shape="totals", rows="data")
LONG = ("eip155:42161/erc20:0xFF970A61A04b1cA14834A43f5dE4533eBDDB5CC8", "eip155:42161/erc20:0xFF00" + "0" * 38)


def read(call: BalanceCall, text: str, *, zeros: bool = False) -> Reading | None:
    return rows(call, read_figures(text.encode(), "test"), zeros=zeros)


def row(name: Any, free: Any = "1", total: Any = "1") -> dict[str, Any]:
    return {"currency": name, "free": free, "total": total}


def test_a_row_after_many_zeros_is_read() -> None:
    """Report 2: BTC stands behind 5,000 rows of nothing."""
    found = rows(CALL, {"data": [*(row(f"ZERO{n}", "0", "0") for n in range(5000)), row("BTC", "2", "2")]})
    assert found == Reading((Holding("BTC", D(2), D(2)),))


def test_what_is_beyond_the_limit_is_counted() -> None:
    found = rows(CALL, {"data": [row(f"A{n}") for n in range(MOST_ROWS + 3)]})
    assert found is not None
    assert (len(found), found.left_out) == (MOST_ROWS, LeftOut(beyond=3))


@pytest.mark.parametrize("shape", ["array", "keyed", "totals"])
@pytest.mark.parametrize("factor", ["1", "0.01"])
@pytest.mark.parametrize("inside", ["", 'wallet."own.rows"'])
def test_keys_of_a_file_work_together(shape: Any, factor: str, inside: str) -> None:
    """A factor, rows inside rows and keys in quotation marks count for each shape, and for rows of digits alone."""
    figures: dict[str, Any] = {} if shape == "totals" else {"available": '"a.b".free', "total": "total"}
    call = BalanceCall(
        path="/b",
        shape=shape,
        rows="data",
        rows_inside=inside,
        asset="coin" if shape == "array" else "",
        factor=factor,
        **figures,
    )
    inner = {"coin": "BTC", "a.b": {"free": "150"}, "total": "150"}
    odd = {"coin": "ETH", "a.b": {"free": "?"}, "total": "?"}
    held: Any = {"BTC": "150", "ETH": "?"} if shape == "totals" else {"BTC": inner, "ETH": odd}
    held = list(held.values()) if shape == "array" else held
    found = rows(call, {"data": [{"wallet": {"own.rows": held}}] if inside else held})
    assert found is not None
    btc = D(150) * D(factor)
    assert found.holdings[0] == Holding("BTC", None if shape == "totals" else btc, btc)
    assert found.left_out == LeftOut(unread=1)


def test_a_factor_counts_where_every_row_is_plain() -> None:
    found = rows(msgspec.structs.replace(CALL, factor="0.01"), {"data": [row("BTC", "100", "250")]})
    assert found == Reading((Holding("BTC", D(1), D("2.5")),))


def test_a_figure_under_a_quoted_key_alone_makes_a_row() -> None:
    call = BalanceCall(path="/b", shape="array", asset="c", total='"a.b".free')
    assert rows(call, [{"c": "BTC", "a.b": {"free": "2"}}]) == Reading((Holding("BTC", None, D(2)),))


def test_one_asset_of_the_file_and_a_row_that_cannot_be_read() -> None:
    call = BalanceCall(path="/b", shape="array", asset_is="USD", available="free", total="total", factor="0.01")
    found = rows(call, [{"free": "250", "total": 1000}, {"free": "x", "total": "5"}, {"other": 1}])
    assert found == Reading(
        (Holding("USD", D("2.50"), D(10)), Holding("USD", None, D("0.05"))), left_out=LeftOut(unread=2)
    )


@pytest.mark.parametrize(
    "bad",
    [
        row(None),
        row(""),
        row(True),
        row({}),
        row("X" * (LONGEST_ASSET + 1)),
        {"currency": "ETH", "sum": "1"},
        None,
        "x",
        7,
        [],
    ],
)
def test_a_row_that_is_none_costs_itself_alone_and_is_counted(bad: Any) -> None:
    """Report 2, kind: an asset that is null or empty, a row without figures."""
    assert rows(CALL, {"data": [bad, row("BTC"), bad]}) == Reading((Holding("BTC", D(1), D(1)),), LeftOut(unread=2))


@pytest.mark.parametrize("figure", ["NaN", "Infinity", "-Infinity"])
def test_a_figure_that_json_cannot_have_costs_its_row_alone(figure: str) -> None:
    """Report 28: BTC is shown, and XYZ is not known."""
    text = f'{{"data":[{{"currency":"BTC","free":1,"total":1}},{{"currency":"XYZ","free":{figure},"total":{figure}}}]}}'
    good = Holding("BTC", D(1), D(1))
    assert read(CALL, text) == Reading((good, Holding("XYZ", None, None)), LeftOut(unread=1))


def test_a_key_that_stands_twice_costs_its_row_alone() -> None:
    """Report 28, kind: an asset, a figure and a whole row that are there twice."""
    good = '{"currency":"BTC","free":1,"total":1}'
    twice = '{"currency":"XYZ","free":1,"total":2,"total":3}'
    assert read(CALL, f'{{"data":[{good},{twice}]}}') == Reading(
        (Holding("BTC", D(1), D(1)), Holding("XYZ", D(1), None)), LeftOut(unread=1)
    )
    twice = '{"currency":"XYZ","currency":"ABC","free":1,"total":2}'
    assert read(CALL, f'{{"data":[{good},{twice}]}}') == Reading((Holding("BTC", D(1), D(1)),), LeftOut(unread=1))
    keyed = '{"data":{"BTC":{"free":1,"total":1},"XYZ":{"free":1,"total":1},"XYZ":{"free":2,"total":2}}}'
    assert read(KEYED, keyed) == Reading((Holding("BTC", D(1), D(1)),), LeftOut(unread=1))


def test_a_list_that_stands_twice_is_no_list() -> None:
    assert read(CALL, '{"data":[],"data":[{"currency":"BTC","free":1,"total":1}]}') is None


@pytest.mark.parametrize("call", [CALL, KEYED, TOTALS])
@pytest.mark.parametrize(
    "text",
    [
        '{"data":null}',
        "{}",
        '{"success":true,"data":null}',
        '{"success":true}',
        '{"code":0}',
        '{"data":[]}',
        '{"data":{}}',
    ],
)
def test_null_and_nothing_at_all_hold_nothing(call: BalanceCall, text: str) -> None:
    """Report 19: Go writes an empty slice as null, or leaves it out. PHP and Lua confuse lists and objects."""
    assert read(call, text) == Reading(())
    deeper = msgspec.structs.replace(call, rows="result.data")
    assert read(deeper, f'{{"jsonrpc":"2.0","result":{text}}}') == Reading(())


@pytest.mark.parametrize(
    "text",
    [
        '{"message":"maintenance"}',
        '{"rows":[{"currency":"BTC","free":1,"total":1}]}',
        '{"error":{"code":1}}',
        '"x"',
        "7",
    ],
)
def test_an_answer_that_says_something_else_is_no_empty_account(text: str) -> None:
    """R49."""
    assert read(CALL, text) is None


@pytest.mark.parametrize("found", [None, "", False])
def test_no_next_page_in_other_words(found: Any) -> None:
    """Report 19, kind: `next: false`."""
    call = msgspec.structs.replace(CALL, next_page="next")
    assert next_page(call, {}, {"next": found}) is None


def test_long_names_stay_whole_and_apart() -> None:
    """Report 3: two contracts that begin alike are two rows, also where rows are added up."""
    found = rows(CALL, {"data": [row(LONG[0], "100", "100"), row(LONG[1], "7", "7"), row(LONG[0], "1", "1")]})
    assert found is not None
    assert [(holding.asset, holding.total) for holding in added(found)] == [(LONG[0], D(101)), (LONG[1], D(7))]


def test_names_that_look_alike_stay_apart() -> None:
    found = rows(CALL, {"data": [row("BTC"), row("\u202eBTC"), row("BTC\u200b"), row("\u202e"), row("\u200b")]})
    assert found is not None
    assert len({holding.asset for holding in found}) == 5
    assert all(holding.asset.isprintable() for holding in found)


@pytest.mark.parametrize("text", ['{"BTC":"1.5","ETH":"2","XRP":"0"}', '{"BTC":1.5,"ETH":2,"XRP":0.0}'])
def test_plain_figures_by_coin(text: str) -> None:
    """Report 30: the value itself is the total."""
    assert read(TOTALS, f'{{"data":{text}}}') == Reading((Holding("BTC", None, D("1.5")), Holding("ETH", None, D(2))))


def test_a_plain_figure_that_is_none_is_counted() -> None:
    assert read(TOTALS, '{"data":{"BTC":"1.5","ETH":{"a":1},"XRP":null,"SOL":NaN}}') == Reading(
        (Holding("BTC", None, D("1.5")),), LeftOut(unread=3)
    )


SHARED = msgspec.structs.replace(CALL, shared="cross")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"free": "0.3", "total": "0.1", "cross": True}, Holding("X", None, D("0.1"), remark="shared")),
        ({"free": "0.3", "total": "0", "cross": True}, None),
        ({"free": "0.3", "total": "0.5", "cross": False}, Holding("X", D("0.3"), D("0.5"))),
        ({"free": "0.3", "total": "0.5"}, Holding("X", D("0.3"), D("0.5"))),
        ({"free": "150000", "total": "100000"}, Holding("X", None, D(100000), remark="borrowed")),
        ({"free": "-5", "total": "10"}, Holding("X", None, D(10), remark="borrowed")),
        ({"free": "-5", "total": "-5"}, Holding("X", None, D(-5), remark="borrowed")),
        ({"free": "1", "total": "-0"}, Holding("X", None, D(0), remark="borrowed")),
    ],
)
def test_no_figure_is_negative_where_something_is_shared_or_borrowed(
    sent: dict[str, Any], shown: Holding | None
) -> None:
    found = rows(SHARED, {"data": [{"currency": "X", **sent}]})
    assert found is not None
    assert found.holdings == (() if shown is None else (shown,))
    assert all(holding.in_use is None or holding.in_use >= 0 for holding in found)


_FIGURE = st.one_of(
    st.decimals(-10, 10**9, places=4).map(str),
    st.integers(-5, 10**12),
    st.sampled_from(["", None, "x", "0", "-0", "1e3"]),
)


@FIXED
@given(st.lists(st.tuples(st.sampled_from(["BTC", "ETH", "a b", "\u202e", ""]), _FIGURE, _FIGURE), max_size=6))
def test_many_rows_are_read_as_each_one_is(sent: list[tuple[str, Any, Any]]) -> None:
    """Plain responses are read column by column. The result is that of every row alone."""
    names = [f"{name}{n}" if name else "" for n, (name, _, _) in enumerate(sent)]
    together = rows(
        CALL, {"data": [row(name, *figures) for name, (_, *figures) in zip(names, sent, strict=True)]}, zeros=True
    )
    alone = [
        rows(CALL, {"data": [row(name, *figures)]}, zeros=True) for name, (_, *figures) in zip(names, sent, strict=True)
    ]
    held = [holding for one in alone if one is not None for holding in one]
    assert (() if together is None else together.holdings) == tuple(held)


@FIXED
@given(st.lists(st.text("0123456789.-+eE\n ", max_size=9) | st.integers() | st.booleans() | st.none(), max_size=5))
def test_a_column_is_read_as_each_figure_is(values: list[Any]) -> None:
    found = plain_amounts(values)
    assert found is None or found == [amount(value) for value in values]


@pytest.fixture
async def port() -> AsyncGenerator[RecordingServer]:
    async with recording(answer([])) as made:
        yield made


async def asked(port: RecordingServer, call: BalanceCall) -> Reading:
    found = msgspec.structs.replace(moved(provider("alpaca"), port.base), balances=(call,))
    async with http() as client:
        return await ApiClient(client, found, found.regions["paper"]).holdings(Secret("invented"))


async def test_no_content_holds_nothing(port: RecordingServer) -> None:
    """Report 19, kind: 204."""
    port.then(b"HTTP/1.1 204 No Content\r\n\r\n")
    assert await asked(port, CALL) == Reading(())


async def test_a_list_of_several_mebibytes_is_read(port: RecordingServer) -> None:
    port.then(answer({"data": [{**row(f"A{n}"), "about": "x" * 60} for n in range(20_000)]}))
    assert len(await asked(port, CALL)) == 20_000
