"""Enter presses the focused button and submits the form around a field or a choice."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.widgets.buttons import (
    CheckBox,
    DangerButton,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    RadioButton,
)
from keyrack.ui.widgets.fields import EnterKey, Field
from keyrack.ui.widgets.secret_edit import SecretEdit
from keyrack.ui.widgets.tile import Tile

MAKES: tuple[Callable[[], QAbstractButton], ...] = (
    lambda: PlainButton("Add"),
    lambda: PrimaryButton("Add"),
    lambda: DangerButton("Add"),
    lambda: LinkButton("Add"),
    lambda: IconButton("plus", "Add"),
    lambda: Tile("Add", "An account.", icon="plus"),
)
ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def shown(qtbot: QtBot, *widgets: QWidget) -> QWidget:
    form = QWidget()
    column = QVBoxLayout(form)
    for widget in widgets:
        column.addWidget(widget)
    qtbot.addWidget(form)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is form)
    return form


@pytest.mark.parametrize("key", ENTERS)
@pytest.mark.parametrize("make", MAKES)
def test_enter_presses_the_focused_button_once(make: Callable[[], QAbstractButton], key: Qt.Key, qtbot: QtBot) -> None:
    button = make()
    form = shown(qtbot, button)
    pressed, submitted = list[bool](), list[bool]()
    button.clicked.connect(lambda: pressed.append(True))
    EnterKey(form, lambda: submitted.append(True))
    QTest.keyClick(button, key, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(form, key)
    assert pressed == [], "Ctrl+Enter is another key, and another control has the focus"
    submitted.clear()
    button.setFocus()
    QTest.keyClick(button, key)
    held = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "\r", True)
    QCoreApplication.sendEvent(button, held)
    assert (len(pressed), submitted) == (1, [])
    button.setEnabled(False)
    QTest.keyClick(button, key)
    assert len(pressed) == 1


@pytest.mark.parametrize("key", ENTERS)
def test_enter_in_a_field_or_at_a_choice_submits_the_form_once(key: Qt.Key, qtbot: QtBot) -> None:
    line, secret, read_only = QLineEdit(), SecretEdit(), QLineEdit()
    read_only.setReadOnly(True)
    radio, check = RadioButton("Ask"), CheckBox("Keep")
    parts = (Field("Name", line), Field("Secret", secret), Field("Address", read_only), radio, check)
    form = shown(qtbot, *parts)
    submitted: list[bool] = []
    EnterKey(form, lambda: submitted.append(True))
    for count, control in enumerate((line, secret, read_only, radio, check), 1):
        control.setFocus()
        QTest.keyClick(control, key)
        QCoreApplication.sendEvent(
            control, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "\r", True)
        )
        assert len(submitted) == count, control
    assert not radio.isChecked()
    assert not check.isChecked()
    QTest.keyClick(check, Qt.Key.Key_Space)
    assert check.isChecked()
