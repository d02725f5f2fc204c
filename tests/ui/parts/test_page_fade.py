"""Motion: a page fades in and its ring grows in, both end by themselves, and neither is there with reduced motion."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QVariantAnimation
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from keyrack.ui.parts.page_fade import PageFade
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.ring import Ring
from tests.ui.harness import WindowHarness, holdings, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> Iterator[WindowHarness]:
    made = make_harness(tmp_path)
    theme().allow_motion(allowed=True)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.clock))
    made.active("p1")
    made.window.show()
    qtbot.waitExposed(made.window)
    qtbot.waitUntil(lambda: made.window.backingStore() is not None)
    yield made
    theme().allow_motion(allowed=None)


def fade(harness: WindowHarness) -> PageFade:
    return harness.contents.pages.fade


def shown(harness: WindowHarness) -> QImage:
    return harness.contents.pages.grab().toImage()


def still(harness: WindowHarness) -> bool:
    """Whether nothing at all moves in the window."""
    running = QVariantAnimation.State.Running
    return not any(each.state() == running for each in harness.window.findChildren(QVariantAnimation))


def test_the_old_page_fades_into_the_new_one_and_nothing_moves_on(harness: WindowHarness, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: still(harness))
    overview = shown(harness)
    harness.contents.open("w1")
    assert fade(harness).runs
    assert shown(harness) == overview, "first what was there"
    qtbot.waitUntil(lambda: not fade(harness).runs)
    qtbot.waitUntil(lambda: still(harness))
    pane = harness.contents.pages.pane
    assert pane is not None
    assert shown(harness) == pane.grab().toImage()


def test_a_change_during_a_change_is_at_once(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    harness.contents.open("p1")
    assert not fade(harness).runs


def test_it_ends_with_a_lock_and_with_another_size(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    harness.window.resize(900, 600)
    assert not fade(harness).runs
    harness.contents.open("p1")
    harness.rack.lock.lock(by_hand=True)
    assert not fade(harness).runs


def test_a_ring_grows_in(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    ring: Ring = pane.panel.token.ring
    assert ring.grown == 0
    qtbot.waitUntil(lambda: ring.grown == 1)


def test_reduced_motion_has_none_of_it(harness: WindowHarness, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: still(harness))
    theme().allow_motion(allowed=False)
    harness.contents.open("w1")
    harness.contents.show_notice("urgent", "The keyring is locked.")
    assert not fade(harness).runs
    assert still(harness)
