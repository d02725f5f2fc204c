"""The cards of a pane: two columns where there is room for both, one below each other elsewhere."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Reason
from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.theme.metrics import GAP_L, PAGE_MOST, PAGE_WIDE
from tests.ui.harness import WindowHarness, holdings, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.clock))
    made.window.show()
    made.contents.open("w1")
    return made


def pane(harness: WindowHarness) -> AccountPane:
    found = harness.contents.pages.pane
    assert found is not None
    return found


def box(shown: AccountPane, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(shown, QPoint()), widget.size())


@pytest.mark.parametrize(("width", "beside"), [(640, False), (1000, False), (1300, False), (1440, True), (2400, True)])
def test_there_are_two_columns_where_both_have_room(
    width: int, beside: bool, harness: WindowHarness, qtbot: QtBot
) -> None:
    shown = pane(harness)
    harness.window.resize(2000, 900)
    qtbot.waitUntil(lambda: shown.columns.beside)
    harness.window.resize(width, 900)

    def check() -> None:
        panel, balances, activity = (box(shown, each) for each in (shown.panel, shown.balances, shown.activity))
        if beside:
            assert balances.left() - panel.right() - 1 == int(GAP_L)
            assert (balances.top(), activity.left()) == (panel.top(), panel.left())
            assert balances.right() - panel.left() < PAGE_WIDE
        else:
            assert panel.bottom() < balances.top() < activity.top()
            assert panel.width() == balances.width() <= PAGE_MOST
        head = box(shown, shown.header)
        assert (head.left(), head.right()) == (panel.left(), balances.right()), "the head is as wide as the cards"

    qtbot.waitUntil(check)


def test_a_pane_without_balances_has_one_column(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.window.resize(2000, 900)
    harness.signed_out("p1", Reason.SIGNED_OUT)
    harness.contents.open("p1")
    shown = pane(harness)
    qtbot.waitUntil(lambda: shown.panel.width() == PAGE_MOST)
    assert not shown.columns.beside
    harness.active("p1")
    qtbot.waitUntil(lambda: shown.columns.beside and shown.balances.x() > shown.panel.width())


def test_no_two_columns_of_figures_stand_far_apart(harness: WindowHarness, qtbot: QtBot) -> None:
    harness.window.resize(2400, 1200)
    balances = pane(harness).balances
    qtbot.waitUntil(lambda: 800 < balances.width() < PAGE_MOST)
    table = balances.table
    shown = [column for column in range(table.model().columnCount()) if not table.isColumnHidden(column)]
    assert max(table.columnWidth(column) - table.width_of(column) for column in shown) < 150
