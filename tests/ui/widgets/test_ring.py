"""The ring: it empties clockwise, shows its state by shape, and moves only while it is visible."""

from collections.abc import Iterator
from itertools import combinations
from math import cos, pi, sin
from typing import get_args

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.palette import DARK, LIGHT
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.ring import CARD, MARK, PANE, Ring
from keyrack.ui.widgets.ring_kind import TONE, Kind

KINDS: tuple[Kind, ...] = get_args(Kind)


@pytest.fixture(autouse=True)
def light_and_moving(qapp: QApplication) -> Iterator[None]:
    theme().use("light")
    theme().allow_motion(allowed=True)
    yield
    theme().use(None)
    theme().allow_motion(allowed=None)


def drawn(ring: Ring) -> QImage:
    ring.resize(ring.sizeHint())
    return ring.grab().toImage()


def on_ring(image: QImage, turn: float, inset: float) -> QColor:
    """The colour at `turn` (0 to 1, with the clock from twelve) in the middle of the stroke."""
    middle, radius = image.width() / 2, image.width() / 2 - inset
    return image.pixelColor(int(middle + radius * sin(2 * pi * turn)), int(middle - radius * cos(2 * pi * turn)))


@pytest.mark.parametrize("fraction", [0.9, 0.75, 0.5, 0.3])
def test_it_empties_with_the_clock_from_twelve(fraction: float, qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.set(fraction, "3:41", "fresh")
    image = drawn(ring)
    gone = 1 - fraction
    assert on_ring(image, gone / 2, 4.5).name() == LIGHT.edge.name(), "what is gone is the track, right of twelve"
    for share in (0.2, 0.5, 0.8):
        assert on_ring(image, gone + fraction * share, 4.5) == LIGHT.fresh


def test_a_whole_and_an_empty_ring(qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.set(7.0, "", "fresh")
    assert ring.fraction == 1
    assert {on_ring(drawn(ring), turn / 8, 4.5).name() for turn in range(8)} == {LIGHT.fresh.name()}
    ring.set(-1.0, "", "fresh")
    assert {on_ring(drawn(ring), turn / 8, 4.5).name() for turn in range(8)} == {LIGHT.edge.name()}


@pytest.mark.parametrize("size", [PANE, CARD, MARK])
def test_states_differ_in_shape_not_only_in_colour(size: int, qtbot: QtBot) -> None:
    shapes: dict[str, list[bool]] = {}
    for kind in KINDS:
        ring = Ring(size)
        qtbot.addWidget(ring)
        ring.set(0.5, "", kind)
        colour = theme().palette.tone(TONE[kind])
        image = drawn(ring)
        shapes[kind] = [
            _near(image.pixelColor(x, y), colour) for x in range(image.width()) for y in range(image.height())
        ]
    for one, other in combinations(KINDS, 2):
        differing = sum(a != b for a, b in zip(shapes[one], shapes[other], strict=True))
        assert differing >= 3, f"{one} looks like {other} at {size} px"


def _near(colour: QColor, other: QColor) -> bool:
    return (
        abs(colour.red() - other.red()) + abs(colour.green() - other.green()) + abs(colour.blue() - other.blue()) < 150
    )


@pytest.mark.parametrize("kind", ["soon", "urgent"])
def test_time_running_out_shows_as_shape_below_the_time(kind: Kind, qtbot: QtBot) -> None:
    plain, warned = Ring(PANE), Ring(PANE)
    for ring in (plain, warned):
        qtbot.addWidget(ring)
    plain.set(0.05, "0:18", "fresh")
    warned.set(0.05, "0:18", kind)
    below = [(66, y) for y in range(92, 116)]
    assert all(drawn(plain).pixelColor(*at) != LIGHT.tone(TONE[kind]) for at in below)
    assert any(drawn(warned).pixelColor(*at) == LIGHT.tone(TONE[kind]) for at in below)


def test_the_text_fits_or_a_sign_stands_for_it(qtbot: QtBot) -> None:
    ring = Ring(CARD)
    qtbot.addWidget(ring)
    ring.set(None, "does not expire soon", "fresh")
    sign = drawn(ring)
    ring.set(None, "", "fresh")
    assert drawn(ring) == sign
    assert "does not expire soon" not in ring.accessibleName()
    ring.set(0.5, "2:05:10", "fresh")
    assert drawn(ring) != sign


@pytest.mark.parametrize("shown", [True, False])
def test_it_turns_only_while_it_is_seen(shown: bool, qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.set(0.2, "0:58", "renewing")
    assert not ring.turning
    if shown:
        ring.show()
    assert ring.turning is shown
    ring.hide()
    assert not ring.turning


def test_it_stops_when_the_state_is_another_or_motion_is_refused(qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.show()
    seen = []
    ring.set(0.2, "0:58", "renewing")
    for allowed in (True, False, True):
        theme().allow_motion(allowed=allowed)
        seen.append(ring.turning)
    ring.set(1.0, "5:00", "fresh")
    assert [*seen, ring.turning] == [True, False, True, False]


def test_a_turning_ring_moves(qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.show()
    ring.set(0.2, "0:58", "renewing")
    first = ring.grab().toImage()
    qtbot.waitUntil(lambda: ring.grab().toImage() != first)


def test_a_screen_reader_hears_the_state_and_no_figure_that_counts(qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.set(0.72, "3:41", "fresh")
    assert (ring.accessibleName(), ring.accessibleDescription()) == ("Fresh", "")
    ring.set(1.0, "", "off")
    assert (ring.accessibleName(), ring.accessibleDescription()) == ("Off", "")


def test_the_scheme_is_followed(qtbot: QtBot) -> None:
    ring = Ring(PANE)
    qtbot.addWidget(ring)
    ring.set(0.5, "", "fresh")
    theme().use("dark")
    assert on_ring(drawn(ring), 0.75, 4.5) == DARK.fresh


@pytest.mark.parametrize("text", ["13 days", "364 days", "3:41"])
@pytest.mark.parametrize(("size", "stroke"), [(CARD, 4.5), (PANE, 9)])
def test_its_text_stays_inside_of_it(text: str, size: int, stroke: float, qtbot: QtBot) -> None:
    ring = Ring(size)
    qtbot.addWidget(ring)
    ring.set(1.0, "", "soon")
    bare = drawn(ring)
    ring.set(1.0, text, "soon")
    image = drawn(ring)
    middle, radius = size / 2, size / 2 - stroke
    inked = [(x, y) for x in range(size) for y in range(size) if image.pixel(x, y) != bare.pixel(x, y)]
    assert inked
    assert all((x + 0.5 - middle) ** 2 + (y + 0.5 - middle) ** 2 <= radius**2 for x, y in inked)


def on_screen(ring: Ring) -> QImage:
    return ring.screen().grabWindow(ring.winId()).toImage()


@pytest.mark.parametrize("kind", ["fresh", "soon", "urgent"])
@pytest.mark.parametrize("texts", [("58:18", "41:11"), ("2:00:12", "1:11:18"), ("8:09", "0:01")], ids=len)
@pytest.mark.parametrize("size", [CARD, PANE])
def test_counting_leaves_the_picture_that_a_new_ring_has(
    size: int, texts: tuple[str, str], kind: Kind, qtbot: QtBot
) -> None:
    theme().allow_motion(allowed=False)
    rings = []
    for first in texts:
        ring = Ring(size, ground=lambda: QColor("white"))
        qtbot.addWidget(ring)
        ring.set(0.5, first, kind)
        with qtbot.waitExposed(ring):
            ring.show()
        rings.append(ring)
    counting, new = rings
    assert on_screen(counting) != on_screen(new)
    counting.set(0.5, texts[1], kind)
    qtbot.waitUntil(lambda: on_screen(counting) == on_screen(new))
