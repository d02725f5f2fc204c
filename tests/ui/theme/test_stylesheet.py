"""The stylesheet: every token is filled in."""

import pytest
from PySide6.QtWidgets import QApplication

from keyrack.ui.theme.palette import DARK, LIGHT, Palette
from keyrack.ui.theme.stylesheet import stylesheet


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: str(palette.name))
def test_the_stylesheet_has_no_token_left(palette: Palette, qapp: QApplication) -> None:
    sheet = stylesheet(palette, round)
    assert "$" not in sheet
    assert palette.surface.name() in sheet
    assert (DARK if palette is LIGHT else LIGHT).ground.name() not in sheet
