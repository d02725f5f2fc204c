"""The table of all accounts' activity: when, which account, what happened."""

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QModelIndex, QObject, QPersistentModelIndex, Qt

from keyrack.core.accounts.activity_record import Entry
from keyrack.language.command_quotes import quoted
from keyrack.ui.text.amount_text import clock_time
from keyrack.ui.theme.theme import theme

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()
translate = QCoreApplication.translate


class ActivityColumn(IntEnum):
    """The columns from the left."""

    TIME = 0
    ACCOUNT = 1
    WHAT = 2


class ActivityModel(QAbstractTableModel):
    """Shows the entries that it is given. Sentences are made for the rows that are seen alone."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: list[Entry]) -> None:
        """Show other entries."""
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """One row for each entry."""
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: Index = NOWHERE) -> int:
        """Three."""
        return 0 if parent.isValid() else len(ActivityColumn)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell. The tooltip says whole what may be cut."""
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _text(entry, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return _text(entry, index.column()).replace("<", "‹")
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == ActivityColumn.TIME:
            return theme().palette.second
        if role == Qt.ItemDataRole.ForegroundRole and entry.trouble and index.column() == ActivityColumn.WHAT:
            return theme().palette.tone("soon")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        names = (
            translate("ActivityModel", "When"),
            translate("ActivityModel", "Account"),
            translate("ActivityModel", "What happened"),
        )
        return names[section]


def _text(entry: Entry, column: int) -> str:
    if column == ActivityColumn.TIME:
        return clock_time(entry.line.at)
    return entry.name if column == ActivityColumn.ACCOUNT else quoted(entry.sentence)
