"""QR codes: the same modules as an encoder we did not write (the Python package qrcode 8.2, level M, byte mode)."""

from hashlib import sha256

import pytest
from pytestqt.qtbot import QtBot

from keyrack.ui.widgets.qr_codewords import codewords, version_for
from keyrack.ui.widgets.qr_matrix import pattern
from keyrack.ui.widgets.qr_view import QUIET, QrView

SHORT = "http://127.0.0.1:40001/device?user_code=TSGX-JDKN"
LONG = "https://auth.example.org/oauth/device/verify?user_code=WDJB-MJHT&lang=en"
WIDER = "https://example.org/" + "a" * 180
VECTORS = {
    SHORT: [
        "77280481811f3fa5",
        "65f07d4bc84dfdca",
        "488bacd8c4541c34",
        "18a1b69c88db8eff",
        "c94b0d14c775974d",
        "357ae208bfe37561",
        "b1ebc58993557154",
        "28889ed9291eee44",
    ],
    LONG: [
        "ecb5c8ac6f0f5ce9",
        "c7ce0fb3d30d800d",
        "43dec6dea57fd0c5",
        "6e74d209f2980fd4",
        "d7f763d70a341b48",
        "294db9b754652852",
        "3a9d8707448a067c",
        "63311e33ce3fe8b3",
    ],
    WIDER: [
        "7d0fecc0c2670285",
        "7041d2221b140ca8",
        "233a6c2b4de8a322",
        "0b53b10169e6b649",
        "249d6ef4d90884af",
        "7675b08ba5222292",
        "f134826f4af3ebce",
        "a5db49f4fe81c06e",
    ],
}


def digest(grid: list[list[bool]]) -> str:
    return sha256("".join("01"[dark] for row in grid for dark in row).encode()).hexdigest()[:16]


@pytest.mark.parametrize("text", list(VECTORS), ids=lambda text: str(len(text)))
def test_every_mask_is_as_the_other_encoder_draws_it(text: str) -> None:
    assert [digest(pattern(text, mask)) for mask in range(8)] == VECTORS[text]
    assert digest(pattern(text)) in VECTORS[text]


@pytest.mark.parametrize(("length", "version"), [(14, 1), (15, 2), (62, 4), (63, 5), (213, 10), (214, 11), (666, 20)])
def test_the_smallest_version_that_holds_it(length: int, version: int) -> None:
    assert version_for(b"a" * length) == version


def test_what_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        pattern("a" * 667)


def test_the_padding_of_the_standard() -> None:
    """ISO/IEC 18004 §7.4.10: EC and 11 in turn, from the first free codeword on."""
    assert codewords(b"x", 1)[:16].hex() == "401780ec11ec11ec11ec11ec11ec11ec"


def test_the_picture_has_its_quiet_border_and_whole_pixels(qtbot: QtBot) -> None:
    view = QrView()
    qtbot.addWidget(view)
    view.show_address(SHORT)
    grid = pattern(SHORT)
    module, rest = divmod(view.width(), len(grid) + 2 * QUIET)
    assert rest == 0
    assert module >= 3
    picture = view.grab().toImage()
    for y, row in enumerate(grid, QUIET):
        for x, dark in enumerate(row, QUIET):
            shade = picture.pixelColor(x * module + module // 2, y * module + module // 2).lightness()
            assert (shade < 60) is dark, (x, y)
    border = QUIET * module - 1
    assert picture.pixelColor(border, view.height() // 2).lightness() > 240


def test_nothing_of_the_address_can_be_read_from_the_widget(qtbot: QtBot) -> None:
    view = QrView()
    qtbot.addWidget(view)
    view.show_address(SHORT)
    assert "TSGX" not in view.accessibleName() + view.accessibleDescription() + view.toolTip() + view.objectName()
    view.show_address("")
    assert not view.drawn
    assert not view.isVisible()
    view.show_address("a" * 2000)
    assert not view.drawn
