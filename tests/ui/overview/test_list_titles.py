"""The titles above the list: they stand over their columns, and each press sorts anew."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.ui.overview.list_titles import Column, ColumnTitle
from keyrack.ui.overview.overview import Overview
from keyrack.ui.screen_reader import accessible_face
from keyrack.ui.theme.metrics import GRID
from keyrack.ui.theme.theme import theme
from tests.ui.harness import ACCOUNTS, WindowHarness, button, holdings, make_harness
from tests.ui.history.past import priced

OWN = ("p1", "p2", "b1", "b2", "w1", "w2")


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    accessible_face.install()


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    for left, id in enumerate(OWN, 1):
        made.active(id, token=made.token(left=300.0 - 40 * left))
    made.signed_out("b2", Reason.REFRESH_EXPIRED)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    button(made, "layout_list").click()
    return made


def overview(harness: WindowHarness) -> Overview:
    return harness.contents.pages.overview


def from_above(harness: WindowHarness) -> tuple[str, ...]:
    lines = overview(harness).lines
    return tuple(sorted(lines, key=lambda id: lines[id].y()))


def names(harness: WindowHarness) -> list[str]:
    return [harness.account(id).settings.name for id in from_above(harness)]


def test_each_title_stands_over_its_column(harness: WindowHarness) -> None:
    def left_and_right(widget: QWidget) -> tuple[int, int]:
        x, around = widget.mapTo(harness.window, QPoint()).x(), GRID if isinstance(widget, ColumnTitle) else 0
        return x + around, x + widget.width() - around

    QApplication.processEvents()
    titles, line = overview(harness).titles.titles, overview(harness).lines["p1"]
    assert left_and_right(titles["left"]) == left_and_right(line.time)
    assert left_and_right(titles["next"])[0] == left_and_right(line.next)[0]
    assert left_and_right(titles["account"])[0] == left_and_right(line.name)[0]
    assert not titles["account"].isHidden()
    button(harness, "layout_cards").click()
    assert not overview(harness).titles.isVisible(), "cards have no columns"


@pytest.mark.parametrize("column", ["account", "left", "value", "next"])
def test_the_ring_of_a_title_touches_no_letter(harness: WindowHarness, column: Column) -> None:
    title = overview(harness).titles.titles[column]
    without = title.grab().toImage()
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_F35)
    title.setFocus(Qt.FocusReason.TabFocusReason)
    by_key = title.grab().toImage()
    places = [(x, y) for x in range(by_key.width()) for y in range(by_key.height())]
    ground = without.pixel(without.width() // 2, 0)
    letters = {(x, y) for x, y in places if without.pixel(x, y) != ground}
    ring = {(x, y) for x, y in places if by_key.pixel(x, y) != without.pixel(x, y)}
    assert letters
    assert ring
    assert not ring & {(x + by, y) for x, y in letters for by in (-1, 0, 1)}


def test_a_press_sorts_the_next_turns_and_the_third_restores(harness: WindowHarness) -> None:
    by_name = sorted(harness.account(id).settings.name for id in OWN)
    button(harness, "sort:account").click()
    assert names(harness) == by_name
    button(harness, "sort:account").click()
    assert names(harness) == by_name[::-1]
    button(harness, "sort:account").click()
    assert from_above(harness) == OWN


def test_what_has_nothing_in_a_column_comes_last_both_ways(harness: WindowHarness) -> None:
    button(harness, "sort:left").click()
    assert from_above(harness) == ("w2", "w1", "b1", "p2", "p1", "b2")
    button(harness, "sort:left").click()
    assert from_above(harness) == ("p1", "p2", "b1", "w1", "w2", "b2")
    button(harness, "sort:next").click()
    assert from_above(harness)[0] == "b2", "it needs its person"


def test_a_renewed_token_finds_its_place(harness: WindowHarness) -> None:
    button(harness, "sort:left").click()
    harness.active("w2", token=harness.token(left=299.0))
    harness.tick()
    assert from_above(harness) == ("w1", "b1", "p2", "p1", "w2", "b2")


def test_whoever_moves_an_account_sees_the_own_order(harness: WindowHarness) -> None:
    button(harness, "sort:left").click()
    harness.actions.arranging.move(harness.account("w2"), -1)
    assert from_above(harness) == ("p1", "p2", "b1", "b2", "w2", "w1")
    assert overview(harness).titles.column == ""


def test_a_pinned_account_stands_first_in_every_order_and_ends_none(harness: WindowHarness) -> None:
    button(harness, "sort:left").click()
    harness.actions.arranging.pin(harness.account("p2"), pinned=True)
    assert from_above(harness) == ("p2", "w2", "w1", "b1", "p1", "b2")
    assert overview(harness).titles.column == "left"
    button(harness, "sort:left").click()
    assert from_above(harness) == ("p2", "p1", "b1", "w1", "w2", "b2")


def test_equal_ones_stand_by_name_in_both_directions_and_the_highest_value_first(harness: WindowHarness) -> None:
    for id in OWN:
        harness.active(id, token=harness.token(left=200.0))
    by_name = sorted(harness.account(id).settings.name for id in OWN)
    for _turn in range(2):
        button(harness, "sort:left").click()
        assert names(harness) == by_name
    button(harness, "sort:value").click()
    assert overview(harness).titles.titles["value"].accessibleDescription() == "Sorted descending"
    button(harness, "sort:value").click()
    assert overview(harness).titles.titles["value"].accessibleDescription() == "Sorted ascending"
    button(harness, "sort:value").click()
    assert from_above(harness) == OWN


def test_a_line_that_moves_away_from_the_mouse_leaves_it(harness: WindowHarness) -> None:
    line, entry = overview(harness).lines["w2"], harness.contents.sidebar.list.made["w2"]
    for each in (line, entry):
        QTest.mouseMove(each, QPoint(20, 12))
        QApplication.processEvents()
        assert each.underMouse()
        harness.actions.arranging.pin(harness.account("w2"), pinned=each is line)
        assert not each.underMouse()
    assert line.copy is not None
    assert not line.copy.isVisible()


def test_a_value_has_the_room_that_there_is(harness: WindowHarness) -> None:
    """Beside the other columns, and below the time where it has no column."""
    line = overview(harness).lines["w1"]
    harness.account("w1").show_balances(holdings(harness.clock))
    known = harness.rack.totals.prices.site_prices(harness.account("w1"))
    known.known = priced(known.known.how, harness.clock.wall)
    harness.tick()
    QApplication.processEvents()
    assert line.value.text()
    assert not line.value.text_is_cut
    overview(harness).setFixedWidth(theme().px(420))
    QApplication.processEvents()
    titles = overview(harness).titles.titles
    assert not line.value.isVisible()
    assert line.value_below.isVisible()
    assert not line.value_below.text_is_cut
    assert line.value_below.geometry().right() == line.time.geometry().right()
    assert not titles["value"].isVisible()


@pytest.mark.parametrize("width", [400, 440, 466, 490, 544, 640, 700])
def test_a_value_of_six_places_is_whole_at_every_width(harness: WindowHarness, width: int) -> None:
    line = overview(harness).lines["w1"]
    overview(harness).setFixedWidth(width)
    QApplication.processEvents()
    shown = next(figure for figure in (line.value, line.value_below) if figure.isVisible())
    shown.setText("≈\u00a0222\u202f066.43 USDT")
    assert not shown.text_is_cut
    assert not line.name.text_is_cut


def test_where_what_is_next_has_no_column_it_says_what_matters_all_the_same(harness: WindowHarness) -> None:
    """In place of the exchange, and only of accounts in trouble."""
    lines = overview(harness).lines
    harness.waiting("w2")
    overview(harness).setFixedWidth(theme().px(544))  # of a window of 640 beside the narrow sidebar
    QApplication.processEvents()
    assert not lines["b2"].next.isVisible()
    told = {id: (lines[id].about.text(), lines[id].about.property("tone")) for id in ("p1", "b2", "w2")}
    assert told["p1"] == ("ProBit  ·  Global", "")
    assert told["b2"] == ("Sign in needed", "urgent")
    assert told["w2"] == ("Waiting for the browser", "accent")
    assert not lines["w2"].about.text_is_cut
    harness.active("b2", token=harness.token(left=50.0))
    assert lines["b2"].about.property("tone") == "soon"
    overview(harness).setFixedWidth(theme().px(800))
    QApplication.processEvents()
    assert lines["w2"].next.isVisible()
    assert (lines["w2"].about.text(), lines["w2"].about.property("tone")) == ("WhiteBIT  ·  EU", "")


def test_a_line_tells_a_screen_reader_what_it_shows_to_the_minute(harness: WindowHarness) -> None:
    """When it is asked. No event tells of the minutes, of which the entry of the sidebar tells."""
    harness.active("w1", token=harness.token(left=170.0))
    harness.account("w1").show_balances(holdings(harness.clock))
    known = harness.rack.totals.prices.site_prices(harness.account("w1"))
    known.known = priced(known.known.how, harness.clock.wall)
    harness.tick()
    lines = overview(harness).lines

    def told(id: str) -> str:
        return QAccessible.queryAccessibleInterface(lines[id]).text(QAccessible.Text.Description)

    value = lines["w1"].value.text()
    assert value.endswith(" USDT")
    assert told("w1") == f"Fresh, 3 minutes left. {value}. Renews in 2 minutes. WhiteBIT, Global."
    for _ in range(60):
        harness.tick()
    assert told("w1") == f"Fresh, 2 minutes left. {value}. Renews in 1 minute. WhiteBIT, Global."
    assert lines["w1"].accessibleDescription() == "Fresh"
    button(harness, "hide_amounts").click()
    assert told("w1") == "Fresh, 2 minutes left. Renews in 1 minute. WhiteBIT, Global."
    assert told("b2") == "Sign in needed. Bitport."


def test_tab_reaches_the_layout_that_is_chosen_and_arrows_choose_the_other(harness: WindowHarness) -> None:
    head = overview(harness).head

    def reached() -> str:
        head.refresh_all.setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(head.refresh_all, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        return focused.objectName()

    assert reached() == "layout_list"
    QTest.keyClick(head.list, Qt.Key.Key_Left)
    assert (head.cards.isChecked(), head.cards.hasFocus()) == (True, True)
    assert reached() == "layout_cards"
    head.list.click()
    assert reached() == "layout_list"


def test_titles_are_reached_and_pressed_by_the_keyboard(harness: WindowHarness) -> None:
    title = overview(harness).titles.titles["account"]
    title.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(title, Qt.Key.Key_Return)
    assert names(harness) == sorted(names(harness))
    assert (title.accessibleName(), title.accessibleDescription()) == ("Account", "Sorted ascending")
    QAccessible.setActive(True)
    spoken = QAccessible.queryAccessibleInterface(title)
    for told in ("Sorted descending", "Sort by this"):
        QTest.keyClick(title, Qt.Key.Key_Space)
        assert spoken.text(QAccessible.Text.Description) == told


def test_lines_glide_to_a_new_order_where_motion_is_allowed(harness: WindowHarness, qtbot: QtBot) -> None:
    line = overview(harness).lines["w2"]
    before = line.y()
    theme().allow_motion(allowed=True)
    try:
        button(harness, "sort:left").click()
        assert line.y() == before, "it is on its way"
        qtbot.waitUntil(lambda: from_above(harness)[0] == "w2" and line.y() == 0)
        button(harness, "sort:left").click()
        harness.window.resize(harness.window.width() - 40, harness.window.height())
        QApplication.processEvents()
        assert from_above(harness)[0] == "p1", "another size ends it"
    finally:
        theme().allow_motion(allowed=False)
    button(harness, "sort:account").click()
    assert names(harness) == sorted(names(harness)), "at once"


def test_a_press_shows_the_new_order_from_its_beginning(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.window.resize(1000, 420)
    bar = overview(harness).grid.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    button(harness, "sort:left").click()
    assert bar.value() == 0


def test_whoever_sorts_by_a_key_finds_the_account_they_were_at(qtbot: QtBot, tmp_path: Path) -> None:
    """However far away it stands in the other order."""
    many = make_harness(tmp_path, tuple(replace(ACCOUNTS[4], id=f"m{at:02}", name=f"Desk {at:02}") for at in range(90)))
    qtbot.addWidget(many.window)
    many.window.show()
    many.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is many.window)
    button(many, "layout_list").click()
    grid, title = overview(many).grid, overview(many).titles.titles["account"]
    grid.enter("m01")
    title.setFocus(Qt.FocusReason.TabFocusReason)
    for _turn in range(3):
        QTest.keyClick(title, Qt.Key.Key_Space)
        assert grid.items["m01"] in grid.seen()
        assert grid.stop == "m01"
    assert title.hasFocus()


def test_whoever_sorts_by_a_key_sees_what_they_have_selected(harness: WindowHarness, qtbot: QtBot) -> None:
    grid, title = overview(harness).grid, overview(harness).titles.titles["left"]
    harness.window.resize(1000, 420)
    qtbot.waitUntil(lambda: grid.verticalScrollBar().maximum() > 0)
    harness.actions.selection.choose(("p1",))
    title.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(title, Qt.Key.Key_Space)
    assert from_above(harness)[-2] == "p1"
    assert grid.items["p1"] in grid.seen()
    assert harness.actions.selection.accounts() == (harness.account("p1"),)
