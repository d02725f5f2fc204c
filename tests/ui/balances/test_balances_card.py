"""The balances: exact, aligned, sorted as numbers, and honest about their age."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAction,
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPixmap,
    QWheelEvent,
    QWindow,
)
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.valuation.valuation import PriceList
from keyrack.primitives.failure import Failure
from keyrack.providers.api.prices import Price
from keyrack.providers.holding import Holding, LeftOut, Remark, Storage
from keyrack.ui.balances.balances_card import BalancesCard
from keyrack.ui.balances.balances_proxy import BalancesProxyModel
from keyrack.ui.balances.table_model import AMOUNT_ROLE, AMOUNTS, BalancesModel, Column
from keyrack.ui.balances.table_view import BalancesTable
from keyrack.ui.text.amount_text import HIDDEN, clock_time, grouped
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.scroll_page import ScrollPage
from tests.ui.balances.drawn_figures import drawn_width
from tests.ui.harness import WindowHarness, holdings, make_harness, shown_texts, storage, visible_texts
from tests.ui.sizes.walk import laid_out

WHY = Failure("unexpected")


class Recorder(QPainter):
    """A painter that keeps the texts it draws."""

    def __init__(self, picture: QPixmap) -> None:
        super().__init__(picture)
        self.drawn: list[str] = []

    def drawText(self, *what: object) -> None:  # type: ignore[override]
        self.drawn.append(str(what[-1]))


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.clock))
    made.window.show()
    made.contents.open("w1")
    return made


def card(harness: WindowHarness) -> BalancesCard:
    pane = harness.contents.pages.pane
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


def test_no_cell_ever_holds_a_float(harness: WindowHarness) -> None:
    model = card(harness).model
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


def test_sorting_is_by_amount_and_unknown_ones_come_last(harness: WindowHarness) -> None:
    order = card(harness).table.proxy
    order.sort(Column.TOTAL, Qt.SortOrder.DescendingOrder)
    totals = [order.index(row, Column.TOTAL).data(AMOUNT_ROLE) for row in range(order.rowCount())]
    assert totals == sorted(totals, reverse=True)
    model = card(harness).model
    model.show([Holding("A", None, None), Holding("B", Decimal(9), Decimal(9)), Holding("C", Decimal(10), Decimal(10))])
    assert column(order, Column.ASSET) == ["C", "B", "A"]
    order.sort(Column.TOTAL, Qt.SortOrder.AscendingOrder)
    assert column(order, Column.ASSET) == ["B", "C", "A"]


def test_the_first_press_on_a_column_shows_the_most_first_and_names_from_a_to_z(harness: WindowHarness) -> None:
    table = card(harness).table
    header = table.horizontalHeader()
    for at, order in ((Column.TOTAL, Qt.SortOrder.DescendingOrder), (Column.ASSET, Qt.SortOrder.AscendingOrder)):
        place = QPoint(header.sectionViewportPosition(at) + header.sectionSize(at) // 2, header.height() // 2)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert (header.sortIndicatorSection(), header.sortIndicatorOrder()) == (at, order)


def test_the_head_of_a_column_that_is_not_shown_says_nothing(harness: WindowHarness) -> None:
    """Qt has a screen reader find it all the same, between the others."""
    table = card(harness).table
    spoken = QAccessible.queryAccessibleInterface(table)

    def heads() -> list[str]:
        cells = [spoken.child(at) for at in range(spoken.childCount())]
        return [cell.text(QAccessible.Text.Name) for cell in cells if cell.role() == QAccessible.Role.ColumnHeader]

    assert "Wallet" in heads()
    harness.account("w1").show_balances(Balances((Holding("ETH", Decimal(1), Decimal(1)),), harness.clock.wall, "poll"))
    assert table.isColumnHidden(Column.PLACE)
    assert heads() == ["Asset. Sorted ascending", "", "Available", "In use", "Total", ""]


def test_a_screen_reader_is_told_by_which_column_the_rows_are_sorted(harness: WindowHarness) -> None:
    table = card(harness).table
    QAccessible.setActive(True)
    spoken = QAccessible.queryAccessibleInterface(table)

    def heads() -> set[str]:
        cells = (spoken.child(at) for at in range(spoken.childCount()))
        return {cell.text(QAccessible.Text.Name) for cell in cells if cell.role() == QAccessible.Role.ColumnHeader}

    table.sortByColumn(Column.TOTAL, Qt.SortOrder.DescendingOrder)
    assert heads() >= {"Asset", "Total. Sorted descending"}
    table.sortByColumn(Column.TOTAL, Qt.SortOrder.AscendingOrder)
    assert "Total. Sorted ascending" in heads()
    table.sortByColumn(Column.ASSET, Qt.SortOrder.AscendingOrder)
    assert heads() >= {"Asset. Sorted ascending", "Total"}
    told: list[int] = []
    table.model().headerDataChanged.connect(lambda *_: told.append(1))
    table.sortByColumn(Column.ASSET, Qt.SortOrder.AscendingOrder)
    assert told == [], "the whole table is painted anew for each time"


def test_the_page_follows_the_row_that_the_keyboard_goes_to_and_shows_it_by_a_ring(harness: WindowHarness) -> None:
    pane = harness.contents.pages.pane
    assert pane is not None
    table = pane.balances.table
    harness.window.resize(700, 420)
    harness.window.activateWindow()
    pane.page.verticalScrollBar().setValue(0)
    pane.balances.search.setFocus()

    def is_in_sight(row: int) -> bool:
        box = table.visualRect(table.proxy.index(row, Column.ASSET))
        top = table.viewport().mapTo(pane.page.viewport(), box.topLeft()).y()
        return top >= 0 and top + box.height() <= pane.page.viewport().height()

    def ring() -> bool:
        place = table.viewport().mapTo(table, QPoint(table.viewport().width() // 2, 1))
        drawn = table.grab().toImage()
        return drawn.pixelColor(place * drawn.devicePixelRatio()) == theme().palette.accent

    last = table.proxy.rowCount() - 1
    assert not is_in_sight(last)
    handle = harness.window.windowHandle()
    QTest.keyClick(handle, Qt.Key.Key_Tab)
    assert table.hasFocus()
    assert is_in_sight(0)
    assert ring()
    QTest.keyClick(handle, Qt.Key.Key_End)
    assert is_in_sight(last)
    QTest.keyClick(handle, Qt.Key.Key_Home)
    assert is_in_sight(0)
    QTest.mouseClick(handle, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert not ring()


def test_tab_goes_on_from_find_to_the_table_as_the_eye_does(harness: WindowHarness) -> None:
    shown = card(harness)
    table = shown.table
    harness.window.activateWindow()
    assert shown.start_finding()
    QTest.keyClick(shown.search, Qt.Key.Key_Tab)
    assert table.hasFocus()
    assert table.currentIndex().row() == 0
    QTest.keyClick(table, Qt.Key.Key_Backtab)
    assert shown.search.hasFocus()


def test_figures_in_a_sorted_table_stay_in_order_and_the_selected_row_selected(harness: WindowHarness) -> None:
    table = card(harness).table
    table.sortByColumn(Column.AVAILABLE, Qt.SortOrder.DescendingOrder)
    place = column(table.proxy, Column.ASSET).index("USDT")
    table.selectRow(place)
    snapshot = holdings(harness.clock)
    rows = [msgspec.structs.replace(row, available=row.total) for row in snapshot.holdings]
    rows[2] = msgspec.structs.replace(rows[2], available=Decimal(10**9), total=Decimal(10**9))
    harness.account("w1").show_balances(replace(snapshot, holdings=tuple(rows)))
    assert column(table.proxy, Column.ASSET)[0] == "BTC"
    figures = [table.proxy.index(row, Column.AVAILABLE).data(AMOUNT_ROLE) for row in range(table.proxy.rowCount())]
    assert figures == sorted(figures, reverse=True)
    (selected,) = table.selectionModel().selectedRows()
    assert selected.row() != place
    assert selected.data() == "USDT"
    assert selected.siblingAtColumn(Column.TOTAL).data(AMOUNT_ROLE) == Decimal("1100.50")


def test_the_table_of_shown_rows_keeps_qts_rules(qtbot: QtBot) -> None:
    model = BalancesModel()
    order = BalancesProxyModel(model)
    QAbstractItemModelTester(order, QAbstractItemModelTester.FailureReportingMode.Fatal)
    held = [Holding(f"A{n}", Decimal(n * 7 % 5), Decimal(n), "Spot") for n in range(30)]
    model.show(held)
    order.sort(Column.AVAILABLE, Qt.SortOrder.DescendingOrder)
    order.find("a1")
    order.hide_zeros(hide=True)
    model.show([msgspec.structs.replace(row, total=Decimal(0), available=Decimal(0)) for row in held])
    assert order.rowCount() == 0
    model.show(held[:20])
    assert sorted(column(order, Column.ASSET)) == ["A1", *(f"A1{n}" for n in range(10))]


def test_find_and_hide_zeros_leave_the_rest_out(harness: WindowHarness) -> None:
    order = card(harness).table.proxy
    assert order.rowCount() == 7
    card(harness).zeros.setChecked(True)
    assert "BSV" not in column(order, Column.ASSET)
    card(harness).search.setText("usd")
    assert column(order, Column.ASSET) == ["USDT", "USDT"]
    card(harness).search.setText("nothing like it")
    assert "Nothing here matches." in visible_texts(card(harness))


def test_it_says_how_many_assets_there_are_and_how_many_of_them_are_shown(harness: WindowHarness) -> None:
    shown = card(harness)
    assert shown.count.text() == "5 assets", "two of the seven rows are other wallets"
    shown.search.setText("usd")
    assert shown.count.text() == "1 of 5"
    shown.search.clear()
    shown.zeros.setChecked(True)
    assert shown.count.text() == "4 of 5"
    many = tuple(Holding(f"A{n:04}", Decimal(n), Decimal(n)) for n in range(1, 1001))
    harness.account("w1").show_balances(Balances(many, harness.clock.wall, "poll"))
    assert shown.count.text() == f"{grouped('1000')} assets"
    harness.account("w1").show_balances(Balances(many[:5], harness.clock.wall, "poll"))
    assert not shown.count.isVisible()


def test_find_ends_where_the_table_ends(harness: WindowHarness) -> None:
    many = tuple(Holding(f"A{n:04}", Decimal(n), Decimal(n)) for n in range(1, 20))
    harness.account("w1").show_balances(Balances(many, harness.clock.wall, "poll"))
    shown = card(harness)
    laid_out()
    for _turned in range(2):
        end = shown.search.mapTo(shown, shown.search.rect().topRight()).x()
        assert end == shown.table.geometry().right()
        shown.setFixedWidth(300)
        laid_out()


def test_a_press_on_a_column_begins_at_the_first_row(harness: WindowHarness) -> None:
    many = tuple(Holding(f"A{n:04}", Decimal(n), Decimal(n)) for n in range(1, 100))
    harness.account("w1").show_balances(Balances(many, harness.clock.wall, "poll"))
    table = card(harness).table
    table.scrollToBottom()
    assert table.rowAt(1) > 0
    heads = table.horizontalHeader()
    place = QPoint(heads.sectionViewportPosition(Column.TOTAL) + 10, heads.height() // 2)
    QTest.mouseClick(heads.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert table.rowAt(1) == 0
    assert column(table.proxy, Column.ASSET)[0] == "A0099"


def test_where_no_room_is_left_columns_leave_before_a_figure_is_cut(harness: WindowHarness) -> None:
    long = Decimal("155.98842988")
    rows = [Holding(f"A{n:04}", long, long + n, remark="" if n else "borrowed") for n in range(40)]
    harness.account("w1").show_balances(Balances(tuple(rows), harness.clock.wall, "poll"))
    table = card(harness).table
    shown: list[list[Column]] = []
    for room in range(600, 200, -20):
        table.setFixedWidth(room)
        laid_out()
        assert table.horizontalScrollBar().maximum() == 0, room
        now = [each for each in AMOUNTS if not table.isColumnHidden(each)]
        if [now] != shown[-1:]:
            shown.append(now)
    assert shown == [list(AMOUNTS), [Column.IN_USE, Column.TOTAL], [Column.TOTAL]], "the remark as long as it fits"


def test_a_figure_that_is_partly_out_of_sight_is_cut_with_a_sign(harness: WindowHarness, qtbot: QtBot) -> None:
    """What is in sight of it would be read as another figure."""
    wide = Decimal("1234567.123456789012345678")
    row = Holding("A token of a very long name", wide, wide, "A wallet of a long name")
    harness.account("w1").show_balances(Balances((row,), harness.clock.wall, "poll"))
    table = card(harness).table
    table.setFixedWidth(200)
    laid_out()
    bar = table.horizontalScrollBar()
    assert bar.maximum() > 0
    index = table.proxy.index(0, Column.TOTAL)
    for at in (0, bar.maximum() // 2, bar.maximum()):
        bar.setValue(at)
        option = QStyleOptionViewItem()
        option.rect = table.visualRect(index)
        picture = QPixmap(400, 100)
        painter = Recorder(picture)
        table.itemDelegate().paint(painter, option, index)
        painter.end()
        seen = table.viewport().rect().intersected(table.visualRect(index))
        if seen.width() < table.columnWidth(Column.TOTAL):
            assert [text for text in painter.drawn if text and "…" not in text] == []


def test_find_is_there_from_six_assets_on_and_esc_clears_it_before_it_does_anything_else(
    harness: WindowHarness,
) -> None:
    shown = card(harness)
    assert shown.search.isVisible()
    shown.search.setFocus()
    QTest.keyClicks(shown.search, "eth")
    assert column(shown.table.proxy, Column.ASSET) == ["ETH"]
    QTest.keyClick(shown.search, Qt.Key.Key_Escape)
    assert not shown.search.text()
    assert shown.table.proxy.rowCount() == 7
    assert shown.search.isVisible()
    override = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    override.ignore()
    QApplication.sendEvent(shown.search, override)
    assert not override.isAccepted(), "an empty field leaves Esc to the page"
    harness.account("w1").show_balances(holdings(harness.clock, more=False))
    assert not shown.search.isVisible()


def menu_of(table: BalancesTable, row: int, column: Column) -> dict[str, QAction]:
    """The entries of the menu that a right click on a cell opens, by their names."""
    place = table.visualRect(table.proxy.index(row, column)).center()
    at = table.viewport().mapToGlobal(place)
    QApplication.sendEvent(table.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, at))
    menu = QApplication.activePopupWidget()
    entries = {} if menu is None else {each.objectName().removeprefix("cell_menu_"): each for each in menu.actions()}
    if menu is not None:
        menu.hide()
    return entries


def test_a_cell_is_copied_with_every_digit(harness: WindowHarness) -> None:
    table = card(harness).table
    table.proxy.find("ETH")
    entries = menu_of(table, 0, Column.AVAILABLE)
    assert next(iter(entries)) == "available", "what was pressed comes first"
    entries["available"].trigger()
    assert QGuiApplication.clipboard().text() == "12.000000000000000001"
    menu_of(table, 0, Column.AVAILABLE)["asset"].trigger()
    assert QGuiApplication.clipboard().text() == "ETH"
    card(harness).hide_amounts(True)
    assert set(menu_of(table, 0, Column.AVAILABLE)) == {"asset", "place"}, "hidden amounts are not copied"


def test_many_rows_come_when_the_rest_of_the_pane_is_there(harness: WindowHarness, qtbot: QtBot) -> None:
    many = tuple(Holding(f"A{n:04}", Decimal(n), Decimal(n)) for n in range(201))
    harness.active("w2").show_balances(Balances(many, harness.clock.wall, "poll"))
    harness.contents.open("w2")
    assert "Reading balances" in visible_texts(card(harness))
    qtbot.waitUntil(lambda: card(harness).table.proxy.rowCount() == 201)
    assert "Reading balances" not in visible_texts(card(harness))


def test_at_the_usual_size_the_value_is_in_the_table_and_what_is_in_use_is_folded_away(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    long = Decimal("12345.123456789012345678")
    rows = tuple(Holding(asset, long, long + 1, "Spot") for asset in ("ETH", "BTC"))
    asked = harness.rack.totals.prices.site_prices(harness.account("w1"))
    asked.known = PriceList(asked.known.how, {"ETH_USDT": Price(Decimal(2000))}, harness.clock.wall)
    harness.account("w1").show_balances(Balances(rows, harness.clock.wall, "poll"))
    table = card(harness).table
    assert table.horizontalScrollBar().maximum() == 0
    assert not table.isColumnHidden(Column.VALUE)
    assert table.isColumnHidden(Column.IN_USE)
    said = card(harness).notes.folded
    assert said.isVisible()
    assert said.text() == "Not shown at this width: In use."
    assert table.fraction_width(Column.TOTAL) > 0
    harness.window.resize(640, 420)
    qtbot.waitUntil(lambda: table.isColumnHidden(Column.VALUE) and not table.horizontalScrollBar().maximum())
    qtbot.waitUntil(lambda: said.text() == "Not shown at this width: In use, Value.")
    shared = Holding("SOL", None, long, "Spot", remark="shared")
    harness.account("w1").show_balances(Balances((*rows, shared), harness.clock.wall, "poll"))
    assert not table.isColumnHidden(Column.IN_USE), "its words stand nowhere else"
    harness.window.resize(1600, 900)
    qtbot.waitUntil(lambda: not said.isVisible())


def test_that_zeros_are_left_out_is_said_where_they_are(harness: WindowHarness) -> None:
    assert "BSV" in column(card(harness).table.proxy, Column.ASSET)
    assert card(harness).notes.leaves_out.text() == "Collateral and Earn are not included."
    held = Holding("SOL", Decimal(1), Decimal(1))
    harness.account("w1").show_balances(Balances((held,), harness.clock.wall, "poll"))
    assert card(harness).notes.leaves_out.text() == "Assets at zero are not listed."
    harness.account("w1").show_balances(Balances((), harness.clock.wall, "poll"))
    assert not card(harness).notes.leaves_out.isVisible(), "no list"


_PLAIN = (Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)


def _over_many_rows(harness: WindowHarness, width: int, height: int) -> tuple[BalancesTable, ScrollPage]:
    """The table of a hundred assets, with its end at the end of what is shown of its page."""
    many = tuple(Holding(f"A{n:04}", Decimal(n), Decimal(n)) for n in range(1, 101))
    harness.account("w1").show_balances(Balances(many, harness.clock.wall, "poll"))
    harness.window.resize(width, height)
    pane = harness.contents.pages.pane
    assert pane is not None
    laid_out()
    table, page = pane.balances.table, pane.page
    content = page.widget()
    assert content is not None
    end = table.mapTo(content, QPoint(0, table.height())).y()
    page.verticalScrollBar().setValue(end - page.viewport().height())
    return table, page


def _turn(window: QWindow, place: QPoint) -> None:
    """Turn the wheel down by a step over a place of the window, as a mouse does."""
    QTest.wheelEvent(window, place, QPoint(0, -120))


def test_a_wheel_that_scrolls_the_page_goes_on_with_it_until_the_mouse_moves(harness: WindowHarness) -> None:
    (table, page), window = _over_many_rows(harness, 1000, 800), harness.window
    handle = window.windowHandle()
    before = page.verticalScrollBar().value()
    over_page = table.heads.mapTo(window, QPoint(60, -20))
    _turn(handle, over_page)
    assert page.verticalScrollBar().value() > before
    assert table.viewport().rect().contains(table.viewport().mapFrom(window, over_page)), "now it is over the rows"
    moved = page.verticalScrollBar().value()
    _turn(handle, over_page)
    assert page.verticalScrollBar().value() > moved
    assert table.verticalScrollBar().value() == 0
    moved = page.verticalScrollBar().value()
    _turn(handle, table.viewport().mapTo(window, QPoint(90, 40)))
    assert table.verticalScrollBar().value() > 0, "the mouse was moved"
    assert page.verticalScrollBar().value() == moved


def test_a_wheel_over_a_table_with_an_end_out_of_sight_shows_that_end_first(harness: WindowHarness) -> None:
    (table, page), window = _over_many_rows(harness, 640, 420), harness.window
    handle, bar, rows = window.windowHandle(), page.verticalScrollBar(), table.verticalScrollBar()
    shown = bar.value()
    bar.setValue(shown - 40)
    middle = page.viewport().mapTo(window, page.viewport().rect().center())
    _turn(handle, middle)
    assert (bar.value() >= shown, rows.value()) == (True, 0)
    _turn(handle, middle + QPoint(5, 0))
    assert rows.value() > 0, "its end is seen"
    before = (bar.value(), rows.value())
    QTest.wheelEvent(handle, middle + QPoint(10, 0), QPoint(0, 120))
    assert bar.value() < before[0], "its head is not"
    assert rows.value() == before[1]


def test_a_wheel_that_rested_scrolls_what_is_under_the_mouse(harness: WindowHarness, qtbot: QtBot) -> None:
    table, page = _over_many_rows(harness, 1000, 800)
    handle = harness.window.windowHandle()
    place = table.heads.mapTo(harness.window, QPoint(60, -20))
    _turn(handle, place)
    where = QPointF(handle.mapToGlobal(place))
    step = QWheelEvent(QPointF(place), where, QPoint(), QPoint(0, -120), *_PLAIN)
    assert page.wheel.is_held(step)
    qtbot.waitUntil(lambda: not page.wheel.is_held(step))
    moved = page.verticalScrollBar().value()
    _turn(handle, place)
    assert table.verticalScrollBar().value() > 0
    assert page.verticalScrollBar().value() == moved


def test_the_column_of_a_large_window_stays_readable_and_in_the_middle(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.window.resize(2200, 1000)
    pane = harness.contents.pages.pane
    assert pane is not None
    qtbot.waitUntil(lambda: pane.width() > 1900 and 800 < pane.balances.width() <= 1100)
    left = pane.panel.mapTo(pane, QPoint(0, 0)).x()
    right = pane.balances.mapTo(pane, QPoint(pane.balances.width(), 0)).x()
    assert abs(left - (pane.width() - right)) <= 2
    assert pane.header.mapTo(pane, QPoint(0, 0)).x() == left


def test_a_changed_figure_lights_up_its_cell_only(harness: WindowHarness, qtbot: QtBot) -> None:
    theme().allow_motion(allowed=True)
    try:
        snapshot = holdings(harness.clock)
        rows = list(snapshot.holdings)
        rows[1] = msgspec.structs.replace(rows[1], total=Decimal("40.48"))
        harness.account("w1").show_balances(replace(snapshot, holdings=tuple(rows)))
        assert card(harness).model.changed_cells == {(1, Column.IN_USE), (1, Column.TOTAL)}
        table = card(harness).table
        lit = table.proxy.mapFromSource(card(harness).model.index(1, Column.TOTAL))
        dark = table.proxy.mapFromSource(card(harness).model.index(0, Column.TOTAL))
        assert table.glow(lit) > 0
        assert table.glow(dark) == 0
        qtbot.waitUntil(lambda: table.glow(lit) == 0, timeout=2000)
    finally:
        theme().allow_motion(None)


def test_the_first_snapshot_and_an_equal_one_light_up_nothing(harness: WindowHarness) -> None:
    assert not card(harness).model.changed_cells
    harness.account("w1").show_balances(holdings(harness.clock))
    assert not card(harness).model.changed_cells


def test_it_says_where_the_figures_come_from_and_how_old_they_are(harness: WindowHarness) -> None:
    assert "Polled, as of " in visible_texts(card(harness))
    assert "Collateral and Earn are not included." in visible_texts(card(harness))
    harness.account("w1").show_balances(replace(holdings(harness.clock), source="push"))
    said = visible_texts(card(harness))
    assert f"Live, as of {clock_time(holdings(harness.clock).taken)}" in said
    assert "Polled" not in said
    harness.account("w1").show_balances(replace(holdings(harness.clock), failure=WHY))
    harness.tick(300)
    said = visible_texts(card(harness))
    assert "5\u00a0min ago" in said
    assert WHY.happened in said
    assert card(harness).table.stale


def test_figures_of_a_stream_are_shown_at_the_next_second_also_after_the_pane_was_left(harness: WindowHarness) -> None:
    account, live = harness.account("w1"), replace(holdings(harness.clock), source="push")
    account.show_balances(live)
    held = live.holdings[1:]
    account.show_balances(replace(live, holdings=held))
    harness.tick()
    assert len(card(harness).model.rows) == len(held)
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.hide()
    account.show_balances(replace(live, holdings=held[1:]))
    assert len(card(harness).model.rows) == len(held)
    pane.show()
    assert len(card(harness).model.rows) == len(held) - 1


def test_storage_is_shown_in_words_and_exact(harness: WindowHarness) -> None:
    harness.active("b1").show_balances(storage(harness.clock))
    harness.contents.open("b1")
    said = visible_texts(card(harness))
    assert "730.2 GB" in said
    assert "730239834821" in "".join(c for c in said if c.isdigit() or c == "\n")
    assert not card(harness).table.isVisible()
    assert card(harness).storage.bar.share == pytest.approx(0.68, abs=0.01)


def test_storage_without_figures_is_a_dash_and_no_crash(harness: WindowHarness) -> None:
    harness.active("b1").show_balances(Balances((), harness.clock.wall, "poll", storage=Storage(None, None, None)))
    harness.contents.open("b1")
    assert "–" in visible_texts(card(harness))


@pytest.mark.security("S99")
def test_privacy_mode_hides_every_amount(harness: WindowHarness) -> None:
    harness.active("b1").show_balances(storage(harness.clock))
    for id, secret in (("w1", "1100"), ("b1", "730.2")):
        harness.contents.pages.hide_amounts(private=False)
        harness.contents.open(id)
        harness.contents.pages.hide_amounts(private=True)
        model = card(harness).model
        cells = [str(model.index(r, c).data(role)) for r in range(len(model.rows)) for c in AMOUNTS for role in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)]  # fmt: skip
        assert all(cell == HIDDEN for cell in cells)
        assert not any(secret in text for text in shown_texts(harness.window))


def test_columns_show_whole_figures_wherever_there_is_room(harness: WindowHarness) -> None:
    table = card(harness).table
    for at in AMOUNTS:
        assert table.columnWidth(at) >= table.width_of(at)
        for row in range(table.proxy.rowCount()):
            assert drawn_width(table, table.proxy.index(row, at).data()) <= table.columnWidth(at) - 16


def test_eighteen_decimals_in_every_column_are_seen_without_scrolling(harness: WindowHarness) -> None:
    rows = [
        Holding("ETH", Decimal("6.628665130196600619"), Decimal("7.428665130196600620"), "Spot"),
        Holding("USDT", Decimal("22386.63"), Decimal("26486.63"), "Spot"),
    ]
    harness.account("w1").show_balances(Balances(tuple(rows), harness.clock.wall, "poll"))
    table = card(harness).table
    assert table.horizontalScrollBar().maximum() == 0
    for column in AMOUNTS:
        if not table.isColumnHidden(column):
            assert drawn_width(table, table.proxy.index(0, column).data()) <= table.columnWidth(column) - 16


def test_long_names_are_short_here_and_never_read_alike(harness: WindowHarness) -> None:
    """Report 3: the whole name is in the tooltip, and finds its row."""
    alike = [f"eip155:42161/erc20:0xFF00{middle}000000000000000000" for middle in ("1", "2", "3")]
    model = BalancesModel()
    model.show([Holding(name, None, Decimal(1)) for name in (*alike, "BTC")])
    shown = [model.index(at, Column.ASSET).data() for at in range(4)]
    assert len(set(shown)) == 4
    assert all(len(text) <= 28 for text in shown)
    assert shown[3] == "BTC"
    assert model.index(1, Column.ASSET).data(Qt.ItemDataRole.ToolTipRole) == alike[1]
    order = BalancesProxyModel(model)
    order.find("0xFF002")
    assert order.rowCount() == 1


@pytest.mark.parametrize("remark", ["shared", "borrowed"])
def test_a_row_says_why_it_has_no_available_amount(harness: WindowHarness, remark: Remark) -> None:
    row = Holding("BTC", None, Decimal("0.1"), remark=remark)
    snapshot = holdings(harness.clock)
    harness.account("w1").show_balances(replace(snapshot, holdings=(row, *snapshot.holdings)))
    model = card(harness).model
    cell = model.index(0, Column.IN_USE)
    assert (cell.data(), model.index(0, Column.AVAILABLE).data()) == (remark, "–")
    assert len(cell.data(Qt.ItemDataRole.ToolTipRole)) > len(remark)
    card(harness).hide_amounts(True)
    assert model.index(0, Column.TOTAL).data() == HIDDEN


def test_what_was_left_out_is_said_with_its_count(harness: WindowHarness) -> None:
    assert not card(harness).notes.left_out.text()
    harness.account("w1").show_balances(replace(holdings(harness.clock), left_out=LeftOut(unread=1)))
    assert "1 row could not be read" in visible_texts(card(harness))
    left_out = replace(holdings(harness.clock), holdings=(), left_out=LeftOut(unread=3, beyond=12))
    harness.account("w1").show_balances(left_out)
    said = visible_texts(card(harness))
    assert "3 rows could not be read" in said
    assert "12 rows are beyond" in said
    assert "holds nothing" not in said


def test_the_row_under_a_mouse_that_rests_is_the_hovered_one_though_rows_move(
    harness: WindowHarness, qtbot: QtBot
) -> None:
    table, page = _over_many_rows(harness, 1000, 800)
    QTest.mouseMove(harness.window, table.viewport().mapTo(harness.window, QPoint(60, 60)))
    qtbot.waitUntil(lambda: table.hovered == table.rowAt(60))
    page.verticalScrollBar().setValue(page.verticalScrollBar().value() - 40)
    qtbot.waitUntil(lambda: table.hovered == table.rowAt(20))
    QTest.mouseMove(harness.window, QPoint(1, 1))
    qtbot.waitUntil(lambda: table.hovered == -1)
