"""The tray's picture: Keyrack's silhouette with a mark for the worst state of all accounts."""

import os
import sys
from collections.abc import Iterable, Mapping
from typing import Literal

from PySide6.QtGui import QColor, QIcon

from keyrack.ui.icons import two_tone
from keyrack.ui.palette import DARK, LIGHT, Palette

TrayState = Literal["fresh", "renewing", "offline", "needs", "locked"]

_SIZES = (16, 22, 24, 32)
_RATIOS = (1.0, 2.0)
_ALWAYS_DARK_PANELS = {"GNOME", "UNITY", "PANTHEON", "POP"}
_WORST_LAST: tuple[TrayState, ...] = ("fresh", "renewing", "offline", "needs")
_BY_STATUS: dict[str, TrayState] = {
    "ready": "fresh",
    "refreshing": "renewing",
    "signing_in": "renewing",
    "retrying": "offline",
    "unsaved": "needs",
    "needs_login": "needs",
    "keyring_unavailable": "needs",
}
_MARK: dict[TrayState, str] = {
    "fresh": "fresh",
    "renewing": "accent",
    "offline": "soon",
    "needs": "urgent",
    "locked": "off",
}


def state_for(status: str) -> TrayState | None:
    """What a status of `status --json` means for the tray; None for accounts that do not count, such as closed ones."""
    return _BY_STATUS.get(status)


def worst(statuses: Iterable[str]) -> TrayState:
    """The worst of several accounts' states; no account at all is no trouble."""
    found = {_BY_STATUS[status] for status in statuses if status in _BY_STATUS}
    return max(found, key=_WORST_LAST.index, default="fresh")


def panel_is_dark(colours: Palette, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the panel behind the icon is dark: some desktops keep it dark in their light scheme too."""
    desktops = {name.upper() for name in environment.get("XDG_CURRENT_DESKTOP", "").split(":")}
    return colours.name == "dark" or bool(desktops & _ALWAYS_DARK_PANELS)


def tray_icon(state: TrayState, *, dark: bool) -> QIcon:
    """The icon for a panel that is dark or light; macOS gets a mask and tints it itself."""
    colours = DARK if dark else LIGHT
    made = QIcon()
    for size in _SIZES:
        for ratio in _RATIOS:
            made.addPixmap(two_tone(f"tray/{state}", colours.text, _mark(state, colours), size, ratio))
    made.setIsMask(sys.platform == "darwin")
    return made


def _mark(state: TrayState, colours: Palette) -> QColor:
    return colours.tone(_MARK[state])
