"""The tray's picture: Keyrack's silhouette with a mark for the worst state of all accounts."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Literal

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap

from keyrack.ui.theme.icons import two_tone
from keyrack.ui.theme.palette import DARK, LIGHT, Palette

TrayState = Literal["fresh", "renewing", "offline", "needs", "locked"]

_SIZES = (16, 22, 24, 32)
_RATIOS = (1.0, 2.0)
_OUTLINE = 1.0
_DARK_PANELS = {"GNOME", "UNITY", "PANTHEON", "POP", "XFCE", "LXDE", "I3"}
_WORST_LAST: tuple[TrayState, ...] = ("fresh", "renewing", "offline", "needs")
_BY_GROUP: dict[str, TrayState] = {
    "fresh": "fresh",
    "ending": "fresh",
    "refreshing": "renewing",
    "signing_in": "renewing",
    "retrying": "offline",
    "needs": "needs",
}
_MARK: dict[TrayState, str] = {
    "fresh": "fresh",
    "renewing": "accent",
    "offline": "soon",
    "needs": "urgent",
    "locked": "off",
}


def state_for(group: str) -> TrayState | None:
    """The tray state of an account in a group of the overview's summary. None for accounts that do not count."""
    return _BY_GROUP.get(group)


def worst(states: Iterable[TrayState | None]) -> TrayState:
    """The worst of several accounts' states. Without accounts it is "fresh"."""
    return max({state for state in states if state is not None}, key=_WORST_LAST.index, default="fresh")


def panel_is_dark(colours: Palette, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the panel behind the icon is dark. Some desktops ship it dark in their light scheme too."""
    desktops = {name.upper() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
    return colours.name == "dark" or bool(desktops & _DARK_PANELS)


def tray_icon(state: TrayState, *, dark: bool) -> QIcon:
    """The icon for a dark or a light panel. macOS receives a mask and tints it itself.

    Elsewhere an outline in the opposite colour keeps it readable on a panel of an unexpected colour. No panel tells Qt
    its colour, and tint2, polybar and others are dark on desktops of any name.
    """
    mask = sys.platform == "darwin"
    made = QIcon()
    for size in _SIZES:
        for ratio in _RATIOS:
            colours, behind = (DARK, LIGHT) if dark else (LIGHT, DARK)
            front = two_tone(f"tray/{state}", colours.text, colours.tone(_MARK[state]), size, ratio)
            back = two_tone(f"tray/{state}", behind.text, behind.text, size, ratio)
            made.addPixmap(front if mask else _outlined(front, back))
    made.setIsMask(mask)
    return made


def _outlined(front: QPixmap, back: QPixmap) -> QPixmap:
    """`front` before copies of `back` that stick out by a pixel on each side."""
    picture = QPixmap(back.size())
    picture.setDevicePixelRatio(back.devicePixelRatio())
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    for right in (-_OUTLINE, 0, _OUTLINE):
        for down in (-_OUTLINE, 0, _OUTLINE):
            painter.drawPixmap(QPointF(right, down), back)
    painter.drawPixmap(0, 0, front)
    painter.end()
    return picture
