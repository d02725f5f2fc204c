"""The fallback face: only where the system has a bare one, at the same size, with tabular figures."""

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QRawFont
from PySide6.QtWidgets import QApplication

from keyrack.resources import resource
from keyrack.ui.theme.fallback_face import face_for


@pytest.fixture
def bare(qapp: QApplication) -> QFont:
    font = QFont("DejaVu Sans")
    if QFontInfo(font).family() != "DejaVu Sans":
        pytest.skip("no DejaVu here")
    font.setPixelSize(13)
    return font


def test_a_bare_face_is_replaced_at_its_size(bare: QFont) -> None:
    face = face_for(bare)
    assert QFontInfo(face).family() == "Inter"
    assert QFontInfo(face).pixelSize() == 13
    assert face.families()[1:] == ["DejaVu Sans"], "for letters that Inter's part has not"


def test_any_other_face_stays(qapp: QApplication) -> None:
    font = QFont("Nimbus Sans")
    assert face_for(font) == font


def test_its_figures_are_tabular_and_its_weights_are_the_design_s(bare: QFont) -> None:
    face = face_for(bare)
    face.setFeature(QFont.Tag("tnum"), 1)
    for weight in (QFont.Weight.Normal, QFont.Weight.DemiBold):
        face.setWeight(weight)
        assert QFontInfo(face).weight() == weight
        widths = [QFontMetricsF(face).horizontalAdvance(figure * 10) for figure in "0123456789"]
        assert max(widths) - min(widths) < 0.5


def test_it_has_the_letters_of_the_planned_languages_and_its_licence(qapp: QApplication) -> None:
    for name in ("Inter-Regular", "Inter-SemiBold"):
        face = QRawFont(str(resource(f"fonts/{name}.otf")), 13)
        assert [sign for sign in "aäßéčřůŹŽїєґЩ0:…·“”–−≈€₩₴₿→" if not face.supportsCharacter(ord(sign))] == []
    assert "SIL OPEN FONT LICENSE" in resource("fonts/OFL.txt").read_text("utf-8")
