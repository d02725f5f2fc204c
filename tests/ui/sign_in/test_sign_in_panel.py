"""Which cards of a sign-in exist, and in which order they stand."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.ui.sign_in.browser_card import BrowserCard
from keyrack.ui.sign_in.device_card import DeviceCard
from keyrack.ui.sign_in.public_key_card import PublicKeyCard
from keyrack.ui.sign_in.sign_in_panel import SignInPanel
from tests.ui.harness import WindowHarness, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    harness = make_harness(tmp_path)
    harness.window.show()
    return harness


def panel(harness: WindowHarness) -> SignInPanel:
    harness.contents.open("w1")
    assert harness.contents.pages.pane is not None
    return harness.contents.pages.pane.panel


def test_only_the_cards_that_were_shown_exist(harness: WindowHarness) -> None:
    harness.active("w1")
    shown = panel(harness)
    assert shown.token.isVisible()
    for kind in (BrowserCard, DeviceCard, PublicKeyCard):
        assert not shown.findChildren(kind)
    harness.waiting("w1")
    assert shown.browser.isVisible()
    assert not shown.token.isVisible()
    harness.active("w1")
    assert shown.token.isVisible()
    assert not shown.browser.isVisible()


def test_a_card_that_is_made_later_stands_in_its_place(harness: WindowHarness) -> None:
    harness.active("w1")
    shown = panel(harness)
    harness.waiting("w1")
    column = shown.layout()
    assert column is not None
    places = [column.indexOf(part) for part in (shown.announced_end, shown.problem, shown.browser)]
    assert places == [0, 2, 3]
    below = column.itemAt(4)
    assert below is not None
    last = below.layout()
    assert last is not None
    assert last.indexOf(shown.token) == 0, "above what is worth knowing"
