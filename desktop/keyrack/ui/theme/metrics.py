"""The grid and the type scale: every length and text size of the design, in pixels."""

from typing import Literal

from PySide6.QtGui import QFont

GRID = 4
GAP_S = 8
GAP_M = 12
GAP_L = 16
GAP_XL = 24
MARGIN = 24
SIDEBAR = 256
CARD_WIDTH = 296
PAGE_MOST = 1100
CARD_INSIDE = 16
RADIUS_CARD = 10
RADIUS_CONTROL = 7
CONTROL_HEIGHT = 32
SMALL_HEIGHT = 28
ROW_HEIGHT = 34
HAIRLINE = 1
FOCUS_LINE = 2
ICON = 16
MONOGRAM = 36
FLASH_MS = 600

TypeRole = Literal["caption", "body", "strong", "title", "countdown"]
TYPE: dict[TypeRole, tuple[int, QFont.Weight]] = {
    "caption": (11, QFont.Weight.Normal),
    "body": (13, QFont.Weight.Normal),
    "strong": (15, QFont.Weight.DemiBold),
    "title": (20, QFont.Weight.DemiBold),
    "countdown": (30, QFont.Weight.DemiBold),
}
