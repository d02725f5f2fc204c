"""Several accounts selected in the sidebar, on the cards and in the list: one selection, by mouse and by keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.ui.harness import WindowHarness, button, in_front, seen, visible_texts

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
