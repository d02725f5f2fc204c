"""The balances as a Qt table model with exact amounts, and the proxy model that sorts and filters it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)

from keyrack.primitives.failure import plain
from keyrack.ui.text.amount_text import HIDDEN, amount
from keyrack.ui.text.asset_names import short_names, whole_name
from keyrack.ui.text.value_text import money

if TYPE_CHECKING:
    from keyrack.providers.holding import Holding, Remark

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
AMOUNT_ROLE = Qt.ItemDataRole.UserRole
REMARK_ROLE = Qt.ItemDataRole.UserRole + 1


class Column(IntEnum):
    """The columns from left to right."""

    ASSET = 0
    PLACE = 1
    AVAILABLE = 2
    IN_USE = 3
    TOTAL = 4
    VALUE = 5


AMOUNTS = (Column.AVAILABLE, Column.IN_USE, Column.TOTAL)
FIGURES = (*AMOUNTS, Column.VALUE)


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """One row of the table. Amounts are in units of the asset, `value` in the model's unit, None where unknown.

    `name` is what is painted of the asset. `remark` is that of the holding.
    """

    asset: str
    place: str
    available: Decimal | None
    in_use: Decimal | None
    total: Decimal | None
    value: Decimal | None = None
    name: str = ""
    remark: "Remark" = ""

    def figure(self, column: int) -> Decimal | None:
        """The amount in a column."""
        return (self.available, self.in_use, self.total, self.value)[column - Column.AVAILABLE]

    @property
    def zero(self) -> bool:
        """Whether the account holds nothing of it. An unknown amount is not zero."""
        return self.total is not None and not self.total and not self.available


class BalancesModel(QAbstractTableModel):
    """Rows of one account. A new snapshot changes only the cells whose figures differ."""

    valued = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[BalanceRow] = []
        self.changed_cells: set[tuple[int, int]] = set()
        self.private = False
        self.unit = ""

    def show(self, holdings: Iterable["Holding"]) -> bool:
        """Take a new snapshot. Returns whether a figure of an existing row has changed."""
        held = list(holdings)
        names = short_names(holding.asset for holding in held)
        new = [_row(holding, names[holding.asset]) for holding in held]
        if [(row.asset, row.place) for row in new] != [(row.asset, row.place) for row in self.rows]:
            return self._replace(new)
        self.changed_cells = {
            (at, column)
            for at, (old, row) in enumerate(zip(self.rows, new, strict=True))
            for column in AMOUNTS
            if old.figure(column) != row.figure(column)
        }
        self.rows = new
        for at, column in self.changed_cells:
            self.dataChanged.emit(self.index(at, column), self.index(at, column))
        return bool(self.changed_cells)

    def _replace(self, new: list[BalanceRow]) -> bool:
        old = {(row.asset, row.place): row for row in self.rows}
        self.beginResetModel()
        self.rows = new
        self.changed_cells = {
            (at, column)
            for at, row in enumerate(new)
            for column in AMOUNTS
            if (before := old.get((row.asset, row.place))) and before.figure(column) != row.figure(column)
        }
        self.endResetModel()
        return bool(self.changed_cells)

    def set_values(self, values: Sequence[Decimal | None], unit: str) -> None:
        """Take the value of each row in the order of the snapshot. `unit` is "" where nothing has a value."""
        self.unit = unit
        if self.rows and unit:
            self.rows = [replace(row, value=value) for row, value in zip(self.rows, values, strict=True)]
            self.dataChanged.emit(self.index(0, Column.VALUE), self.index(len(self.rows) - 1, Column.VALUE))
        self.valued.emit()

    def value_text(self, row: BalanceRow) -> str:
        """A row's value, rounded, or that there is no price for it."""
        if not self.unit:
            return ""
        return money(row.value, self.unit) if row.value is not None else self.tr("no price")

    def remark_text(self, row: BalanceRow, *, whole: bool = False) -> str:
        """Why a row has no available amount, as a word or a sentence. "" where it has one."""
        if row.remark == "shared":
            return (
                self.tr("What is available is shared over all assets of the account.") if whole else self.tr("shared")
            )
        if row.remark == "borrowed":
            return self.tr("Part of what is reported as available is borrowed.") if whole else self.tr("borrowed")
        return ""

    def hide_amounts(self, private: bool) -> None:
        """Show dots in place of amounts, or the amounts again."""
        self.private = private
        if self.rows:
            self.dataChanged.emit(self.index(0, Column.AVAILABLE), self.index(len(self.rows) - 1, Column.VALUE))

    def rowCount(self, parent: Index = ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell. AMOUNT_ROLE gives its Decimal, REMARK_ROLE whether a remark stands in its place."""
        row, column = self.rows[index.row()], index.column()
        if column not in FIGURES:
            return _name(row, column, role)
        if role == AMOUNT_ROLE:
            return row.figure(column)
        if role == REMARK_ROLE:
            return column == Column.IN_USE and bool(row.remark)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if column == Column.IN_USE and row.remark:
                return self.remark_text(row, whole=role != Qt.ItemDataRole.DisplayRole)
            if self.private:
                return HIDDEN
            return self.value_text(row) if column == Column.VALUE else amount(row.figure(column))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Names of the columns, those of amounts at the right edge."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in FIGURES else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        amounts = (self.tr("Available"), self.tr("In use"), self.tr("Total"))
        return (self.tr("Asset"), self.tr("Wallet"), *amounts, self.tr("Value"))[section]


class BalancesProxyModel(QSortFilterProxyModel):
    """Sorts by exact amount, finds by asset or wallet, and hides rows that hold nothing."""

    def __init__(self, model: BalancesModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._wanted = ""
        self._hide_zeros = False
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    def find(self, text: str) -> None:
        """Show only rows whose asset or wallet contains this text."""
        self._wanted = text.strip().casefold()
        self.invalidate()

    def hide_zeros(self, hide: bool) -> None:
        """Hide rows that hold nothing."""
        self._hide_zeros = hide
        self.invalidate()

    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        """Whether a row is shown."""
        row = self._model.rows[source_row]
        if self._hide_zeros and row.zero:
            return False
        return self._wanted in row.asset.casefold() or self._wanted in row.place.casefold()

    def lessThan(self, left: Index, right: Index) -> bool:
        """Compare names without case and amounts exactly. An unknown amount is below every other."""
        column = left.column()
        one, other = self._model.rows[left.row()], self._model.rows[right.row()]
        if column in FIGURES:
            return _below(one.figure(column), other.figure(column))
        names = (one.place, other.place) if column == Column.PLACE else (one.asset, other.asset)
        return names[0].casefold() < names[1].casefold()


def _name(row: BalanceRow, column: int, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return row.name if column == Column.ASSET else row.place
    if role == Qt.ItemDataRole.ToolTipRole:
        return row.asset if column == Column.ASSET else row.place
    return None


def _row(holding: "Holding", name: str) -> BalanceRow:
    figures = (holding.available, holding.in_use, holding.total)
    available, in_use, total = (None if f is None or not f.is_finite() else f for f in figures)
    place = plain(holding.place, 24)
    return BalanceRow(whole_name(holding.asset), place, available, in_use, total, name=name, remark=holding.remark)


def _below(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is None and other is not None
    return one < other
