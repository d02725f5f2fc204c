"""The head of the overview scrolls away where it takes half of the page."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.harness import WindowHarness, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def scrolls(harness: WindowHarness) -> bool:
    overview = harness.contents.pages.overview
    return overview.grid.isAncestorOf(overview.head)


def test_it_stays_where_there_is_room(harness: WindowHarness) -> None:
    assert not scrolls(harness)


def test_it_scrolls_in_a_low_window_and_comes_back(harness: WindowHarness, qtbot: QtBot) -> None:
    overview = harness.contents.pages.overview
    overview.setFixedHeight(round(1.6 * overview.head.minimumHeight()))
    qtbot.waitUntil(lambda: scrolls(harness))
    qtbot.waitUntil(overview.head.isVisible)
    overview.setFixedHeight(4 * overview.head.minimumHeight())
    qtbot.waitUntil(lambda: not scrolls(harness))


def test_it_scrolls_once_it_has_grown(harness: WindowHarness, qtbot: QtBot) -> None:
    """Notes on the sum come later than the window, and in large text they are many lines."""
    note = harness.contents.pages.overview.head.worth.note
    note.setText("a long note " * 400)
    note.show()
    qtbot.waitUntil(lambda: scrolls(harness))
    note.setText("")
    qtbot.waitUntil(lambda: not scrolls(harness))
