"""The balances as a Qt table model with exact amounts."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

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
COPY_ROLE = Qt.ItemDataRole.UserRole + 2
NAME_ROLE = Qt.ItemDataRole.UserRole + 3


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


class BalanceRow(msgspec.Struct, gc=False):
    """One row of the table. Amounts are in units of the asset, `value` in the model's unit, None where unknown.

    `id` and `wallet` are the provider's own names of asset and place. `name` is what is painted of the asset.
    `remark` is that of the holding. `asset_folded` and `place_folded` are for finding and sorting.
    """

    id: str
    wallet: str
    asset: str
    place: str
    name: str
    asset_folded: str
    place_folded: str
    available: Decimal | None = None
    in_use: Decimal | None = None
    total: Decimal | None = None
    remark: "Remark" = ""
    value: Decimal | None = None

    def take(self, holding: "Holding") -> tuple[Column, ...]:
        """Take the figures of a holding. One that is no number is unknown. Returns the columns that have changed."""
        new = _finite(holding.available), _finite(holding.in_use), _finite(holding.total)
        old = self.available, self.in_use, self.total
        self.available, self.in_use, self.total = new
        self.remark = holding.remark
        return () if old == new else tuple(c for c, one, other in zip(AMOUNTS, old, new, strict=True) if one != other)

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

    def show(self, holdings: Iterable["Holding"], *, anew: bool = False) -> bool:
        """Take a new snapshot. Returns whether a figure of an existing row has changed. With `anew` no row exists."""
        held = list(holdings)
        if anew:
            self.rows = self.rows[:0]
        if (
            anew
            or len(held) != len(self.rows)
            or any(
                holding.asset != row.id or holding.place != row.wallet
                for holding, row in zip(held, self.rows, strict=True)
            )
        ):
            self._replace(held)
        else:
            changed = enumerate(row.take(holding) for row, holding in zip(self.rows, held, strict=True))
            self.changed_cells = {(at, column) for at, columns in changed for column in columns}
            if self.rows:
                self._tell(Column.AVAILABLE, Column.TOTAL)
        return bool(self.changed_cells)

    def _replace(self, held: "list[Holding]") -> None:
        old = {(row.id, row.wallet): row for row in self.rows}
        self.beginResetModel()
        self.rows = _rows(held)
        self.changed_cells = set()
        for at, (row, holding) in enumerate(zip(self.rows, held, strict=True)):
            row.take(holding)
            if before := old.get((row.id, row.wallet)):
                self.changed_cells |= {(at, c) for c in AMOUNTS if before.figure(c) != row.figure(c)}
        self.endResetModel()

    def set_values(self, values: Sequence[Decimal | None], unit: str) -> None:
        """Take the value of each row in the order of the snapshot. `unit` is "" where nothing has a value."""
        self.unit = unit
        if self.rows and unit:
            for row, value in zip(self.rows, values, strict=True):
                row.value = value
            self._tell(Column.VALUE, Column.VALUE)
        self.valued.emit()

    def _tell(self, first: Column, last: Column) -> None:
        self.dataChanged.emit(self.index(0, first), self.index(len(self.rows) - 1, last))

    def value_text(self, value: Decimal | None) -> str:
        """A value, rounded, or that there is no price for it."""
        if not self.unit:
            return ""
        return money(value, self.unit) if value is not None else self.tr("no price")

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
            self._tell(Column.AVAILABLE, Column.VALUE)

    def rowCount(self, parent: Index = ROOT) -> int:
        """Number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Number of columns."""
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell. AMOUNT_ROLE gives its Decimal, REMARK_ROLE whether a remark stands in its place.

        COPY_ROLE gives what is copied: the whole name, or every digit with a point and without groups.
        """
        row, column = self.rows[index.row()], index.column()
        if column not in FIGURES:
            return _name(row, column, role)
        if role == AMOUNT_ROLE:
            return row.figure(column)
        if role == COPY_ROLE:
            figure = row.figure(column)
            return "" if figure is None or self.private else format(figure, "f")
        if role == REMARK_ROLE:
            return column == Column.IN_USE and bool(row.remark)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            if column == Column.IN_USE and row.remark:
                return self.remark_text(row, whole=role != Qt.ItemDataRole.DisplayRole)
            if self.private:
                return HIDDEN
            return self.value_text(row.value) if column == Column.VALUE else amount(row.figure(column))
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
        if role == Qt.ItemDataRole.InitialSortOrderRole:
            return Qt.SortOrder.DescendingOrder if section in FIGURES else Qt.SortOrder.AscendingOrder
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        amounts = (self.tr("Available"), self.tr("In use"), self.tr("Total"))
        return (self.tr("Asset"), self.tr("Wallet"), *amounts, self.tr("Value"))[section]


def _name(row: BalanceRow, column: int, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return row.name if column == Column.ASSET else row.place
    if role in (Qt.ItemDataRole.ToolTipRole, COPY_ROLE):
        return row.asset if column == Column.ASSET else row.place
    return None


def _rows(held: "list[Holding]") -> list[BalanceRow]:
    """Rows without figures."""
    names = short_names(holding.asset for holding in held)
    places = {place: plain(place, 24) for place in {holding.place for holding in held}}
    made = []
    for holding in held:
        asset, place = whole_name(holding.asset), places[holding.place]
        folded = asset.casefold(), place.casefold()
        made.append(BalanceRow(holding.asset, holding.place, asset, place, names[holding.asset], *folded))
    return made


def _finite(figure: Decimal | None) -> Decimal | None:
    return figure if figure is not None and figure.is_finite() else None
