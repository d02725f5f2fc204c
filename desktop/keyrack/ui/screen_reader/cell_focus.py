"""Has a screen reader find a table's cell in focus only while the table is."""

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QTableView

# The person is in the table still, or comes back to it.
_STAYING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.MenuBarFocusReason)


class CellFocus(QObject):
    """Takes the current cell from a table that the focus leaves, and gives it back when the focus comes again.

    Qt tells of the current cell that it has the focus, whatever else has it. The selection stays as it is.
    """

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table
        self._left = QPersistentModelIndex()
        table.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus."""
        if isinstance(event, QFocusEvent) and watched is self._table and event.reason() not in _STAYING:
            chosen = self._table.selectionModel()
            if event.lostFocus():
                self._left = QPersistentModelIndex(chosen.currentIndex())
                chosen.clearCurrentIndex()
            elif event.gotFocus() and self._left.isValid() and not chosen.currentIndex().isValid():
                chosen.setCurrentIndex(self._left, QItemSelectionModel.SelectionFlag.NoUpdate)
        return False
