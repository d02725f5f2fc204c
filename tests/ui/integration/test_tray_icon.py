"""The drawings of the tray: readable on every panel, and different for each state."""

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from keyrack.ui.integration.tray_icon import TrayState, panel_is_dark, state_for, tray_icon, worst
from keyrack.ui.theme.palette import DARK, LIGHT, contrast

STATES: tuple[TrayState, ...] = ("fresh", "renewing", "offline", "needs", "locked")


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("dark", [False, True])
def test_tray_states_differ_at_16_px_without_colour(dark: bool, qapp: QApplication) -> None:
    grey: dict[str, list[bool]] = {}
    for state in STATES:
        image = tray_icon(state, dark=dark).pixmap(QSize(16, 16)).toImage()
        pixels = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
        grey[state] = [pixel.alpha() > 200 and (pixel.lightness() > 127) is dark for pixel in pixels]
    for one, other in combinations(STATES, 2):
        differing = sum(a != b for a, b in zip(grey[one], grey[other], strict=True))
        assert differing >= 8, f"{one} looks like {other}"


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("panel", [LIGHT.ground, DARK.ground])
def test_it_is_seen_on_a_panel_of_any_colour(dark: bool, panel: QColor, qapp: QApplication) -> None:
    image = QImage(22, 22, QImage.Format.Format_RGB32)
    image.fill(panel)
    painter = QPainter(image)
    painter.drawPixmap(0, 0, tray_icon("fresh", dark=dark).pixmap(QSize(22, 22)))
    painter.end()
    seen = sum(contrast(image.pixelColor(x, y), panel) >= 7 for x in range(22) for y in range(22))
    assert seen >= 60


def test_the_silhouette_suits_the_panel(qapp: QApplication) -> None:
    assert LIGHT.text.name() in colours(tray_icon("fresh", dark=False).pixmap(QSize(32, 32)).toImage())
    assert DARK.text.name() in colours(tray_icon("fresh", dark=True).pixmap(QSize(32, 32)).toImage())
    assert panel_is_dark(LIGHT, {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}), "GNOME's panel is dark in its light scheme"
    assert panel_is_dark(LIGHT, {"XDG_CURRENT_DESKTOP": "XFCE"}), "xfce4-panel is dark as it is shipped"
    assert not panel_is_dark(LIGHT, {"XDG_CURRENT_DESKTOP": "KDE"})
    assert panel_is_dark(DARK, {})


@pytest.mark.parametrize(
    ("groups", "state"),
    [
        ([], "fresh"),
        (["fresh", "closed"], "fresh"),
        (["ending", "opening"], "fresh"),
        (["fresh", "signing_in"], "renewing"),
        (["refreshing", "retrying"], "offline"),
        (["fresh", "out"], "fresh"),
    ],
)
def test_the_worst_state_is_shown(groups: list[str], state: str) -> None:
    assert worst(map(state_for, groups)) == state
    assert worst([*map(state_for, groups), "needs"]) == "needs"
