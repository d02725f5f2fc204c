"""The line edit for a secret: no way leads out of it."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.secret_edit import REVEAL_MS, SecretEdit

SECRET = "made-up-secret-4711"


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    if not qapp.styleSheet():
        theme().start(qapp)


@pytest.fixture
def secret_edit(qtbot: QtBot) -> SecretEdit:
    edit = SecretEdit()
    qtbot.addWidget(edit)
    edit.show()
    edit.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(edit.hasFocus)
    QTest.keyClicks(edit, SECRET)
    return edit


def _clipboard_texts() -> set[str]:
    return {QGuiApplication.clipboard().text()}


@pytest.mark.security("S98")
def test_a_masked_secret_cannot_be_read_or_taken(secret_edit: SecretEdit, qapp: QApplication) -> None:
    QGuiApplication.clipboard().setMimeData(QMimeData())
    assert SECRET not in secret_edit.displayText()
    interface = QAccessible.queryAccessibleInterface(secret_edit)
    for kind in (QAccessible.Text.Value, QAccessible.Text.Name, QAccessible.Text.Description):
        assert SECRET not in interface.text(kind)
    text = interface.textInterface()
    if text is not None:
        assert SECRET not in text.text(0, text.characterCount())
    secret_edit.selectAll()
    for key in (Qt.Key.Key_C, Qt.Key.Key_X):
        QTest.keyClick(secret_edit, key, Qt.KeyboardModifier.ControlModifier)
    assert _clipboard_texts() == {""}
    assert secret_edit.text() == SECRET, "cutting took nothing either"
    assert secret_edit.contextMenuPolicy() == Qt.ContextMenuPolicy.PreventContextMenu
    assert not secret_edit.dragEnabled()


@pytest.mark.security("S98")
def test_a_readable_secret_cannot_be_selected_or_copied(secret_edit: SecretEdit) -> None:
    QGuiApplication.clipboard().setMimeData(QMimeData())
    secret_edit.selectAll()
    secret_edit.reveal()
    assert not secret_edit.hasSelectedText(), "what was selected while masked"
    assert secret_edit.displayText() == SECRET
    secret_edit.selectAll()
    assert not secret_edit.hasSelectedText()
    QTest.mouseDClick(secret_edit, Qt.MouseButton.LeftButton)
    QTest.keyClick(secret_edit, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(secret_edit, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert not secret_edit.hasSelectedText()
    assert _clipboard_texts() == {""}


@pytest.mark.security("S98")
def test_a_secret_hides_itself(secret_edit: SecretEdit, qtbot: QtBot) -> None:
    hide_timer = secret_edit.findChild(QTimer)
    assert hide_timer is not None
    assert hide_timer.interval() == REVEAL_MS == 10_000
    hide_timer.setInterval(20)
    secret_edit.reveal()
    qtbot.waitUntil(lambda: not secret_edit.revealed)
    hide_timer.setInterval(REVEAL_MS)
    secret_edit.reveal()
    other = QLineEdit()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    other.setFocus()
    qtbot.waitUntil(lambda: not secret_edit.revealed)


@pytest.mark.security("S98")
def test_a_taken_secret_leaves_nothing_to_undo(secret_edit: SecretEdit) -> None:
    assert secret_edit.take().reveal() == SECRET
    assert secret_edit.text() == ""
    secret_edit.reveal()
    QTest.keyClick(secret_edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    secret_edit.undo()
    assert secret_edit.text() == ""
    assert secret_edit.event(QEvent(QEvent.Type.None_)) in (True, False)
