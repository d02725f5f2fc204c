"""The ring is drawn while the person uses the keyboard, and goes at the first press of the mouse."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.history.asset_bar import AssetBar
from keyrack.ui.history.course_line import CourseLine
from keyrack.ui.theme.focus_ring import FocusRing
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import (
    CheckBox,
    DangerButton,
    IconButton,
    LinkButton,
    PlainButton,
    PrimaryButton,
    QuietButton,
    RadioButton,
)
from keyrack.ui.widgets.controls import Card
from keyrack.ui.widgets.tile import Tile
from tests.ui.harness import WindowHarness, button, make_harness


def combo() -> QComboBox:
    box = QComboBox()
    box.addItems(["EUR", "USD"])
    return box


def card() -> Card:
    made = Card(hover=True)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def bar() -> AssetBar:
    made = AssetBar("Value by asset")
    made.show_assets([("BTC", Decimal(3)), ("ETH", Decimal(1))], "USD", private=False)
    return made


MAKES: dict[str, Callable[[], QWidget]] = {
    "plain": lambda: PlainButton("Add"),
    "primary": lambda: PrimaryButton("Add"),
    "danger": lambda: DangerButton("Remove"),
    "quiet": lambda: QuietButton("Add"),
    "link": lambda: LinkButton("Add"),
    "icon": lambda: IconButton("plus", "Add"),
    "tile": lambda: Tile("Add", "An account.", icon="plus"),
    "radio": lambda: RadioButton("Ask"),
    "check": lambda: CheckBox("Keep"),
    "combo": combo,
    "card": card,
    "asset bar": bar,
    "course": lambda: CourseLine("Course", 200, 36, keys=True),
}


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    if not qapp.styleSheet():
        theme().start(qapp)
    theme().use("light")
    yield
    theme().use(None)


def shown(qtbot: QtBot, *controls: QWidget) -> QWidget:
    form = QWidget()
    column = QVBoxLayout(form)
    for control in controls:
        column.addWidget(control)
    qtbot.addWidget(form)
    form.resize(320, 300)
    form.show()
    form.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is form)
    return form


def key(window: QWidget, which: Qt.Key = Qt.Key.Key_Tab) -> None:
    """Press a key as the screen does."""
    QTest.keyClick(window.windowHandle(), which)


def click(window: QWidget, place: QPoint) -> None:
    """Press the mouse as the screen does."""
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)


def picture(control: QWidget) -> QImage:
    QApplication.processEvents()
    return control.grab().toImage()


@pytest.mark.parametrize("name", MAKES)
def test_each_control_shows_it_by_key_and_not_by_mouse(qtbot: QtBot, name: str) -> None:
    first, control = PlainButton("First"), MAKES[name]()
    form = shown(qtbot, first, control)
    beside = form.rect().bottomLeft() + QPoint(1, -1)
    click(form, beside)
    first.setFocus()
    without = picture(control)
    control.setFocus()
    assert control.hasFocus()
    assert picture(control) == without, "the page put it there, after a press of the mouse"
    key(form, Qt.Key.Key_F35)
    by_key = picture(control)
    assert by_key != without, "the first key shows where one is"
    click(form, beside)
    assert picture(control) == without
    first.setFocus()
    key(form)
    assert control.hasFocus()
    assert picture(control) == by_key
    key(form, Qt.Key.Key_Backtab)
    assert first.hasFocus()
    assert picture(control) == without


def test_a_line_for_text_shows_it_always(qtbot: QtBot) -> None:
    first, line = PlainButton("First"), QLineEdit()
    form = shown(qtbot, first, line)
    first.setFocus()
    without = picture(line)
    click(form, line.geometry().center())
    assert line.hasFocus()
    assert picture(line) != without


def test_a_key_that_is_only_held_shows_nothing(qtbot: QtBot) -> None:
    first = PlainButton("First")
    form = shown(qtbot, first)
    click(form, form.rect().bottomLeft() + QPoint(1, -1))
    first.setFocus()
    without = picture(first)
    for held in (Qt.Key.Key_Control, Qt.Key.Key_Shift, Qt.Key.Key_Alt):
        key(form, held)
        assert picture(first) == without


def test_a_window_that_was_there_before_the_theme_shows_it_at_the_first_key(qtbot: QtBot, qapp: QApplication) -> None:
    """At a start the window is painted, and may have the keyboard, before there is a look."""
    first, second = PlainButton("First"), PlainButton("Second")
    form = shown(qtbot, first, second)
    for before in qapp.findChildren(FocusRing):
        form.windowHandle().removeEventFilter(before)
    first.setFocus()
    second_without = picture(second)
    ring = FocusRing(qapp)
    try:
        key(form)
        assert second.hasFocus()
        assert picture(second) != second_without
    finally:
        ring.deleteLater()


def test_a_page_that_was_opened_by_mouse_shows_none_and_by_a_shortcut_one(qtbot: QtBot, tmp_path: Path) -> None:
    harness: WindowHarness = make_harness(tmp_path)
    qtbot.addWidget(harness.window)
    window = harness.window
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    add = button(harness, "add_account")
    click(window, add.mapTo(window, add.rect().center()))
    first = window.focusWidget().objectName()
    assert first.startswith("provider:")
    without = picture(window.focusWidget())
    key(window, Qt.Key.Key_Right)
    assert picture(window.focusWidget()) != without
    key(window, Qt.Key.Key_Escape)
    click(window, harness.contents.sidebar.brand.geometry().center())
    QTest.keyClick(window.windowHandle(), Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.focusWidget().objectName() == first
    assert picture(window.focusWidget()) != without
