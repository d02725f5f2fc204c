"""Buttons: their size, their focus and their names."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import DangerButton, IconButton, PlainButton, PrimaryButton


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    if not qapp.styleSheet():
        theme().start(qapp)


def focus_by_key(button: PlainButton, qtbot: QtBot) -> None:
    button.activateWindow()
    button.setFocus()
    qtbot.waitUntil(button.hasFocus)
    QTest.keyClick(button.windowHandle(), Qt.Key.Key_F35)


@pytest.mark.parametrize("kind", [PlainButton, PrimaryButton, DangerButton])
def test_buttons_are_32_high_and_reached_by_keyboard(kind: type[PlainButton], qtbot: QtBot) -> None:
    theme().use("light")
    button = kind("Copy token", "copy")
    qtbot.addWidget(button)
    button.show()
    assert button.sizeHint().height() == 32
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    without = button.grab().toImage()
    focus_by_key(button, qtbot)
    assert button.grab().toImage() != without, "the focus is seen"
    assert button.sizeHint().height() == 32
    theme().use(None)


def test_a_focused_button_keeps_its_size(qtbot: QtBot) -> None:
    for button in (PlainButton("Refresh"), PrimaryButton("Copy"), DangerButton("Remove")):
        qtbot.addWidget(button)
        button.show()
        before = button.sizeHint()
        focus_by_key(button, qtbot)
        assert button.sizeHint() == before


def test_a_picture_button_has_a_name(qtbot: QtBot) -> None:
    button = IconButton("more", "More actions")
    qtbot.addWidget(button)
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.text(QAccessible.Text.Name) == "More actions"
    assert not button.icon().isNull()
