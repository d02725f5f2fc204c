"""On an account the dotted words explain what its token can do, and what a sign-in window is."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from keyrack.ui.parts.popover import DottedButton, Popover
from tests.ui.harness import WindowHarness, button, in_front


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    made = in_front(qtbot, tmp_path)
    yield made
    await made.tasks.close()


def explained(harness: WindowHarness, name: str) -> list[tuple[str, str]]:
    """The lines of the explanation with their tones. It is left by Esc, which gives the focus back."""
    words = button(harness, name)
    assert isinstance(words, DottedButton)
    words.setFocus()
    QTest.keyClick(words, Qt.Key.Key_Return)
    popover = QApplication.activePopupWidget()
    assert isinstance(popover, Popover)
    lines = [(label.text(), str(label.property("tone"))) for label in popover.findChildren(QLabel)]
    QTest.keyClick(popover, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    return lines


async def test_each_right_is_told_with_its_own_name_and_the_risky_ones_in_amber(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    title, *lines = explained(harness, "word_rights")
    assert title[0] == "What can this token do?"
    assert lines[0] == ("Can place orders (orders.create)", "soon")
    assert ("See balances (users.balances.read)", "") in lines
    assert lines[-1][0].startswith("Keyrack itself only reads")


async def test_rights_that_nobody_states_are_told_as_such(harness: WindowHarness) -> None:
    harness.active("p1", token=harness.token(refresh=None, scopes=()))
    harness.contents.open("p1")
    lines = explained(harness, "word_rights")
    assert lines[1][0] == "The provider does not state the rights. Take it that everything is allowed."


async def test_the_sign_in_window_is_explained_where_there_is_one(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    assert "how long your sign-in lasts" in explained(harness, "word_sign_in_window")[1][0].lower()
    harness.active("p1", token=harness.token(refresh=None))
    harness.contents.open("p1")
    pane = harness.contents.pages.pane
    assert pane is not None
    assert not [each for each in pane.findChildren(DottedButton, "word_sign_in_window") if each.isVisible()]
