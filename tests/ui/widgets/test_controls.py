"""The small controls: plain text only, reachable, and never showing what they should not."""

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import DangerButton, IconButton, PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Badge, Banner, Card, ElidedText, Monogram, Text
from keyrack.ui.widgets.secret_edit import REVEAL_MS, SecretEdit

MARKUP = '<b>bold</b><img src="file:///etc/hostname">'
SECRET = "made-up-secret-4711"


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> None:
    if not qapp.styleSheet():
        theme().start(qapp)


@pytest.mark.security("S49")
def test_no_control_reads_text_as_markup(qtbot: QtBot) -> None:
    banner, elided = Banner("soon", MARKUP), ElidedText(MARKUP)
    labels: list[QLabel] = [Text(MARKUP), elided, Monogram(MARKUP), Badge(MARKUP), banner.text]
    for label in labels:
        qtbot.addWidget(label)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.text() == MARKUP
    for found in banner.findChildren(QLabel):
        assert found.textFormat() == Qt.TextFormat.PlainText or not found.text()


def test_a_banner_offers_one_action(qtbot: QtBot) -> None:
    pressed: list[str] = []
    banner = Banner("urgent", "Do not quit yet.", ("Try again", lambda: pressed.append("again")))
    qtbot.addWidget(banner)
    assert banner.button is not None
    banner.button.click()
    assert pressed == ["again"]
    banner.set("fresh", "Saved.")
    assert banner.text.text() == "Saved."
    assert banner.property("kind") == "fresh"


def test_long_text_is_cut_and_kept_for_a_screen_reader(qtbot: QtBot) -> None:
    whole = "a very long account name " * 4
    text = ElidedText(whole)
    qtbot.addWidget(text)
    text.resize(80, 20)
    assert text.elided_text().endswith("…")
    assert text.text() == whole
    assert QAccessible.queryAccessibleInterface(text).text(QAccessible.Text.Name) == whole
    cut = text.grab().toImage()
    text.setText("short")
    assert text.elided_text() == "short"
    assert text.grab().toImage() != cut


@pytest.mark.parametrize("kind", [PlainButton, PrimaryButton, DangerButton])
def test_buttons_are_32_high_and_reached_by_keyboard(kind: type[PlainButton], qtbot: QtBot) -> None:
    theme().use("light")
    button = kind("Copy token", "copy")
    qtbot.addWidget(button)
    button.show()
    assert button.sizeHint().height() == 32
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    without = button.grab().toImage()
    button.window().activateWindow()
    button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(button.hasFocus)
    assert button.grab().toImage() != without, "the focus is seen"
    assert button.sizeHint().height() == 32
    theme().use(None)


def test_a_focused_button_keeps_its_size(qtbot: QtBot) -> None:
    for button in (PlainButton("Refresh"), PrimaryButton("Copy"), DangerButton("Remove")):
        qtbot.addWidget(button)
        button.show()
        before = button.sizeHint()
        button.activateWindow()
        button.setFocus()
        qtbot.waitUntil(button.hasFocus)
        assert button.sizeHint() == before


def test_a_picture_button_has_a_name(qtbot: QtBot) -> None:
    button = IconButton("more", "More actions")
    qtbot.addWidget(button)
    interface = QAccessible.queryAccessibleInterface(button)
    assert interface.text(QAccessible.Text.Name) == "More actions"
    assert not button.icon().isNull()


def test_a_card_is_wide_enough(qtbot: QtBot) -> None:
    card = Card()
    qtbot.addWidget(card)
    assert card.minimumWidth() == theme().px(296)
    assert card.body.contentsMargins().left() == 16


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
    assert secret_edit._hide_timer.interval() == REVEAL_MS == 10_000
    secret_edit._hide_timer.setInterval(20)
    secret_edit.reveal()
    qtbot.waitUntil(lambda: not secret_edit.revealed)
    secret_edit._hide_timer.setInterval(REVEAL_MS)
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
