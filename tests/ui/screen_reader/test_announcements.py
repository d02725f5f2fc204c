"""What is announced to a screen reader, because the window only shows it, and how often."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.account.inline_forms import DeleteKey
from keyrack.ui.actions.copying import CopyForm
from keyrack.ui.safeguards.undo_bar import UndoBar
from tests.ui.harness import CANARY, WindowHarness, button, in_front, seen

TOKEN = "canary-access-token"
Said, face = QAccessible.Text, QAccessible.queryAccessibleInterface


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


def heard(harness: WindowHarness, announced: list[str]) -> list[str]:
    """What is said as the focus moves and after that: each control by name and description, and announcements."""

    def focused(_old: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            announced.append(" ".join((face(now).text(Said.Name), face(now).text(Said.Description))).strip())

    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.focusChanged.connect(focused)
    harness.window.destroyed.connect(lambda: app.focusChanged.disconnect(focused))
    return announced


async def test_the_question_before_a_removal_is_read_once_with_what_it_means(
    harness: WindowHarness, announced: list[str]
) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    said = heard(harness, announced)
    pane.open_form("remove")
    asked = said[-1]
    assert asked.startswith("Cancel Remove “Trading”? Keyrack deletes its credentials and tokens")
    assert asked.endswith("For ten seconds you can undo this.")
    assert sum("Remove “Trading”?" in each for each in said) == 1
    assert face(button(harness, "inline_done")).text(Said.Description) == asked.removeprefix("Cancel ")
    pane.open_form("rename")
    assert face(button(harness, "inline_cancel")).text(Said.Description) == ""


def test_the_question_before_a_key_is_deleted_is_read_with_what_it_means(
    harness: WindowHarness, announced: list[str]
) -> None:
    form = DeleteKey(harness.account("w1"), harness.actions)
    said = face(form.cancel).text(Said.Description)
    assert said.startswith("Delete this key at WhiteBIT? Programs that use the key stop working at once")
    assert announced == []


@pytest.mark.parametrize(("verb", "title"), [("remove", "Remove 1 account?"), ("sign_out", "Sign out of 1 account?")])
def test_the_question_about_a_selection_is_said_after_the_focus_has_come_to_it(
    harness: WindowHarness, announced: list[str], verb: str, title: str
) -> None:
    """A screen reader breaks off what it says when the focus moves."""
    harness.actions.selection.choose(["w1"])
    announced.clear()
    said = heard(harness, announced)
    entries = harness.contents.selected.menu.actions()
    next(entry for entry in entries if entry.objectName() == f"selected_menu_{verb}").trigger()
    assert said[0].startswith("Cancel")
    assert said[1].startswith(f"{title} Trading. Keyrack deletes their")
    assert len(said) == 2


def test_the_question_before_quitting_is_said_after_the_focus_has_come_to_it(
    harness: WindowHarness, announced: list[str]
) -> None:
    said = heard(harness, announced)
    harness.contents.notice.ask(lambda: "Not stored.", "Quit anyway", lambda: None, ("Minimise", lambda: None))
    harness.tick()
    assert said == ["Minimise", "Not stored."]


async def test_whose_sign_in_is_to_be_kept_or_discarded_is_read(harness: WindowHarness, announced: list[str]) -> None:
    harness.contents.open("b1")
    harness.waiting("b1")
    await seen(lambda: button(harness, "open_again").hasFocus())
    said = heard(harness, announced)
    announced.clear()
    question = "Bitport signed in s…m@example.org. Is this the account you meant?"
    harness.waiting("b1", "confirming", "s…m@example.org")
    await seen(lambda: question in said)
    assert said.count(question) == 1
    harness.waiting("b1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.panel.browser.accessibleName() == ""
