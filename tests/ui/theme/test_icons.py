"""The drawings: all of them readable, in palette colours only, tinted, and different where they mean something else."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from keyrack.resources import resource, resources
from keyrack.ui.theme.icons import Icon, pixmap, product_icon
from keyrack.ui.theme.palette import DARK, LIGHT
from keyrack.ui.theme.theme import theme

ICONS = sorted((resources() / "icons").rglob("*.svg"))
_MASK = {"#000000"}
_SHEET_GREY = {"#7A828D"}


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("path", ICONS, ids=lambda path: str(path.stem))
def test_each_drawing_is_valid_and_uses_palette_colours(path: Path, qapp: QApplication) -> None:
    source = path.read_text(encoding="utf-8")
    assert QSvgRenderer(str(path)).isValid()
    named = {getattr(palette, name).name().upper() for palette in (LIGHT, DARK) for name in ("accent", "on_accent")}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", source)) <= named | _MASK | _SHEET_GREY
    assert "<script" not in source
    assert "href" not in source


def test_a_picture_is_drawn_in_the_asked_colour(qapp: QApplication) -> None:
    image = pixmap("more", QColor("#B93127"), 16, 4.0).toImage()
    assert colours(image) == {"#b93127"}
    assert image.width() == 64


def test_an_icon_follows_the_scheme(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    Icon("more", "text", 64).put_on(label)
    for scheme, palette in (("dark", DARK), ("light", LIGHT)):
        theme().use("dark" if scheme == "dark" else "light")
        assert palette.text.name() in colours(label.pixmap().toImage())
    theme().use(None)


def test_the_product_icon_has_every_size(qapp: QApplication) -> None:
    made = product_icon()
    for size in (16, 24, 32, 48, 128, 256):
        assert QSize(size, size) in made.availableSizes()
    small = made.pixmap(QSize(16, 16)).toImage()
    assert {LIGHT.accent.name(), LIGHT.on_accent.name()} <= colours(small), "key and ground at 16 px"


def test_a_missing_resource_is_named() -> None:
    assert resource("icons/keyrack.svg").is_file()
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg"):
        resource("icons/none.svg")
