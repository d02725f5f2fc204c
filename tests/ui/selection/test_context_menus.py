"""The menu that a right click, the menu key or Shift+F10 opens, wherever a person would look for one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.ui.account.activity_card import ActivityCard
from keyrack.ui.actions.account_menu import AccountMenu
from keyrack.ui.help.activity_page import ActivityPage
from keyrack.ui.moving.moving_page import MovingPage
from keyrack.ui.selection.account_menus import SelectionMenu
from keyrack.ui.selection.ground_menu import GroundMenu
from tests.ui.harness import ACCOUNTS, REDIRECT, WindowHarness, in_front, make_harness, seen, visible_texts

MOUSE, KEYBOARD = QContextMenuEvent.Reason.Mouse, QContextMenuEvent.Reason.Keyboard
KEYED = Settings("k1", "Trading key", "whitebit-fast-key", "global", "fast_api_key", "sample", REDIRECT)


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowHarness]:
    made = in_front(qtbot, tmp_path)
    for account in made.rack.accounts:
        made.active(account.id)
    made.contents.pages.show_overview()
    yield made
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.hide()


def ask(widget: QWidget, place: QPoint | None = None, reason: QContextMenuEvent.Reason = MOUSE) -> QMenu:
    """Ask a widget for its menu as Qt does, and return the menu that opens."""
    here = place or widget.rect().center()
    QApplication.sendEvent(widget, QContextMenuEvent(reason, here, widget.mapToGlobal(here)))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entry(menu: QMenu, name: str) -> QAction:
    return next(each for each in menu.actions() if each.objectName() == f"{menu.objectName()}_{name}")


def names(menu: QMenu) -> list[str]:
    found = [each.objectName().removeprefix(f"{menu.objectName()}_") for each in menu.actions()]
    return [name for name in found if name]


def in_sidebar(harness: WindowHarness, id: str) -> QWidget:
    (found,) = harness.contents.sidebar.findChildren(QWidget, f"account:{id}")
    return found


def on_overview(harness: WindowHarness, id: str) -> QWidget:
    return harness.contents.pages.overview.grid.items[id]


@pytest.mark.parametrize("place", ["sidebar", "cards", "list"])
@pytest.mark.parametrize("reason", [MOUSE, KEYBOARD], ids=["mouse", "key"])
def test_on_the_selection_it_is_for_all_and_outside_for_one(
    harness: WindowHarness, place: str, reason: QContextMenuEvent.Reason
) -> None:
    if place == "list":
        harness.contents.pages.overview.head.list.click()
    where = in_sidebar if place == "sidebar" else on_overview
    harness.actions.selection.choose(("p1", "w1"))
    menu = ask(where(harness, "w1"), reason=reason)
    assert isinstance(menu, SelectionMenu)
    assert entry(menu, "title").text() == "2 accounts selected"
    menu.hide()
    menu = ask(where(harness, "b1"), reason=reason)
    assert isinstance(menu, AccountMenu)
    assert len(harness.actions.selection) == 2, "it is still there"
    entry(menu, "select").trigger()
    assert [each.id for each in harness.actions.selection.accounts()] == ["p1", "b1", "w1"]


def test_the_menu_offers_what_fits_and_counts_it(harness: WindowHarness) -> None:
    harness.signed_out("p1")
    harness.signed_out("w2")
    harness.actions.arranging.pin(harness.account("p2"), pinned=True)
    harness.actions.selection.choose(("p1", "p2", "w1", "w2"))
    menu = ask(in_sidebar(harness, "w1"))
    words = [each.text() for each in menu.actions() if each.text()]
    assert words == [
        *("4 accounts selected", "Sign in (1)", "Refresh (2)", "Pin (3)", "Unpin (1)", "Export (4)…", "Sign out (2)…"),
        *("Remove (4)…", "Select none\tEsc"),
    ]
    entry(menu, "pin").trigger()
    assert all(harness.rack.arrangement.is_pinned(harness.account(id)) for id in ("p1", "p2", "w1", "w2"))
    assert harness.rack.arrangement.ids()[:4] == ("p2", "p1", "w1", "w2")
    menu.hide()
    menu = ask(in_sidebar(harness, "w1"))
    assert "pin" not in names(menu), "nothing is left to pin"
    entry(menu, "unpin").trigger()
    assert harness.rack.arrangement.sections()[0].provider != ""


async def test_export_opens_the_page_with_these_ticked(harness: WindowHarness) -> None:
    harness.actions.selection.choose(("p1", "w1"))
    entry(ask(in_sidebar(harness, "w1")), "export").trigger()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, MovingPage)
    ticked = [each.objectName() for each in page.findChildren(QWidget) if each.property("checked") is True]
    assert [name for name in ticked if name.startswith("export:")] == ["export:p1", "export:w1"]
    assert len(harness.actions.selection) == 0


def test_a_key_is_no_token_and_is_not_signed_out(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path, (*ACCOUNTS, KEYED))
    qtbot.addWidget(made.window)
    made.window.show()
    made.active("k1")
    made.active("w1")
    menu = ask(in_sidebar(made, "k1"))
    assert entry(menu, "copy").text() == "Copy public key\tCtrl+C"
    assert "sign-out" not in names(menu)
    menu.hide()
    made.actions.selection.choose(("k1", "w1"))
    menu = ask(in_sidebar(made, "k1"))
    assert entry(menu, "sign_out").text() == "Sign out (1)…"
    menu.hide()


def test_beside_the_accounts_it_is_for_all(harness: WindowHarness) -> None:
    harness.contents.pages.overview.head.search.setText("arch")
    menu = ask(harness.contents.pages.overview.grid.viewport(), QPoint(3, 3))
    assert isinstance(menu, GroundMenu)
    entry(menu, "select").trigger()
    assert [each.id for each in harness.actions.selection.accounts()] == ["b1", "b2"], "all that are shown"
    menu.hide()
    menu = ask(harness.contents.sidebar.list.viewport(), QPoint(3, harness.contents.sidebar.list.height() - 3))
    entry(menu, "select").trigger()
    assert len(harness.actions.selection) == 6
    entry(menu, "add").trigger()
    assert harness.contents.pages.currentWidget() is not harness.contents.pages.overview


def test_while_locked_the_sidebar_has_none(harness: WindowHarness) -> None:
    harness.actions.selection.choose(("p1", "w1"))
    harness.rack.lock.lock(by_hand=True)
    assert len(harness.actions.selection) == 0
    assert not harness.contents.selected.isVisible()
    for widget in (in_sidebar(harness, "p1"), harness.contents.sidebar):
        here = widget.rect().center()
        QApplication.sendEvent(widget, QContextMenuEvent(MOUSE, here, widget.mapToGlobal(here)))
        assert QApplication.activePopupWidget() is None
    harness.actions.selection.choose(("p1", "w1"))
    assert len(harness.actions.selection) == 0


def test_the_head_of_a_pane_has_its_menu(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    menu = ask(pane.header.name)
    assert menu is pane.header.menu
    assert any(each.objectName() == "menu_edit" for each in menu.actions())


async def test_a_line_of_an_account_is_copied(harness: WindowHarness) -> None:
    harness.account("w1").note("signed_out")
    harness.contents.open("w1")
    (card,) = harness.window.findChildren(ActivityCard)
    await seen(lambda: "Signed out." in visible_texts(card))
    line = next(label for label in card.findChildren(QLabel) if label.text() == "Signed out.")
    entry(ask(line), "copy").trigger()
    assert QGuiApplication.clipboard().text().endswith("\tSigned out.")


def test_a_line_of_all_accounts_leads_to_its_account(harness: WindowHarness) -> None:
    harness.account("w1").note("signed_in")
    harness.clock.move(60)
    harness.account("p1").note("signed_out")
    harness.contents.pages.toggle_over("activity")
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, ActivityPage)
    table = page.table
    place = table.visualRect(page.model.index(1, 1)).center()
    menu = ask(table.viewport(), place)
    assert names(menu) == ["open", "only", "copy"]
    entry(menu, "copy").trigger()
    assert QGuiApplication.clipboard().text().endswith("\tTrading\tSigned in.")
    entry(menu, "only").trigger()
    assert [each.account for each in page.model.entries] == ["w1"]
    entry(menu, "open").trigger()
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.account.id == "w1"


def test_the_past_has_the_menu_of_its_period(harness: WindowHarness) -> None:
    past = harness.contents.pages.overview.past
    assert ask(past) is past.period.entries


def test_shift_f10_opens_it_where_the_focus_is(harness: WindowHarness) -> None:
    harness.contents.pages.overview.grid.enter("p1")
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    assert isinstance(QApplication.activePopupWidget(), AccountMenu)
