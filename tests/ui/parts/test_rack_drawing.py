"""The product drawing: a key on each hook that is taken, in the theme's colours, sharp on every screen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.lock.unlock_page import UnlockPage
from keyrack.ui.overview.welcome import WelcomePage
from keyrack.ui.parts.rack_drawing import RackDrawing
from keyrack.ui.theme.palette import DARK, LIGHT
from keyrack.ui.theme.theme import theme
from tests.ui.harness import ACCOUNTS, make_harness


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> Iterator[None]:
    theme().use("light")
    yield
    theme().use(None)


def drawn(drawing: RackDrawing, ratio: int = 1) -> QImage:
    """The drawing alone, on a screen of this device pixel ratio."""
    drawing.resize(drawing.sizeHint())
    image = QImage(drawing.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(0)
    drawing.render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawChildren)
    return image


def count(image: QImage, colour: QColor) -> int:
    """The pixels of exactly this colour."""
    return pixels(image).count(colour.rgba())


def pixels(image: QImage) -> list[int]:
    """Every pixel as 0xAARRGGBB."""
    plain = image.convertToFormat(QImage.Format.Format_ARGB32)
    return memoryview(plain.constBits()).cast("B").cast("I").tolist()


def test_each_account_is_a_key_and_a_fresh_one_is_turned(qtbot: QtBot) -> None:
    drawing = RackDrawing()
    qtbot.addWidget(drawing)
    green = []
    for keys in ((), ("waiting",), ("fresh",), ("fresh", "fresh"), ("fresh", "waiting", "fresh", "fresh")):
        drawing.hang(keys)
        green.append(count(drawn(drawing), LIGHT.fresh))
    assert green[:2] == [0, 0]
    assert green[2] > 50
    assert green[3] > 1.8 * green[2]
    assert green[4] == pytest.approx(green[3], rel=0.05), "three hooks hold three keys"


def test_the_product_s_own_key_hangs_in_the_middle(qtbot: QtBot) -> None:
    drawing = RackDrawing(("product",))
    qtbot.addWidget(drawing)
    image = drawn(drawing)
    seen = [x for x in range(image.width()) if image.pixelColor(x, 80) == LIGHT.accent]
    assert seen
    assert abs(sum(seen) / len(seen) - image.width() / 2) < 6


def test_the_scheme_is_followed(qtbot: QtBot) -> None:
    drawing = RackDrawing(("fresh",), locked=True)
    qtbot.addWidget(drawing)
    theme().use("dark")
    assert count(drawn(drawing), DARK.fresh) > 50
    assert count(drawn(drawing), LIGHT.fresh) == 0


@pytest.mark.parametrize("ratio", [2, 3])
def test_it_is_drawn_anew_and_not_blown_up(ratio: int, qtbot: QtBot) -> None:
    drawing = RackDrawing(("fresh", "waiting"), locked=True)
    qtbot.addWidget(drawing)
    small, large = drawn(drawing), drawn(drawing, ratio)
    share = _soft(large) / _soft(small)
    assert share < 1.3 * ratio, "soft pixels grow with the outline and not with the area"


def _soft(image: QImage) -> int:
    """The pixels that are neither empty nor whole: the smoothed outline."""
    return sum(0 < pixel >> 24 < 255 for pixel in pixels(image))


def test_the_lock_page_hangs_the_accounts_and_follows_them(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path, ACCOUNTS[:2])
    qtbot.addWidget(harness.window)
    harness.window.show()
    harness.active("p1")
    harness.rack.lock.lock(by_hand=True)
    page = harness.window.findChild(UnlockPage)
    assert page is not None
    assert page.rack.keys == ("fresh", "waiting")
    harness.active("p2")
    assert page.rack.keys == ("fresh", "fresh")


def test_the_picture_leaves_room_in_a_low_window(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path, ())
    qtbot.addWidget(harness.window)
    harness.window.show()
    page = harness.window.findChild(WelcomePage)
    assert page is not None
    assert page.head.picture.isVisible()
    harness.window.resize(640, 420)
    qtbot.waitUntil(lambda: not page.head.picture.isVisible())
    bottom = page.add.mapTo(page, page.add.rect().bottomLeft()).y()
    assert bottom < page.height(), "the first way to begin is seen without scrolling"
