"""The head of the overview scrolls away where it takes half of the page."""

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.ui.overview.overview_head import OverviewHead
from keyrack.ui.theme.metrics import GAP_L
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


def told_by(head: OverviewHead, words: str) -> bool:
    return head.summary.text().startswith(words)


@pytest.mark.parametrize("width", [640, 1000])
def test_the_accounts_stay_where_they_are_whatever_state_they_are_in(
    harness: WindowHarness, qtbot: QtBot, width: int
) -> None:
    overview = harness.contents.pages.overview
    for account in harness.rack.accounts:
        harness.active(account.id)
    harness.window.resize(width, 680)
    qtbot.waitUntil(lambda: overview.head.summary.text() == "All fresh.")
    QApplication.processEvents()
    before = overview.grid.y()
    for id, told in (("w1", "1 of 6 needs you"), ("w2", "2 of 6 need you"), ("p1", "3 of 6 need you")):
        harness.signed_out(id, Reason.REFRESH_EXPIRED)
        qtbot.waitUntil(partial(told_by, overview.head, told))
        QApplication.processEvents()
        assert overview.grid.y() == before
    for id in ("w1", "w2", "p1"):
        harness.active(id)
    qtbot.waitUntil(lambda: overview.head.summary.text() == "All fresh.")
    QApplication.processEvents()
    assert overview.grid.y() == before


def test_a_head_that_has_grown_keeps_its_height_while_it_is_looked_at(harness: WindowHarness, qtbot: QtBot) -> None:
    overview = harness.contents.pages.overview
    QApplication.processEvents()
    before, note = overview.grid.y(), overview.head.worth.note
    note.setText("a note of some lines " * 12)
    note.show()
    qtbot.waitUntil(lambda: overview.grid.y() > before)
    grown = overview.grid.y()
    note.hide()
    QApplication.processEvents()
    assert overview.grid.y() == grown
    harness.contents.open("w1")
    harness.contents.pages.show_overview()
    qtbot.waitUntil(lambda: overview.grid.y() == before)


def test_a_low_page_keeps_no_room_for_a_link_that_is_hidden(harness: WindowHarness, qtbot: QtBot) -> None:
    head = harness.contents.pages.overview.head
    for account in harness.rack.accounts:
        harness.active(account.id)
    qtbot.waitUntil(lambda: head.summary.text() == "All fresh.")

    def below() -> int:
        return head.height() - head.search.mapTo(head, head.search.rect().bottomLeft()).y() - 1

    harness.window.resize(640, 420)
    qtbot.waitUntil(lambda: below() == int(GAP_L))
    harness.window.resize(640, 680)
    qtbot.waitUntil(lambda: below() > GAP_L + head.needing.sizeHint().height())
