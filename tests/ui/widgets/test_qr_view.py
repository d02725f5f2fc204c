"""The picture of an address: the same modules as an encoder that Keyrack does not use, and readable by a camera."""

import pytest
from pytestqt.qtbot import QtBot

from keyrack.ui.theme.palette import Scheme
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.qr_view import QrView
from tests.ui.widgets.qr_reading import KNOWN, PAGE_WITH_CODE, checksum, drawn_modules


@pytest.fixture
def view(qtbot: QtBot) -> QrView:
    made = QrView()
    qtbot.addWidget(made)
    return made


@pytest.mark.parametrize("address", list(KNOWN), ids=lambda address: str(len(address)))
def test_the_modules_are_those_of_another_encoder(view: QrView, address: str) -> None:
    view.show_address(address)
    assert checksum(drawn_modules(view)) in KNOWN[address]


def test_another_address_is_another_picture(view: QrView) -> None:
    view.show_address(PAGE_WITH_CODE)
    view.show_address(PAGE_WITH_CODE.replace("TSGX", "TSGY"))
    assert checksum(drawn_modules(view)) not in KNOWN[PAGE_WITH_CODE]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_dark_on_light_in_both_schemes(view: QrView, scheme: Scheme) -> None:
    """`drawn_modules` also checks the quiet zone and that no module's edge is blurred."""
    theme().use(scheme)
    try:
        view.show_address(PAGE_WITH_CODE)
        assert checksum(drawn_modules(view)) in KNOWN[PAGE_WITH_CODE]
    finally:
        theme().use(None)


@pytest.mark.parametrize(("length", "version"), [(14, 1), (15, 2), (62, 4), (63, 5), (213, 10), (214, 11), (666, 20)])
def test_the_smallest_version_that_holds_it(view: QrView, length: int, version: int) -> None:
    view.show_address("a" * length)
    assert len(drawn_modules(view)) == 17 + 4 * version


def test_modules_are_at_least_three_pixels_wide(view: QrView) -> None:
    view.show_address("a" * 666)
    assert view.width() >= 3 * len(drawn_modules(view))


@pytest.mark.parametrize("length", [667, 5000])
def test_what_is_too_long_for_a_camera_is_not_drawn(view: QrView, length: int) -> None:
    view.show_address(PAGE_WITH_CODE)
    view.show_address("a" * length)
    assert not view.drawn
    assert not view.isVisible()


def test_nothing_of_the_address_can_be_read_from_the_widget(view: QrView) -> None:
    view.show_address(PAGE_WITH_CODE)
    assert "TSGX" not in view.accessibleName() + view.accessibleDescription() + view.toolTip() + view.objectName()
    view.show_address("")
    assert not view.drawn
    assert not view.isVisible()
