"""A tile: its focus is the ring of all other controls."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.tile import Tile


def test_the_focus_is_a_ring_of_two_pixels_and_nothing_inside(qapp: QApplication, qtbot: QtBot) -> None:
    if not qapp.styleSheet():
        theme().start(qapp)
    theme().use("light")
    tile = Tile("Bitport", "Sign-in: Browser", letters="BP")
    qtbot.addWidget(tile)
    tile.resize(300, 80)
    tile.show()
    tile.activateWindow()
    size = tile.sizeHint()
    before = tile.grab().toImage()
    qtbot.waitUntil(tile.isActiveWindow)
    QTest.keyClick(tile.windowHandle(), Qt.Key.Key_Tab)
    assert tile.hasFocus()
    after = tile.grab().toImage()
    middle = tile.height() // 2
    accent = theme().palette.accent.name()
    assert [after.pixelColor(x, middle).name() == accent for x in range(3)] == [True, True, False]
    inside = [(x, y) for x in range(15, 285) for y in (3, 4, 5, 74, 75, 76)]
    assert all(after.pixel(x, y) == before.pixel(x, y) for x, y in inside)
    assert tile.sizeHint() == size
    theme().use(None)
