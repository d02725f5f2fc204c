"""What is announced to a screen reader, because the window only shows it, and how often."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from keyrack.ui.actions.copying import CopyForm
from keyrack.ui.safeguards.undo_bar import UndoBar
from tests.ui.harness import CANARY, WindowHarness, button, in_front, seen

TOKEN = "canary-access-token"


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = in_front(qtbot, tmp_path)
    made.active("w1")
    return made


@pytest.mark.parametrize("way", ["button", "key", "card", "sidebar"])
async def test_a_token_that_was_copied_is_announced_once(
    harness: WindowHarness, announced: list[str], way: str
) -> None:
    if way in ("button", "key"):
        harness.contents.open("w1")
    if way == "button":
        button(harness, "copy_token").click()
    elif way == "key":
        QTest.keyClick(harness.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    elif way == "card":
        harness.contents.pages.overview.cards["w1"].setFocus(Qt.FocusReason.TabFocusReason)
        QTest.keyClick(harness.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    else:
        entry = next(entry for entry in harness.contents.sidebar.list.entries() if entry.id == "w1")
        entry.copy_pressed.emit()
    await seen(lambda: QGuiApplication.clipboard().text() == TOKEN and harness.tasks.idle)
    for _ in range(3):
        harness.tick()
    assert announced == ["Trading: Token copied to the clipboard."]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("header", "Trading: Token copied as a header."),
        ("curl", "Trading: A curl command was copied that asks Keyrack for the token."),
    ],
)
async def test_another_form_of_it_is_announced_as_that(
    harness: WindowHarness, announced: list[str], form: CopyForm, said: str
) -> None:
    harness.actions.copy(harness.account("w1"), form)
    await seen(lambda: harness.tasks.idle)
    assert announced == [said]
    assert CANARY not in "".join(announced)


async def test_nothing_is_announced_where_nothing_was_copied(harness: WindowHarness, announced: list[str]) -> None:
    harness.rack.lock.lock(by_hand=True)
    announced.clear()
    harness.actions.copy(harness.account("w1"))
    await seen(lambda: harness.tasks.idle)
    assert announced == ["Keyrack is locked. Unlock it first."]


async def test_a_removal_and_its_undo_are_announced_once_each(harness: WindowHarness, announced: list[str]) -> None:
    harness.actions.remove(harness.account("w1"))
    await seen(harness.contents.undo.isVisible)
    for _ in range(3):
        harness.tick()
    assert announced == ["“Trading” removed. Undo (Ctrl+Z)"]
    QTest.keyClick(harness.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    await seen(lambda: harness.tasks.idle)
    assert announced[1:] == ["“Trading” is back."]


async def test_several_that_are_removed_together_are_announced_as_one(
    harness: WindowHarness, announced: list[str]
) -> None:
    harness.actions.together.remove([harness.account(id) for id in ("p1", "p2")])
    await seen(harness.contents.undo.isVisible)
    harness.contents.undo.undo_last()
    await seen(lambda: harness.tasks.idle)
    assert announced == ["2 accounts removed. Undo (Ctrl+Z)", "2 accounts are back."]


async def test_a_window_that_is_made_anew_does_not_announce_a_removal_again(
    harness: WindowHarness, announced: list[str]
) -> None:
    harness.actions.remove(harness.account("w1"))
    await seen(harness.contents.undo.isVisible)
    announced.clear()
    UndoBar(harness.rack.removals, harness.contents)
    assert announced == []
    harness.rack.removals.undo(harness.rack.removals.pending[0])
    await seen(lambda: harness.tasks.idle)
