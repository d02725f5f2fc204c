"""The visual language: colours that can be read, one scheme at a time, sizes that follow the system."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontInfo
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.parts.banner import Banner
from keyrack.ui.theme.metrics import scale_of
from keyrack.ui.theme.palette import DARK, LIGHT
from keyrack.ui.theme.theme import Theme, theme
from keyrack.ui.widgets.controls import Text


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Theme]:
    if not qapp.styleSheet():
        theme().start(qapp)
    yield theme()
    theme().use(None)


def test_forcing_a_scheme_changes_what_is_drawn(dressed: Theme, qtbot: QtBot) -> None:
    page = QWidget()
    page.setProperty("role", "page")
    qtbot.addWidget(page)
    for scheme, palette in (("dark", DARK), ("light", LIGHT)):
        with qtbot.waitSignal(dressed.changed):
            dressed.use("dark" if scheme == "dark" else "light")
        assert dressed.palette is palette
        assert page.grab().toImage().pixelColor(5, 5).name() == palette.ground.name()


def test_the_system_s_scheme_is_followed_live(qapp: QApplication) -> None:
    system = [Qt.ColorScheme.Light]
    followed = Theme(lambda: system[0])
    followed.start(qapp)
    assert followed.palette is LIGHT
    system[0] = Qt.ColorScheme.Dark
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert followed.palette is DARK
    assert qapp.palette().window().color().name() == DARK.ground.name()
    assert DARK.ground.name() in qapp.styleSheet()
    followed.use("light")
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert followed.palette is LIGHT, "a forced scheme stays"


def test_colours_that_are_there_already_are_not_set_again(dressed: Theme, qtbot: QtBot) -> None:
    dressed.use("dark")
    with qtbot.assertNotEmitted(dressed.changed):
        dressed.use("dark")


def test_type_scale_follows_the_system_font() -> None:
    sizes = {size: QFont() for size in (9, 13, 12, 20, 80)}
    for size, font in sizes.items():
        font.setPixelSize(size)
    assert scale_of(sizes[12]) == scale_of(sizes[13]) == 1.0
    assert scale_of(sizes[20]) == pytest.approx(20 / 13)
    assert scale_of(sizes[9]) == 0.8
    assert scale_of(sizes[80]) == 3.0


def test_figures_are_tabular(dressed: Theme, qtbot: QtBot) -> None:
    font = dressed.font("countdown")
    assert font.pixelSize() == dressed.px(30)
    assert [bytes(tag.toString().data()) for tag in font.featureTags()] == [b"tnum"]
    text = Text("3:41", "title")
    qtbot.addWidget(text)
    text.ensurePolished()
    assert [bytes(tag.toString().data()) for tag in text.font().featureTags()] == [b"tnum"]
    assert text.font().pixelSize() == dressed.px(20)
    assert text.font().weight() == 600


def test_motion_can_be_refused(dressed: Theme) -> None:
    dressed.allow_motion(allowed=False)
    assert not dressed.motion()
    dressed.allow_motion(allowed=True)
    assert dressed.motion()
    dressed.allow_motion(allowed=None)


def test_a_banner_keeps_its_tone_when_the_scheme_changes(dressed: Theme, qtbot: QtBot) -> None:
    banner = Banner("urgent", "Do not quit yet.")
    qtbot.addWidget(banner)
    banner.resize(300, 48)
    for scheme, palette in (("light", LIGHT), ("dark", DARK)):
        dressed.use("light" if scheme == "light" else "dark")
        assert banner.grab().toImage().pixelColor(8, 24).name() == palette.soft("urgent").name()


def test_the_face_is_taken_over_a_bare_one_and_is_what_is_drawn(dressed: Theme, qapp: QApplication) -> None:
    before = QFont(dressed.font("body"))
    bare = QFont("DejaVu Sans")
    bare.setPixelSize(13)
    dressed.use_font(bare, QSize(1000, 680))
    try:
        dressed.take_face()
        assert qapp.font().families()[0] == ("Inter" if QFontInfo(bare).family() == "DejaVu Sans" else "DejaVu Sans")
    finally:
        dressed.use_font(before, QSize(1000, 680))
