"""Which cell of a table a screen reader finds in focus, and which row is chosen when the person comes back."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTableView, QTableWidget, QTableWidgetItem, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.balances.table_view import BalancesTable
from keyrack.ui.screen_reader.cell_focus import CellFocus
from tests.ui.harness import WindowHarness, button, holdings


@pytest.fixture
def table(harness: WindowHarness, qtbot: QtBot) -> BalancesTable:
    """The balances of an account whose pane is open."""
    harness.active("w1").show_balances(holdings(harness.clock))
    harness.window.show()
    harness.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is harness.window)
    harness.contents.open("w1")
    pane = harness.contents.pages.pane
    assert pane is not None
    return pane.balances.table


def in_focus(table: QTableView) -> list[str]:
    """The names of the cells that are told to have the focus."""
    spoken = QAccessible.queryAccessibleInterface(table)
    cells = (spoken.child(at) for at in range(spoken.childCount()))
    return [cell.text(QAccessible.Text.Name) for cell in cells if cell.state().focused]


def rows(table: QTableView) -> set[int]:
    return {index.row() for index in table.selectedIndexes()}


def test_no_cell_has_the_focus_once_another_control_has_it(harness: WindowHarness, table: BalancesTable) -> None:
    table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(table, Qt.Key.Key_Down)
    asset = str(table.proxy.index(1, 0).data())
    assert (in_focus(table), rows(table)) == ([asset], {1})
    button(harness, "copy_token").setFocus(Qt.FocusReason.TabFocusReason)
    assert (in_focus(table), rows(table)) == ([], {1}), "what is chosen is shown still"
    for reason in (Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.OtherFocusReason):
        table.setFocus(reason)
        assert (in_focus(table), rows(table), table.currentIndex().row()) == ([asset], {1}, 1)
        button(harness, "copy_token").setFocus(Qt.FocusReason.TabFocusReason)
    table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert rows(table) == {2}


def test_a_menu_of_the_row_takes_it_from_nobody(table: BalancesTable) -> None:
    table.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(table, Qt.Key.Key_Down)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(1, 1), table.mapToGlobal(QPoint(1, 1)))
    QApplication.sendEvent(table, asked)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert table.currentIndex().row() == 1
    menu.close()
    assert table.currentIndex().row() == 1


def test_a_row_that_went_meanwhile_is_not_come_back_to(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    table, line = QTableWidget(2, 1, window), QLineEdit(window)
    CellFocus(table)
    for row in range(2):
        table.setItem(row, 0, QTableWidgetItem(str(row)))
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    table.setFocus()
    table.setCurrentCell(1, 0)
    line.setFocus()
    table.removeRow(1)
    table.setFocus()
    assert not table.currentIndex().isValid()
