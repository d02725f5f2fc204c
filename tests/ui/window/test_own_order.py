"""The person's own order: menu, keys and mouse, in the sidebar, on the overview and in the tray."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.accounts_file import AccountsFile
from keyrack.core.accounts.state import Reason
from keyrack.ui.actions.account_menu import AccountMenu
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.tray_menu import FLAT
from keyrack.ui.widgets.controls import Text
from keyrack.ui.window.entries.sidebar_entry import AccountEntry
from tests.ui.harness import ACCOUNTS, WindowHarness, button, make_harness, seen

AS_ADDED = ["p1", "p2", "b1", "b2", "w1", "w2"]


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id)
    made.window.resize(1000, 900)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


def entry(harness: WindowHarness, id: str) -> AccountEntry:
    return next(each for each in harness.contents.sidebar.list.entries() if each.id == id)


def in_sidebar(harness: WindowHarness) -> list[str]:
    """The ids as they stand, from above."""
    QApplication.processEvents()
    entries = harness.contents.sidebar.list.entries()
    assert sorted(entries, key=QWidget.y) == entries
    return [each.id for each in entries]


def on_overview(harness: WindowHarness) -> list[str]:
    cards = harness.contents.pages.overview.cards
    return sorted(cards, key=lambda id: (cards[id].y(), cards[id].x()))


def menu_of(widget: QWidget) -> AccountMenu:
    place = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, AccountMenu)
    return menu


def choose(menu: AccountMenu, name: str) -> None:
    action = next(each for each in menu.actions() if each.objectName() == f"account_menu_{name}")
    assert action.isEnabled()
    menu.close()
    action.trigger()


def possible(menu: AccountMenu) -> set[str]:
    found = {each.objectName().removeprefix("account_menu_") for each in menu.actions() if each.isEnabled()}
    menu.close()
    return found - {""}


def move_by_key(harness: WindowHarness, key: Qt.Key) -> None:
    held = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(harness.window, key, held)


def drag(widget: QWidget, target: QWidget, place: QPoint) -> None:
    """Press, move and release the mouse as a person does."""
    start = widget.rect().center()
    end = widget.mapFromGlobal(target.mapToGlobal(place))
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(widget, start + (end - start) * share)
        QApplication.processEvents()
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end)
    QApplication.processEvents()


@pytest.mark.parametrize("place", ["sidebar", "card", "line"])
def test_the_menu_pins_and_both_lists_follow(harness: WindowHarness, place: str) -> None:
    overview = harness.contents.pages.overview
    if place == "line":
        overview.head.list.click()
    widgets = {"sidebar": entry(harness, "w1"), "card": overview.cards.get("w1"), "line": overview.lines.get("w1")}
    widget = widgets[place]
    assert widget is not None
    choose(menu_of(widget), "pin")
    assert in_sidebar(harness) == ["w1", "p1", "p2", "b1", "b2", "w2"]
    overview.head.cards.click()
    assert on_overview(harness) == in_sidebar(harness)
    assert "Pinned" in [label.text() for label in harness.contents.sidebar.findChildren(Text)]
    choose(menu_of(entry(harness, "w1")), "pin")
    assert in_sidebar(harness) == ["p1", "p2", "b1", "b2", "w1", "w2"]


def test_the_order_is_there_again_after_a_restart(harness: WindowHarness, tmp_path: Path) -> None:
    choose(menu_of(entry(harness, "w2")), "pin")
    choose(menu_of(entry(harness, "b2")), "up")
    stored = AccountsFile(tmp_path / "config").load()
    again = make_harness(tmp_path, tuple(stored))
    assert in_sidebar(again) == in_sidebar(harness) == ["w2", "p1", "p2", "b2", "b1", "w1"]


def test_the_menu_offers_what_is_possible_now(harness: WindowHarness) -> None:
    always = {"select", "open", "pin", "edit", "trash"}
    assert possible(menu_of(entry(harness, "p1"))) == always | {"copy", "refresh", "sign-out", "down"}
    assert possible(menu_of(entry(harness, "w2"))) == always | {"copy", "refresh", "sign-out", "up"}
    harness.signed_out("b1", Reason.REFRESH_EXPIRED)
    assert possible(menu_of(entry(harness, "b1"))) == always | {"sign-in", "up", "down"}


async def test_the_menu_copies(harness: WindowHarness) -> None:
    choose(menu_of(entry(harness, "w1")), "copy")
    await seen(lambda: harness.clipboard.owner == "w1")


def test_the_menu_opens_the_forms_of_the_pane(harness: WindowHarness) -> None:
    choose(menu_of(harness.contents.pages.overview.cards["b1"]), "edit")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "b1"
    focus = harness.window.focusWidget()
    assert focus is not None
    assert focus.objectName() == "field_name"


def test_keys_move_the_account_that_has_the_focus(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    cards["p2"].setFocus(Qt.FocusReason.TabFocusReason)
    move_by_key(harness, Qt.Key.Key_Up)
    assert in_sidebar(harness) == ["p2", "p1", "b1", "b2", "w1", "w2"]
    assert cards["p2"].hasFocus()
    entry(harness, "b2").setFocus(Qt.FocusReason.TabFocusReason)
    move_by_key(harness, Qt.Key.Key_Down)
    assert in_sidebar(harness) == ["p2", "p1", "w1", "w2", "b1", "b2"], "the last one takes its exchange with it"
    assert entry(harness, "b2").hasFocus()
    assert on_overview(harness) == in_sidebar(harness)


def test_keys_move_the_account_whose_pane_is_open(harness: WindowHarness) -> None:
    harness.contents.open("w2")
    move_by_key(harness, Qt.Key.Key_Up)
    assert in_sidebar(harness) == ["p1", "p2", "b1", "b2", "w2", "w1"]


def test_moving_makes_no_entry_anew(harness: WindowHarness) -> None:
    before = {id: entry(harness, id) for id in AS_ADDED}
    entry(harness, "w2").setFocus(Qt.FocusReason.TabFocusReason)
    for _ in range(4):
        move_by_key(harness, Qt.Key.Key_Up)
    assert in_sidebar(harness) == ["w2", "w1", "p1", "p2", "b1", "b2"]
    assert {id: entry(harness, id) for id in AS_ADDED} == before


def test_the_mouse_drags_an_entry_of_the_sidebar(harness: WindowHarness) -> None:
    target = entry(harness, "w1")
    drag(entry(harness, "w2"), target, QPoint(30, 4))
    assert in_sidebar(harness) == ["p1", "p2", "b1", "b2", "w2", "w1"]
    assert harness.contents.pages.pane is None, "a drag is no press"
    lines = [each for each in harness.window.findChildren(QFrame) if each.property("role") == "dropline"]
    assert [line.isVisible() for line in lines] == [False]


def test_the_mouse_drags_a_card(harness: WindowHarness) -> None:
    cards = harness.contents.pages.overview.cards
    target = cards["b1"]
    drag(cards["b2"], target, QPoint(8, target.height() // 2))
    assert on_overview(harness) == ["p1", "p2", "b2", "b1", "w1", "w2"]
    assert harness.contents.pages.pane is None


def test_a_press_that_hardly_moves_is_a_press(harness: WindowHarness) -> None:
    card = harness.contents.pages.overview.cards["b1"]
    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    QTest.mouseMove(card, QPoint(32, 31))
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=QPoint(32, 31))
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "b1"


def test_nothing_moves_while_locked(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=True)
    move_by_key(harness, Qt.Key.Key_Up)
    drag(entry(harness, "w2"), entry(harness, "w1"), QPoint(30, 4))
    assert in_sidebar(harness) == AS_ADDED
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(entry(harness, "w1"), event)
    assert QApplication.activePopupWidget() is None


def test_an_order_that_cannot_be_stored_is_said(harness: WindowHarness, tmp_path: Path) -> None:
    file = tmp_path / "config" / "accounts.json"
    file.unlink()
    file.mkdir()
    (file / "taken").touch()
    choose(menu_of(entry(harness, "w2")), "up")
    assert in_sidebar(harness) == AS_ADDED
    assert str(file) in harness.contents.notice.banner.text.text()


async def test_the_tray_has_the_order_and_the_pinned_ones(qtbot: QtBot, tmp_path: Path) -> None:
    settings = tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(FLAT + 10))
    many = make_harness(tmp_path, settings)
    qtbot.addWidget(many.window)
    frontend = Frontend(many.window, many.rack)
    try:
        for id in ("m20", "m22"):
            many.actions.arranging.pin(many.account(id), pinned=True)
        entries = frontend.entries()
        assert [each.id for each in entries[:3]] == ["m20", "m22", "m0"]
        assert [each.id for each in entries if each.pinned] == ["m20", "m22"]
        titles = [action.text() for action in frontend.tray.menu.actions() if action.menu() is not None]
        assert titles[:2] == ["Desk 20 · opening", "Desk 22 · opening"]
        many.actions.arranging.pin(many.account("m20"), pinned=False)
        assert [each.id for each in frontend.entries() if each.pinned] == ["m22"]
    finally:
        await frontend.close()


def test_a_card_that_is_dragged_away_and_back_is_not_opened(harness: WindowHarness) -> None:
    card = harness.contents.pages.overview.cards["b1"]
    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    for place in (QPoint(200, 160), QPoint(32, 31)):
        QTest.mouseMove(card, place)
        QApplication.processEvents()
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=QPoint(32, 31))
    assert harness.contents.pages.pane is None
    assert in_sidebar(harness) == AS_ADDED


def test_lines_that_are_sorted_by_a_column_are_not_dragged(harness: WindowHarness) -> None:
    overview = harness.contents.pages.overview
    overview.head.list.click()
    button(harness, "sort:left").click()
    QApplication.processEvents()
    first, last = overview.lines["p1"], overview.lines["w2"]
    QTest.mousePress(first, Qt.MouseButton.LeftButton, pos=QPoint(30, 20))
    QTest.mouseMove(first, first.mapFromGlobal(last.mapToGlobal(QPoint(30, 20))))
    QApplication.processEvents()
    assert not [line for line in overview.findChildren(QFrame) if line.property("role") == "dropline"]
    QTest.mouseRelease(first, Qt.MouseButton.LeftButton, pos=QPoint(-30, -20))
    assert in_sidebar(harness) == AS_ADDED
    assert overview.titles.column == "left"


@pytest.mark.parametrize("place", ["sidebar", "line"])
def test_the_line_stands_where_a_dragged_account_lands(harness: WindowHarness, place: str) -> None:
    overview = harness.contents.pages.overview
    if place == "line":
        overview.head.list.click()
        QApplication.processEvents()
    area: QWidget = harness.contents.sidebar if place == "sidebar" else overview
    widgets = {id: entry(harness, id) if place == "sidebar" else overview.lines[id] for id in AS_ADDED}
    moved, first = widgets["w1"], widgets["p1"]
    QTest.mousePress(moved, Qt.MouseButton.LeftButton, pos=QPoint(30, 10))
    for y in (-30, first.height() - 4):
        QTest.mouseMove(moved, moved.mapFromGlobal(first.mapToGlobal(QPoint(30, y))))
        QApplication.processEvents()
    line = next(each for each in area.findChildren(QFrame) if each.property("role") == "dropline")
    assert line.isVisible()
    assert line.y() > widgets["p2"].geometry().bottom(), "ProBit stays together"
    QTest.mouseRelease(moved, Qt.MouseButton.LeftButton, pos=QPoint(-60, -60))
    assert in_sidebar(harness) == ["p1", "p2", "w1", "w2", "b1", "b2"]
