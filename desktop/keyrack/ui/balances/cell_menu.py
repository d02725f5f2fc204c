"""The menu of a row of the balances: it copies what stands in each of its columns."""

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QTableView

from keyrack.ui.balances.table_model import COPY_ROLE, NAME_ROLE, Column, Index
from keyrack.ui.parts.entry_menu import EntryMenu


class CellMenu(EntryMenu):
    """Copies what stands in a column, the pressed one first, an amount with each of its digits as a program reads it.

    Hidden amounts are left out.
    """

    def __init__(self, table: QTableView, index: Index) -> None:
        super().__init__("cell_menu", table)
        columns = sorted(Column, key=lambda column: column != index.column())
        for column in columns:
            text = str(table.model().index(index.row(), column).data(COPY_ROLE) or "")
            if table.isColumnHidden(column) or not text:
                continue
            name = table.model().headerData(column, Qt.Orientation.Horizontal, NAME_ROLE)
            words = self.tr("Copy “{column}”").format(column=name)
            self.add(column.name.lower(), words, partial(_copy, text), picture="copy")


def _copy(text: str) -> None:
    QGuiApplication.clipboard().setText(text)


def open_cell_menu(table: QTableView, event: QContextMenuEvent) -> None:
    """Open the menu of the row that was pressed, by a key of the one that is chosen."""
    view = table.viewport()
    by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
    index = table.indexAt(view.mapFromGlobal(event.globalPos())) if by_mouse else table.currentIndex()
    if not index.isValid():
        return
    table.setCurrentIndex(index)
    CellMenu(table, index).popup(event.globalPos() if by_mouse else view.mapToGlobal(table.visualRect(index).center()))
