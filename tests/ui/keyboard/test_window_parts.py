"""F6 goes round between the parts of the window that are shown, and back to where each one was left."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.harness import WindowHarness, button
from tests.ui.question_harness import asked, window_with_questions


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    async with window_with_questions(qtbot, tmp_path) as made:
        yield made


def go(harness: WindowHarness, *, back: bool = False) -> QWidget:
    """Press F6 or Shift+F6. Returns what has the focus then."""
    held = Qt.KeyboardModifier.ShiftModifier if back else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_F6, held)
    found: QWidget = harness.window.focusWidget()
    return found


async def test_all_four_are_in_the_round_in_both_directions(harness: WindowHarness) -> None:
    contents = harness.contents
    await asked(harness)
    contents.show_notice("urgent", "It failed.")
    contents.open("w1")
    contents.show_notice("urgent", "It failed.")
    start = button(harness, "copy_token")
    assert start.hasFocus()
    order = [go(harness) for _ in range(4)]
    assert order == [contents.question.card, contents.notice.banner.button, button(harness, "account:w1"), start]
    assert [go(harness, back=True) for _ in range(4)] == [*reversed(order[:3]), start]


def test_without_question_and_message_there_are_two(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    assert go(harness) is button(harness, "account:w1")
    assert go(harness) is button(harness, "copy_token")
    assert go(harness, back=True) is button(harness, "account:w1")
    assert go(harness, back=True) is button(harness, "copy_token")


def test_it_comes_back_to_the_control_that_was_left_as_long_as_it_is_there(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    more = button(harness, "more")
    more.setFocus()
    assert go(harness) is button(harness, "account:w1")
    assert go(harness) is more
    go(harness)
    harness.signed_out("w2")
    harness.contents.open("w2")
    harness.contents.sidebar.overview.setFocus()
    assert go(harness) is button(harness, "sign_in")


def test_with_the_focus_nowhere_it_begins_at_the_list_and_backwards_at_the_page(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    for back, name in ((False, "account:w1"), (True, "copy_token")):
        focus = QApplication.focusWidget()
        assert focus is not None
        focus.clearFocus()
        assert go(harness, back=back) is button(harness, name)


@pytest.mark.security("S91")
async def test_while_locked_the_list_is_left_out(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=True)
    page = harness.contents.cover.page
    assert page is not None
    for back in (False, True):
        assert go(harness, back=back) is page.unlock
