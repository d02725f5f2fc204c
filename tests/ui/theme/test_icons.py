"""The drawings: all of them readable, in palette colours only, tinted, and different where they mean something else."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from keyrack.resources import resource, resources
from keyrack.ui.integration.tray_icon import TrayState, panel_is_dark, tray_icon, worst
from keyrack.ui.theme.icons import Icon, pixmap, product_icon
from keyrack.ui.theme.palette import DARK, LIGHT, contrast
from keyrack.ui.theme.theme import theme

ICONS = sorted((resources() / "icons").rglob("*.svg"))
STATES: tuple[TrayState, ...] = ("fresh", "renewing", "offline", "needs", "locked")
_MASK = {"#000000"}
_SHEET_GREY = {"#7A828D"}


def colours(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }


@pytest.mark.parametrize("path", ICONS, ids=lambda path: str(path.stem))
def test_each_drawing_is_valid_and_uses_palette_colours(path: Path, qapp: QApplication) -> None:
    source = path.read_text(encoding="utf-8")
    assert QSvgRenderer(str(path)).isValid()
    named = {getattr(palette, name).name().upper() for palette in (LIGHT, DARK) for name in ("accent", "on_accent")}
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", source)) <= named | _MASK | _SHEET_GREY
    assert "<script" not in source
    assert "href" not in source


def test_a_picture_is_drawn_in_the_asked_colour(qapp: QApplication) -> None:
    image = pixmap("more", QColor("#B93127"), 16, 4.0).toImage()
    assert colours(image) == {"#b93127"}
    assert image.width() == 64


def test_an_icon_follows_the_scheme(qapp: QApplication, qtbot: QtBot) -> None:
    label = QLabel()
    qtbot.addWidget(label)
    Icon("more", "text", 64).put_on(label)
    for scheme, palette in (("dark", DARK), ("light", LIGHT)):
        theme().use("dark" if scheme == "dark" else "light")
        assert palette.text.name() in colours(label.pixmap().toImage())
    theme().use(None)


def test_the_product_icon_has_every_size(qapp: QApplication) -> None:
    made = product_icon()
    for size in (16, 24, 32, 48, 128, 256):
        assert QSize(size, size) in made.availableSizes()
    small = made.pixmap(QSize(16, 16)).toImage()
    assert {LIGHT.accent.name(), LIGHT.on_accent.name()} <= colours(small), "key and ground at 16 px"


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
    seen = sum(contrast(image.pixelColor(x, y), panel) >= 3 for x in range(22) for y in range(22))
    assert seen >= 30


def test_the_silhouette_suits_the_panel(qapp: QApplication) -> None:
    assert LIGHT.text.name() in colours(tray_icon("fresh", dark=False).pixmap(QSize(32, 32)).toImage())
    assert DARK.text.name() in colours(tray_icon("fresh", dark=True).pixmap(QSize(32, 32)).toImage())
    assert panel_is_dark(LIGHT, {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME"}), "GNOME's panel is dark in its light scheme"
    assert not panel_is_dark(LIGHT, {"XDG_CURRENT_DESKTOP": "KDE"})
    assert panel_is_dark(DARK, {})


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        ([], "fresh"),
        (["ready", "closed"], "fresh"),
        (["ready", "signing_in"], "renewing"),
        (["refreshing", "retrying"], "offline"),
        (["retrying", "needs_login", "ready"], "needs"),
        (["unsaved"], "needs"),
        (["keyring_unavailable"], "needs"),
    ],
)
def test_the_worst_state_is_shown(statuses: list[str], state: str) -> None:
    assert worst(statuses) == state


def test_a_missing_resource_is_named() -> None:
    assert resource("icons/keyrack.svg").is_file()
    with pytest.raises(FileNotFoundError, match=r"icons/none\.svg"):
        resource("icons/none.svg")
