"""The balances: exact, aligned, sorted as numbers, and honest about their age."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.snapshot import Balances
from keyrack.primitives.failure import Failure
from keyrack.providers.holding import Holding, Storage
from keyrack.ui.balances.balances_card import BalancesCard
from keyrack.ui.balances.table_model import AMOUNT_ROLE, AMOUNTS, BalancesModel, BalancesProxyModel, Column
from keyrack.ui.text.amount_text import HIDDEN, clock_time
from keyrack.ui.theme.theme import theme
from tests.ui.harness import WindowHarness, bench, holdings, shown_texts, storage, visible_texts

WHY = Failure("unexpected")


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.hands))
    made.window.show()
    made.contents.open("w1")
    return made


def card(b: WindowHarness) -> BalancesCard:
    pane = b.contents.pages.pane
    assert pane is not None
    return pane.balances


def column(order: BalancesProxyModel, at: int) -> list[str]:
    return [str(order.index(row, at).data()) for row in range(order.rowCount())]


def test_the_model_keeps_qts_rules_and_every_digit(qtbot: QtBot) -> None:
    model = BalancesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    odd = "12345678901234567890.123456789012345678900"
    model.show([Holding("BTC", Decimal(odd), Decimal("1E+3"), "Main"), Holding("X", None, None)])
    cell = model.index(0, Column.AVAILABLE)
    assert cell.data(AMOUNT_ROLE) == Decimal(odd)
    assert str(cell.data(AMOUNT_ROLE)) == odd
    assert "".join(c for c in cell.data() if c.isdigit()) == odd.replace(".", "")
    assert "".join(c for c in model.index(0, Column.TOTAL).data() if c.isdigit()) == "1000"
    assert model.index(1, Column.TOTAL).data() == "–"
    assert model.rowCount(model.index(0, 0)) == 0


def test_no_cell_ever_holds_a_float(b: WindowHarness) -> None:
    model = card(b).model
    for row in range(model.rowCount(QModelIndex())):
        for at in range(model.columnCount(QModelIndex())):
            for role in (Qt.ItemDataRole.DisplayRole, AMOUNT_ROLE, Qt.ItemDataRole.ToolTipRole):
                assert not isinstance(model.index(row, at).data(role), float)


@pytest.mark.security("S49")
def test_hostile_names_are_plain_and_short(qtbot: QtBot) -> None:
    model = BalancesModel()
    model.show([Holding("<b>A\u202eB</b>\n" + "x" * 10_000, Decimal(1), Decimal("NaN"))])
    shown = model.index(0, Column.ASSET).data()
    assert len(shown) <= 64
    assert "\u202e" not in shown
    assert "\n" not in shown
    assert model.index(0, Column.TOTAL).data() == "–"


def test_sorting_is_by_amount_and_unknown_ones_come_last(b: WindowHarness) -> None:
    order = card(b).table.proxy
    order.sort(Column.TOTAL, Qt.SortOrder.DescendingOrder)
    totals = [order.index(row, Column.TOTAL).data(AMOUNT_ROLE) for row in range(order.rowCount())]
    assert totals == sorted(totals, reverse=True)
    model = card(b).model
    model.show([Holding("A", None, None), Holding("B", Decimal(9), Decimal(9)), Holding("C", Decimal(10), Decimal(10))])
    assert column(order, Column.ASSET) == ["C", "B", "A"]


def test_find_and_hide_zeros_leave_the_rest_out(b: WindowHarness) -> None:
    order = card(b).table.proxy
    assert order.rowCount() == 7
    card(b).zeros.setChecked(True)
    assert "BSV" not in column(order, Column.ASSET)
    card(b).search.setText("usd")
    assert column(order, Column.ASSET) == ["USDT", "USDT"]
    card(b).search.setText("nothing like it")
    assert "Nothing here matches." in visible_texts(card(b))


def test_a_changed_figure_lights_up_its_cell_only(b: WindowHarness, qtbot: QtBot) -> None:
    theme().allow_motion(allowed=True)
    try:
        snapshot = holdings(b.hands)
        rows = list(snapshot.holdings)
        rows[1] = replace(rows[1], total=Decimal("40.48"))
        b.account("w1").show_balances(replace(snapshot, holdings=tuple(rows)))
        assert card(b).model.changed_cells == {(1, Column.IN_USE), (1, Column.TOTAL)}
        table = card(b).table
        lit = table.proxy.mapFromSource(card(b).model.index(1, Column.TOTAL))
        dark = table.proxy.mapFromSource(card(b).model.index(0, Column.TOTAL))
        assert table.glow(lit) > 0
        assert table.glow(dark) == 0
        qtbot.waitUntil(lambda: table.glow(lit) == 0, timeout=2000)
    finally:
        theme().allow_motion(None)


def test_the_first_snapshot_and_an_equal_one_light_up_nothing(b: WindowHarness) -> None:
    assert not card(b).model.changed_cells
    b.account("w1").show_balances(holdings(b.hands))
    assert not card(b).model.changed_cells


def test_it_says_where_the_figures_come_from_and_how_old_they_are(b: WindowHarness) -> None:
    assert "Polled, as of " in visible_texts(card(b))
    assert "Collateral and Earn are not included." in visible_texts(card(b))
    b.account("w1").show_balances(replace(holdings(b.hands), source="push"))
    said = visible_texts(card(b))
    assert f"Live, as of {clock_time(holdings(b.hands).taken)}" in said
    assert "Polled" not in said
    b.account("w1").show_balances(replace(holdings(b.hands), failure=WHY))
    b.tick(300)
    said = visible_texts(card(b))
    assert "5 min ago" in said
    assert WHY.happened in said
    assert card(b).table.stale


def test_storage_is_shown_in_words_and_exact(b: WindowHarness) -> None:
    b.active("b1").show_balances(storage(b.hands))
    b.contents.open("b1")
    said = visible_texts(card(b))
    assert "730.2 GB" in said
    assert "730239834821" in "".join(c for c in said if c.isdigit() or c == "\n")
    assert not card(b).table.isVisible()
    assert card(b).storage.bar.share == pytest.approx(0.68, abs=0.01)


def test_storage_without_figures_is_a_dash_and_no_crash(b: WindowHarness) -> None:
    b.active("b1").show_balances(Balances((), b.hands.wall, "poll", storage=Storage(None, None, None)))
    b.contents.open("b1")
    assert "–" in visible_texts(card(b))


@pytest.mark.security("S99")
def test_privacy_mode_hides_every_amount(b: WindowHarness) -> None:
    b.active("b1").show_balances(storage(b.hands))
    for id, secret in (("w1", "1100"), ("b1", "730.2")):
        b.contents.pages.hide_amounts(private=False)
        b.contents.open(id)
        b.contents.pages.hide_amounts(private=True)
        model = card(b).model
        cells = [str(model.index(r, c).data(role)) for r in range(len(model.rows)) for c in AMOUNTS for role in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)]  # fmt: skip
        assert all(cell == HIDDEN for cell in cells)
        assert not any(secret in text for text in shown_texts(b.window))


def test_columns_show_whole_figures_wherever_there_is_room(b: WindowHarness) -> None:
    table = card(b).table
    for at in AMOUNTS:
        assert table.columnWidth(at) >= table.width_of(at)


def test_eighteen_decimals_in_every_column_are_seen_without_scrolling(b: WindowHarness) -> None:
    rows = [
        Holding("ETH", Decimal("6.628665130196600619"), Decimal("7.428665130196600620"), "Spot"),
        Holding("USDT", Decimal("22386.63"), Decimal("26486.63"), "Spot"),
    ]
    b.account("w1").show_balances(Balances(tuple(rows), b.hands.wall, "poll"))
    table = card(b).table
    assert table.horizontalScrollBar().maximum() == 0
    metrics = QFontMetricsF(table.cell_font())
    for column in AMOUNTS:
        assert metrics.horizontalAdvance(table.proxy.index(0, column).data()) <= table.columnWidth(column) - 16
