"""Several accounts selected in the sidebar, on the cards and in the list: one selection, by mouse and by keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import LoggedOut
from keyrack.ui.theme.theme import theme
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.entries.sidebar_entry import AccountEntry
from tests.core.harness import FailingVault
from tests.ui.harness import WindowHarness, button, in_front, make_harness, seen, visible_texts
from tests.ui.sizes.walk import MANY

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = in_front(qtbot, tmp_path)
    for account in made.rack.accounts:
        made.active(account.id)
    made.contents.pages.show_overview()
    return made


def entry(harness: WindowHarness, id: str) -> QWidget:
    """The account in the sidebar."""
    (found,) = harness.contents.sidebar.findChildren(QWidget, f"account:{id}")
    return found


def item(harness: WindowHarness, id: str) -> QWidget:
    """The account as a card or as a line."""
    return harness.contents.pages.overview.grid.items[id]


def press(widget: QWidget, held: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, held, QPoint(widget.width() // 3, widget.height() - 6))


def key(harness: WindowHarness, which: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(harness.window.windowHandle(), which, held)


def opened(harness: WindowHarness) -> str:
    pane = harness.contents.pages.pane
    return "" if pane is None else pane.account.id


def chosen(harness: WindowHarness) -> list[str]:
    return [account.id for account in harness.actions.selection.accounts()]


@pytest.mark.parametrize("place", ["sidebar", "cards", "list"])
def test_ctrl_click_selects_and_a_plain_click_opens(harness: WindowHarness, place: str) -> None:
    if place == "list":
        harness.contents.pages.overview.head.list.click()
    where = entry if place == "sidebar" else item
    press(where(harness, "p1"), CTRL)
    press(where(harness, "w1"), CTRL)
    assert chosen(harness) == ["p1", "w1"]
    assert opened(harness) == "", "nothing is opened"
    assert "2 accounts selected" in visible_texts(harness.contents.selected)
    press(where(harness, "p1"), CTRL)
    assert chosen(harness) == ["w1"]
    assert "1 account selected" in visible_texts(harness.contents.selected)
    press(where(harness, "b1"))
    assert opened(harness) == "b1"
    assert chosen(harness) == []
    assert not harness.contents.selected.isVisible()


@pytest.mark.parametrize("place", ["sidebar", "cards", "list"])
def test_shift_click_selects_a_range(harness: WindowHarness, place: str) -> None:
    if place == "list":
        harness.contents.pages.overview.head.list.click()
    where = entry if place == "sidebar" else item
    press(where(harness, "p2"), CTRL)
    press(where(harness, "b2"), SHIFT)
    assert chosen(harness) == ["p2", "b1", "b2"]
    press(where(harness, "p1"), SHIFT)
    assert chosen(harness) == ["p1", "p2"], "the range begins where it did"
    press(where(harness, "w1"), CTRL)
    press(where(harness, "w2"), CTRL | SHIFT)
    assert chosen(harness) == ["p1", "p2", "w1", "w2"], "with Ctrl the others stay"


async def test_several_go_with_one_question_and_come_back_with_one_undo(harness: WindowHarness) -> None:
    for id in ("p1", "w1", "w2"):
        press(item(harness, id), CTRL)
    await seen(lambda: harness.contents.selected.isVisible() and bool(harness.contents.selected.buttons()))
    harness.window.resize(1200, 700)
    await seen(harness.contents.selected.buttons()[0].isVisible)
    button(harness, "selected_remove").click()
    assert "Remove 3 accounts?" in visible_texts(harness.contents.selected)
    assert len(harness.rack.accounts) == 6, "nothing is done before the answer"
    button(harness, "selection_go_on").click()
    await seen(lambda: len(harness.rack.accounts) == 3)
    assert not harness.contents.selected.isVisible()
    assert "3 accounts removed." in visible_texts(harness.contents.undo)
    button(harness, "undo:p1").click()
    assert harness.rack.accounts.ids() == ("p1", "p2", "b1", "b2", "w1", "w2")
    await seen(lambda: harness.tasks.idle)
    assert not harness.contents.undo.isVisible()


def test_keys_select_on_the_cards(harness: WindowHarness, qtbot: QtBot) -> None:
    grid = harness.contents.pages.overview.grid
    grid.enter("p1")
    key(harness, Qt.Key.Key_Space, CTRL)
    key(harness, Qt.Key.Key_Right)
    assert chosen(harness) == ["p1"], "an arrow alone selects nothing"
    key(harness, Qt.Key.Key_Right)
    key(harness, Qt.Key.Key_Space, CTRL)
    assert chosen(harness) == ["p1", "b1"]
    key(harness, Qt.Key.Key_End, SHIFT)
    assert chosen(harness) == ["b1", "b2", "w1", "w2"]
    assert grid.items["w2"].hasFocus()
    key(harness, Qt.Key.Key_Left, SHIFT)
    assert chosen(harness) == ["b1", "b2", "w1"]
    key(harness, Qt.Key.Key_Escape)
    assert chosen(harness) == []
    assert grid.items["w1"].hasFocus(), "Esc leaves nothing else"


@pytest.mark.parametrize("lines", [True, False])
async def test_the_bar_covers_no_account_that_has_the_focus(harness: WindowHarness, lines: bool) -> None:
    overview = harness.contents.pages.overview
    if lines:
        overview.head.list.click()
    harness.window.resize(640, 420)
    QApplication.processEvents()
    grid = overview.grid
    lowest = max(grid.seen(), key=lambda item: item.geometry().bottom())
    grid.enter(lowest.account.id)
    key(harness, Qt.Key.Key_Space, CTRL)
    await seen(harness.contents.selected.isVisible)
    await seen(lambda: grid.mapTo(harness.contents, QPoint(0, grid.height())).y() <= harness.contents.selected.y())
    await seen(lambda: lowest.visibleRegion().boundingRect() == lowest.rect())
    grid.verticalScrollBar().setValue(0)
    scrolled = grid.verticalScrollBar().value()
    harness.window.resize(640, 400)
    QApplication.processEvents()
    assert grid.verticalScrollBar().value() == scrolled, "what was scrolled away is not fetched back"


def test_a_ring_stands_on_the_ground_of_its_card(harness: WindowHarness, qtbot: QtBot) -> None:
    grid = harness.contents.pages.overview.grid
    grid.enter("p1")
    key(harness, Qt.Key.Key_Space, CTRL)
    key(harness, Qt.Key.Key_Down)
    qtbot.waitUntil(harness.contents.selected.isVisible)
    QApplication.processEvents()
    key(harness, Qt.Key.Key_Space, CTRL)
    ring = grid.cards["b1"].ring
    corner = ring.mapTo(harness.window, ring.rect().bottomRight())

    def shown(place: QPoint) -> str:
        return harness.window.screen().grabWindow(harness.window.winId()).toImage().pixelColor(place).name()

    qtbot.waitUntil(lambda: shown(corner + QPoint(2, 0)) == theme().palette.soft("accent").name())
    assert shown(corner) == theme().palette.soft("accent").name()


def test_keys_select_in_the_sidebar(harness: WindowHarness) -> None:
    entry(harness, "b2").setFocus()
    key(harness, Qt.Key.Key_Down, SHIFT)
    key(harness, Qt.Key.Key_Down, SHIFT)
    assert chosen(harness) == ["b2", "w1", "w2"]
    key(harness, Qt.Key.Key_Up, SHIFT)
    key(harness, Qt.Key.Key_Up, SHIFT)
    key(harness, Qt.Key.Key_Up, SHIFT)
    assert chosen(harness) == ["b1", "b2"]
    key(harness, Qt.Key.Key_A, CTRL)
    assert len(chosen(harness)) == 6


def test_ctrl_a_selects_what_is_found_and_in_find_its_text(harness: WindowHarness) -> None:
    head = harness.contents.pages.overview.head
    head.start_finding()
    head.search.setText("arch")
    key(harness, Qt.Key.Key_A, CTRL)
    assert head.search.selectedText() == "arch"
    assert chosen(harness) == []
    harness.contents.pages.overview.grid.enter("b1")
    key(harness, Qt.Key.Key_A, CTRL)
    assert chosen(harness) == ["b1", "b2"]
    key(harness, Qt.Key.Key_Escape)
    assert head.search.text() == "", "Find is cleared first"
    assert chosen(harness) == ["b1", "b2"]
    key(harness, Qt.Key.Key_Escape)
    assert chosen(harness) == []


def test_esc_leaves_what_lies_over_the_accounts_first(harness: WindowHarness) -> None:
    pages = harness.contents.pages
    harness.actions.selection.choose(("p1", "w1"))
    pages.toggle_over()
    key(harness, Qt.Key.Key_Escape)
    assert pages.currentWidget() is pages.overview
    assert chosen(harness) == ["p1", "w1"]
    entry(harness, "p1").setFocus()
    pages.toggle_over()
    entry(harness, "p1").setFocus()
    key(harness, Qt.Key.Key_Escape)
    assert pages.currentWidget() is not pages.overview, "in the sidebar Esc is for what is selected there"
    assert chosen(harness) == []


async def test_a_window_that_is_laid_out_anew_shows_them(harness: WindowHarness) -> None:
    harness.actions.selection.choose(("p1", "w1"))
    anew = Contents(harness.rack, harness.actions, lambda: None, harness.window)
    harness.window.fill(anew, lambda: False)
    await seen(anew.selected.isVisible)
    assert "2 accounts selected" in visible_texts(anew.selected)
    await seen(lambda: [entry.id for entry in anew.sidebar.list.entries() if entry.selected] == ["p1", "w1"])


def test_f5_renews_those_that_are_selected(harness: WindowHarness) -> None:
    renewed: list[str] = []
    harness.actions.refresh = lambda account: renewed.append(account.id)  # type: ignore[method-assign]
    harness.actions.selection.choose(("p1", "w1"))
    key(harness, Qt.Key.Key_F5)
    assert renewed == ["p1", "w1"]


def test_enter_opens_the_one_with_the_focus_and_selects_none(harness: WindowHarness) -> None:
    harness.actions.selection.choose(("p1", "w1"))
    harness.contents.pages.overview.grid.enter("w2")
    key(harness, Qt.Key.Key_Return)
    assert (opened(harness), chosen(harness)) == ("w2", [])


def test_an_account_that_is_made_by_scrolling_is_shown_as_selected(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path, MANY)
    made.window.show()
    made.contents.pages.show_overview()
    grid = made.contents.pages.overview.grid
    made.actions.selection.choose(("m0", "m100"))
    assert "m100" not in grid.items
    shown = grid.reveal("m100")
    assert shown is not None
    assert shown.selected
    assert shown.property("chosen")


def test_all_three_show_the_same_and_a_drag_still_moves(harness: WindowHarness) -> None:
    press(item(harness, "w1"), CTRL)
    (first,) = harness.contents.sidebar.findChildren(AccountEntry, "account:w1")
    assert first.selected
    harness.contents.pages.overview.head.list.click()
    assert harness.contents.pages.overview.lines["w1"].selected
    two, one = (entry(harness, id) for id in ("p2", "p1"))
    QTest.mousePress(two, Qt.MouseButton.LeftButton, PLAIN, two.rect().center())
    for y in (-20, -two.height() + 2):
        QTest.mouseMove(two, QPoint(two.width() // 2, y))
    event = QMouseEvent(
        QMouseEvent.Type.MouseMove,
        one.rect().center(),
        one.mapToGlobal(QPoint(one.width() // 2, 2)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        PLAIN,
    )
    QApplication.sendEvent(two, event)
    QTest.mouseRelease(two, Qt.MouseButton.LeftButton, PLAIN, QPoint(two.width() // 2, -two.height()))
    assert harness.rack.arrangement.ids()[:2] == ("p2", "p1")
    assert chosen(harness) == ["w1"]


async def test_cancel_leaves_the_question_and_esc_too(harness: WindowHarness) -> None:
    harness.contents.pages.overview.grid.enter("p1")
    key(harness, Qt.Key.Key_A, CTRL)
    for leave in ("cancel", "escape"):
        key(harness, Qt.Key.Key_Delete)
        assert "Remove 6 accounts?" in visible_texts(harness.contents.selected)
        await seen(lambda: button(harness, "selection_cancel").hasFocus())
        if leave == "cancel":
            button(harness, "selection_cancel").click()
        else:
            key(harness, Qt.Key.Key_Escape)
        assert "Remove 6 accounts?" not in visible_texts(harness.contents.selected)
        await seen(lambda: harness.contents.pages.isAncestorOf(harness.window.focusWidget()))
        assert len(chosen(harness)) == 6
        harness.contents.pages.overview.grid.enter("p1")
    assert len(harness.rack.accounts) == 6


async def test_signing_out_several_asks_once(harness: WindowHarness) -> None:
    harness.signed_out("p1")
    harness.actions.selection.choose(("p1", "w1", "w2"))
    harness.actions.selection.ask("sign_out")
    said = visible_texts(harness.contents.selected)
    assert "Sign out of 2 accounts?" in said
    assert "Trading, Trading EU." in said
    button(harness, "selection_go_on").click()
    await seen(lambda: all(isinstance(harness.account(id).state, LoggedOut) for id in ("w1", "w2")))
    assert chosen(harness) == ["p1", "w1", "w2"], "they are still there"


async def test_what_happened_to_several_is_one_sentence_and_a_failure_names_its_account(
    harness: WindowHarness,
) -> None:
    vault = FailingVault()
    vault.keeps = {"w2"}
    harness.rack.parts.records.use_vault(vault)
    harness.rack.removals.seconds = 0.1
    harness.actions.together.remove([harness.account(id) for id in ("p1", "w1", "w2")])
    await seen(lambda: harness.tasks.idle)
    said = visible_texts(harness.contents.notice)
    assert "Not removed: Trading EU." in said
    assert "The keyring is locked." in said
    assert "2 accounts were removed." in said
    assert said.index("Not removed") < said.index("The keyring is locked.") < said.index("2 accounts were removed.")
    assert harness.rack.accounts.ids() == ("p2", "b1", "b2", "w2")


async def test_buttons_without_room_stand_in_the_menu(harness: WindowHarness) -> None:
    harness.signed_out("p1")
    harness.actions.selection.choose(("p1", "w1", "w2"))
    bar = harness.contents.selected

    def shown() -> list[str]:
        return [each.objectName() for each in bar.buttons() if each.isVisible()]

    harness.window.resize(1600, 680)
    await seen(lambda: len(shown()) == 6)
    assert not bar.more.isVisible()
    harness.window.resize(680, 420)
    await seen(lambda: 0 < len(shown()) < 6)
    hidden = [each.objectName() for each in bar.menu.actions() if each.isVisible()]
    assert hidden[-1] == "selected_menu_remove", "what does no harm stays longest"
    assert len(hidden) + len(shown()) == 6
    harness.window.resize(640, 420)
    await seen(lambda: bar.count.text() == "3 selected")
    assert len(shown()) >= 2, "the words that count give way before a button"
    assert shown() == ["selected_sign_in", "selected_refresh"]
    assert (bar.more.text(), bar.more.isVisible(), bar.more.property("menu")) == ("More", True, True)
    assert bar.more.accessibleName() == "More for all that are selected"
    harness.signed_out("w1")
    await seen(lambda: any(each.text() == "Refresh (1)" for each in bar.menu.actions()))
