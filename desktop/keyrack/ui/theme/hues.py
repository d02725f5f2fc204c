"""A quiet hue for each provider, so that its letters are told from another's at a glance."""

import math
from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

from PySide6.QtGui import QColor

from keyrack.ui.theme.palette import Palette, Scheme, mix

# Far enough apart to be told from each other. Hues of the urgent red are left out, because a tile warns of nothing.
_HUES = (262, 152, 55, 312, 215, 105, 345, 185, 285, 80, 238, 130)
# The id is hashed with this, chosen so that the built-in providers share few hues.
_SEED = 4753
# Lightness and chroma of the letters, and how much of them lies on the tile.
_LETTERS: dict[tuple[Scheme, bool], tuple[float, float]] = {
    ("light", False): (0.47, 0.105),
    ("dark", False): (0.82, 0.085),
    ("light", True): (0.36, 0.085),
    ("dark", True): (0.90, 0.060),
}
_ON_TILE = 0.13


@dataclass(frozen=True, slots=True)
class TileColours:
    """The colours of one tile. The letters reach WCAG AA on the ground, in strong colours AAA."""

    ground: QColor
    letters: QColor


def hue_of(provider: str) -> int:
    """The hue of a provider in degrees of OKLCH, fixed by its id."""
    return _HUES[crc32(provider.encode(), _SEED) % len(_HUES)]


def tile_colours(palette: Palette, hue: float) -> TileColours:
    """Ground and letters of a tile in a hue."""
    letters = QColor(_letters(palette.name, palette.strong, hue))
    return TileColours(mix(palette.surface, letters, _ON_TILE), letters)


@lru_cache(maxsize=64)
def _letters(scheme: Scheme, strong: bool, hue: float) -> str:
    lightness, chroma = _LETTERS[scheme, strong]
    return _from_oklch(lightness, chroma, hue).name()


def _from_oklch(lightness: float, chroma: float, hue: float) -> QColor:
    """A colour of the perceptual space OKLCH in sRGB, cut to what a screen can show (CSS Color 4, 18.1)."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return QColor.fromRgbF(*(_encoded(part) for part in linear))


def _encoded(part: float) -> float:
    part = max(0.0, min(1.0, part))
    return part * 12.92 if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)
