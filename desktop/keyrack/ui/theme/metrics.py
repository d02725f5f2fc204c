"""The grid and the type scale: every length and text size of the design, in pixels.

Gaps and radii are in pixels at the current font wherever they are read, because no layout may forget it. Sizes of
things are as designed, and `theme().px` turns them into pixels.
"""

from typing import Literal, cast

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QGuiApplication

_SYSTEM_BODY = 13.0
_ORDINARY = (11.5, 14.5)
_LARGEST_SCALE = 3.0
_POINTS_PER_INCH = 72
# A page can be laid out down to this size (WCAG 2.2, 1.4.10), so a small screen limits how much larger it becomes.
_LEAST_ROOM = (320, 210)


class Scale:
    """The factor by which everything is larger than designed. Gaps grow half as fast as the text between them."""

    factor = 1.0

    def fit(self, font: QFont, room: QSize, percent: int) -> None:
        """Take so many percent of the size that `font` is beside an ordinary one, on a screen with this room."""
        most = min(room.width() / _LEAST_ROOM[0], room.height() / _LEAST_ROOM[1])
        self.factor = min(scale_of(font) * percent / 100, max(1.0, most))

    def px(self, designed: float) -> int:
        """A designed length in pixels."""
        return round(designed * self.factor)

    @property
    def of_gaps(self) -> float:
        """The factor of gaps and radii."""
        return 1 + (self.factor - 1) / 2


SCALE = Scale()


def scale_of(font: QFont) -> float:
    """1 for the font sizes that desktops ship with, else in proportion to the person's choice.

    No font is looked for on the disk, which takes longer than the first paint.
    """
    size = font.pixelSize() if font.pixelSize() > 0 else font.pointSizeF() * _dots_per_inch() / _POINTS_PER_INCH
    if _ORDINARY[0] <= size <= _ORDINARY[1]:
        return 1.0
    return max(0.8, min(size / _SYSTEM_BODY, _LARGEST_SCALE))


def _dots_per_inch() -> float:
    return QGuiApplication.primaryScreen().logicalDotsPerInch()


class Length:
    """A designed length that is a number of pixels when Qt or a sum reads it."""

    def __init__(self, designed: float) -> None:
        self._designed = designed

    def __index__(self) -> int:
        return round(self._designed * SCALE.of_gaps)

    def __float__(self) -> float:
        return float(self.__index__())

    def __add__(self, other: int) -> int:
        return self.__index__() + int(other)

    def __sub__(self, other: int) -> int:
        return self.__index__() - int(other)

    def __mul__(self, other: int) -> int:
        return self.__index__() * int(other)

    def __floordiv__(self, other: int) -> int:
        return self.__index__() // int(other)

    def __rsub__(self, other: int) -> int:
        return int(other) - self.__index__()

    def __neg__(self) -> int:
        return -self.__index__()

    def __gt__(self, other: int) -> bool:
        return self.__index__() > int(other)

    def __lt__(self, other: int) -> bool:
        return self.__index__() < int(other)

    __radd__ = __add__
    __rmul__ = __mul__


def _length(designed: float) -> int:
    """A length that scales. To its readers it is a whole number."""
    return cast("int", Length(designed))


GRID = _length(4)
GAP_S = _length(8)
GAP_M = _length(12)
GAP_L = _length(16)
GAP_XL = _length(24)
MARGIN = _length(24)
SIDEBAR = 256
CARD_WIDTH = 296
PAGE_MOST = 1100
READING_MOST = 940
PAGE_WIDE = 1320
PAGE_BESIDE = 420
BESIDE_FROM = 1120
FLOATING_MOST = 560
SHADOW = 14
CARD_INSIDE = _length(16)
RADIUS_CARD = _length(10)
RADIUS_CONTROL = _length(7)
CONTROL_HEIGHT = 32
SMALL_HEIGHT = 28
ROW_HEIGHT = 34
HAIRLINE = 1
FOCUS_LINE = 2
ICON = 16
MONOGRAM = 36
FLASH_MS = 600
MOVE_MS = 140

TypeRole = Literal["caption", "body", "strong", "title", "countdown"]
TYPE: dict[TypeRole, tuple[int, QFont.Weight]] = {
    "caption": (11, QFont.Weight.Normal),
    "body": (13, QFont.Weight.Normal),
    "strong": (15, QFont.Weight.DemiBold),
    "title": (20, QFont.Weight.DemiBold),
    "countdown": (30, QFont.Weight.DemiBold),
}
