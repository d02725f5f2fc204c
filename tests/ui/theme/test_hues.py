"""The hues of the providers: letters that can be read on their tile, and tiles that are told apart."""

from itertools import combinations

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from keyrack.providers.registry import built_in
from keyrack.ui.theme.hues import hue_of, tile_colours
from keyrack.ui.theme.palette import DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, Palette, contrast
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Monogram

PALETTES = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: str(palette.name))


@PALETTES
def test_letters_reach_aa_on_their_tile_in_every_hue(palette: Palette) -> None:
    for hue in range(360):
        colours = tile_colours(palette, hue)
        assert contrast(colours.letters, colours.ground) >= 4.5, hue


@pytest.mark.parametrize("palette", [LIGHT_STRONG, DARK_STRONG], ids=lambda palette: str(palette.name))
def test_letters_reach_aaa_with_more_contrast(palette: Palette) -> None:
    for hue in range(360):
        colours = tile_colours(palette, hue)
        assert contrast(colours.letters, colours.ground) >= 7, hue


@PALETTES
def test_the_tile_is_quiet(palette: Palette) -> None:
    for hue in range(360):
        ground = tile_colours(palette, hue).ground
        assert contrast(ground, palette.surface) < 1.6, "no louder than a chosen row"


def test_a_provider_keeps_its_hue() -> None:
    assert {id: hue_of(id) for id in ("probit", "bitport", "whitebit")} == {
        "probit": 80,
        "bitport": 312,
        "whitebit": 185,
    }


@PALETTES
def test_providers_with_similar_letters_are_told_apart(palette: Palette) -> None:
    for one, other in combinations(("probit", "bitport", "whitebit"), 2):
        tiles = tile_colours(palette, hue_of(one)).letters, tile_colours(palette, hue_of(other)).letters
        assert _apart(*tiles) > 60, f"{one} looks like {other}"


def test_no_more_than_two_built_in_providers_share_a_hue() -> None:
    hues = [hue_of(provider.id) for provider in built_in()]
    assert max(hues.count(hue) for hue in hues) <= 2


def test_the_tile_is_drawn_in_its_hue_and_follows_the_scheme(qtbot: QtBot) -> None:
    tile = Monogram("WB", of="whitebit")
    qtbot.addWidget(tile)
    for palette in (LIGHT, DARK):
        theme().use(palette.name)
        drawn = tile.grab().toImage()
        ground = tile_colours(palette, hue_of("whitebit")).ground
        assert drawn.pixelColor(tile.width() // 2, 3).name() == ground.name()
    theme().use(None)


def _apart(one: QColor, other: QColor) -> int:
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue())
