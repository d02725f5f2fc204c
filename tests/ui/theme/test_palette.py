"""The colours: every text and every focus ring can be seen."""

import pytest
from PySide6.QtGui import QColor

from keyrack.ui.theme.palette import DARK, DARK_STRONG, LIGHT, LIGHT_STRONG, Palette, contrast

ALL = pytest.mark.parametrize(
    "palette", [LIGHT, DARK, LIGHT_STRONG, DARK_STRONG], ids=["light", "dark", "light strong", "dark strong"]
)
STRONG = pytest.mark.parametrize("palette", [LIGHT_STRONG, DARK_STRONG], ids=["light", "dark"])
TONES = ("accent", "fresh", "soon", "urgent", "off")
TEXTS = ("text", "second", "accent", "fresh", "soon", "urgent", "off")


@ALL
@pytest.mark.parametrize("ground", ["ground", "surface"])
@pytest.mark.parametrize("text", TEXTS)
def test_every_text_reaches_aa(palette: Palette, ground: str, text: str) -> None:
    assert contrast(palette.tone(text), palette.tone(ground)) >= 4.5


@ALL
def test_text_on_fills_reaches_aa(palette: Palette) -> None:
    for fill in (palette.accent, palette.accent_hover, palette.accent_pressed):
        assert contrast(palette.on_accent, fill) >= 4.5
    for quiet in (palette.hover, palette.selected, palette.pressed):
        assert contrast(palette.text, quiet) >= 4.5
    for tone in TONES:
        assert contrast(palette.text, palette.soft(tone)) >= 4.5
        assert contrast(palette.tone(tone), palette.soft(tone)) >= 4.5
        assert contrast(palette.second, palette.soft(tone)) >= 4.5, "the reasons of a callout"
        assert contrast(palette.accent, palette.soft(tone)) >= 4.5, "its link"


@ALL
def test_the_focus_ring_is_seen(palette: Palette) -> None:
    assert contrast(palette.accent, palette.surface) >= 3
    assert contrast(palette.accent, palette.ground) >= 3
    assert contrast(palette.on_accent, palette.accent) >= 3, "the filled button's ring"


@ALL
def test_the_border_of_each_control_and_the_track_of_a_ring_are_seen(palette: Palette) -> None:
    for ground in (palette.ground, palette.surface, palette.hover):
        assert contrast(palette.edge, ground) >= 3
    for ground in (palette.ground, palette.surface):
        assert contrast(palette.danger_edge, ground) >= 3
        assert contrast(palette.second, ground) > contrast(palette.edge, ground), "a field under the mouse"


@STRONG
def test_with_more_contrast_every_text_reaches_aaa(palette: Palette) -> None:
    plain = (palette.ground, palette.surface)
    for text in TEXTS:
        for ground in (*plain, palette.hover):
            assert contrast(palette.tone(text), ground) >= 7, text
    for tone in TONES:
        for text in (tone, "text", "second", "accent"):
            assert contrast(palette.tone(text), palette.soft(tone)) >= 7, (text, tone)
    for text in ("text", "second", "off", "fresh", "soon", "urgent", "accent"):
        assert contrast(palette.tone(text), palette.selected) >= 7, "a chosen line of the sidebar"
    for fill in (palette.accent, palette.accent_hover, palette.accent_pressed):
        assert contrast(palette.on_accent, fill) >= 7


@STRONG
def test_with_more_contrast_every_border_is_seen(palette: Palette) -> None:
    borders = [palette.line, palette.edge, palette.rim, palette.danger_edge, *map(palette.border, TONES)]
    for border in borders:
        for ground in (palette.ground, palette.surface, palette.hover):
            assert contrast(border, ground) >= 4.5, border.name()


def test_contrast_is_the_known_measure() -> None:
    assert contrast(QColor("#000000"), QColor("#FFFFFF")) == pytest.approx(21)
    assert contrast(QColor("#777777"), QColor("#FFFFFF")) == pytest.approx(4.48, abs=0.01)
