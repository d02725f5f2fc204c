"""The stylesheet: every token is filled in."""

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.palette import DARK, LIGHT, Palette, contrast
from keyrack.ui.theme.stylesheet import stylesheet
from keyrack.ui.widgets.buttons import PlainButton


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: str(palette.name))
def test_the_stylesheet_has_no_token_left(palette: Palette, qapp: QApplication) -> None:
    sheet = stylesheet(palette, round)
    assert "$" not in sheet
    assert palette.surface.name() in sheet
    assert (DARK if palette is LIGHT else LIGHT).ground.name() not in sheet


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: str(palette.name))
@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit, QComboBox, QCheckBox, QRadioButton, PlainButton])
def test_the_border_that_is_drawn_can_be_seen(palette: Palette, kind: type[QWidget], qtbot: QtBot) -> None:
    page = QWidget()
    page.setProperty("role", "page")
    page.setStyleSheet(stylesheet(palette, round))
    qtbot.addWidget(page)
    control = kind("x") if kind is PlainButton else kind()
    column = QVBoxLayout(page)
    column.addWidget(control)
    page.resize(200, 60)
    picture = page.grab().toImage()
    middle, area = picture.height() // 2, control.geometry()
    line = [picture.pixelColor(x, middle) for x in range(area.left() - 1, area.left() + 9)]
    assert max(contrast(colour, palette.ground) for colour in line) >= 3


def test_lengths_grow_with_the_text_and_thin_lines_do_not(qapp: QApplication) -> None:
    usual, large = stylesheet(LIGHT, round), stylesheet(LIGHT, lambda designed: round(designed * 2))
    assert "width: 26px" in usual
    assert "width: 52px" in large
    assert usual.count("1px solid") == large.count("1px solid") > 0
    assert usual.count("2px solid") == large.count("2px solid") > 0
