"""The order of the table's rows, and which of them are shown."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from keyrack.ui.balances.table_model import FIGURES, NAME_ROLE, ROOT, BalanceRow, BalancesModel, Column, Index

_READ = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


class BalancesProxyModel(QAbstractTableModel):
    """Sorts by exact amount, finds by asset or wallet, and hides rows that hold nothing.

    Qt's own proxy would call Python for each comparison of two rows. This one sorts and filters the whole list at once.
    `hidden` are the columns that the table does not show.
    """

    def __init__(self, model: BalancesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wanted = ""
        self._hide_zeros = False
        self._column = -1
        self._descending = False
        self._order: list[int] = []
        self.hidden: frozenset[Column] = frozenset()
        model.modelAboutToBeReset.connect(self.beginResetModel)
        model.modelReset.connect(self._reset)
        model.dataChanged.connect(self._figures_changed)
        self._order = self._ordered()

    def find(self, text: str) -> None:
        """Show only rows whose asset or wallet contains this text."""
        self._wanted = text.strip().casefold()
        self._follow_filter()

    def hide_zeros(self, hide: bool) -> None:
        """Hide rows that hold nothing."""
        self._hide_zeros = hide
        self._follow_filter()

    def assets(self) -> int:
        """How many assets are shown, each once in however many wallets."""
        return len({self._model.rows[at].id for at in self._order})

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort names without case and amounts exactly. An unknown amount comes last either way."""
        before = self._column, self._descending
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self._rearrange(self._ordered())
        if before != (self._column, self._descending):  # the table is painted anew for it
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def _reset(self) -> None:
        self._order = self._ordered()
        self.endResetModel()

    def _follow_filter(self) -> None:
        order = self._ordered()
        if order != self._order:
            self.beginResetModel()
            self._order = order
            self.endResetModel()

    def _figures_changed(self, first: QModelIndex, last: QModelIndex) -> None:
        sorted_by_it = first.column() <= self._column <= last.column()
        if sorted_by_it or self._hide_zeros:
            order = self._ordered()
            if len(order) == len(self._order):
                self._rearrange(order)
            else:
                self._follow_filter()
        if self._order:
            self.dataChanged.emit(self.index(0, first.column()), self.index(len(self._order) - 1, last.column()))

    def _rearrange(self, order: list[int]) -> None:
        """Put the rows into another order. Whatever is selected stays so."""
        if order == self._order:
            return
        self.layoutAboutToBeChanged.emit()
        old = self.persistentIndexList()
        rows = [self._order[index.row()] for index in old]
        self._order = order
        places = {row: at for at, row in enumerate(order)} if old else {}
        moved = [
            self.index(places[row], index.column()) if row in places else QModelIndex()
            for row, index in zip(rows, old, strict=True)
        ]
        self.changePersistentIndexList(old, moved)
        self.layoutChanged.emit()

    def _ordered(self) -> list[int]:
        """The rows to show, as numbers of the model's rows."""
        rows = self._model.rows
        wanted = self._wanted
        shown = [
            at
            for at, row in enumerate(rows)
            if (not wanted or wanted in row.asset_folded or wanted in row.place_folded)
            and not (self._hide_zeros and row.zero)
        ]
        if self._column in FIGURES:
            return self._by_figure(shown, rows)
        if self._column == Column.ASSET:
            shown.sort(key=lambda at: rows[at].asset_folded, reverse=self._descending)
        elif self._column == Column.PLACE:
            shown.sort(key=lambda at: rows[at].place_folded, reverse=self._descending)
        return shown

    def _by_figure(self, shown: list[int], rows: list[BalanceRow]) -> list[int]:
        figures = {at: figure for at in shown if (figure := rows[at].figure(self._column)) is not None}
        known = sorted(figures, key=figures.__getitem__, reverse=self._descending)
        unknown = [at for at in shown if at not in figures]
        return known + unknown

    def rowCount(self, parent: Index = ROOT) -> int:
        """Number of rows that are shown."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What the model says of a cell."""
        return self._model.data(self.mapToSource(index), role)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns that are shown. A screen reader is told by which one they are sorted.

        NAME_ROLE gives the name also of one that is not shown, whose head Qt tells a screen reader of (`findings/`).
        """
        if role == NAME_ROLE:
            return self._model.headerData(section, orientation)
        if section in self.hidden and role in _READ and orientation == Qt.Orientation.Horizontal:
            return ""
        told = role == Qt.ItemDataRole.AccessibleTextRole and orientation == Qt.Orientation.Horizontal
        if not told or section != self._column:
            return self._model.headerData(section, orientation, role)
        how = self.tr("Sorted descending") if self._descending else self.tr("Sorted ascending")
        return f"{self._model.headerData(section, orientation)}. {how}"

    def mapToSource(self, index: Index) -> QModelIndex:
        """The model's cell."""
        return self._model.index(self._order[index.row()], index.column())

    def mapFromSource(self, index: Index) -> QModelIndex:
        """The cell as it is shown. It is invalid for a row that is not."""
        if index.row() not in self._order:
            return QModelIndex()
        return self.index(self._order.index(index.row()), index.column())
