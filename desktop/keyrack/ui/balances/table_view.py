"""The table of balances: as tall as its rows, in the columns that fit."""

from PySide6.QtCore import Qt, QVariantAnimation
from PySide6.QtGui import QAction, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from keyrack.ui.balances.amount_delegate import AmountDelegate
from keyrack.ui.balances.balances_proxy import BalancesProxyModel
from keyrack.ui.balances.cell_fonts import CellFonts
from keyrack.ui.balances.column_widths import ColumnWidths, Fit
from keyrack.ui.balances.table_model import COPY_ROLE, BalancesModel, Column, Index
from keyrack.ui.theme.metrics import FLASH_MS, ROW_HEIGHT
from keyrack.ui.theme.theme import theme

MOST_ROWS = 12


class BalancesTable(QTableView):
    """Shows the proxy model as tall as its rows, up to twelve. More rows scroll."""

    def __init__(self, model: BalancesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._balances = model
        # First of those that follow the model, so that nothing is laid out with widths of before.
        self.widths = ColumnWidths(model)
        self.proxy = BalancesProxyModel(model, self)
        self.stale = False
        self.hovered = -1
        self._fit = Fit({})
        self._glow = QVariantAnimation(self)
        self._glow.setDuration(FLASH_MS)
        self._glow.setStartValue(1.0)
        self._glow.setEndValue(0.0)
        self._glow.valueChanged.connect(lambda _: self.viewport().update())
        self._set_up()
        self.setModel(self.proxy)
        self.hideColumn(Column.VALUE)
        self.setItemDelegate(AmountDelegate(self, self))
        self.sortByColumn(Column.ASSET, Qt.SortOrder.AscendingOrder)
        # The model's figures are followed when their values are there too, so that each change is measured once.
        model.valued.connect(self._size_columns)
        self.proxy.modelReset.connect(self._size_columns)
        theme().changed.connect(self._follow_theme)
        self._follow_theme()

    def _set_up(self) -> None:
        self.setShowGrid(False)
        self.setSortingEnabled(True)
        self.setMouseTracking(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.entered.connect(self._hover)
        copy = QAction(self.tr("Copy"), self)
        copy.setObjectName("copy_cell")
        copy.triggered.connect(self._copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    @property
    def private(self) -> bool:
        """Whether amounts are hidden."""
        return self._balances.private

    def flash(self) -> None:
        """Highlight the cells that have changed and let them fade."""
        if theme().motion() and self.isVisible():
            self._glow.stop()
            self._glow.start()

    def glow(self, index: Index) -> float:
        """The highlight of a cell, 0 to 1."""
        if self._glow.state() != QVariantAnimation.State.Running:
            return 0.0
        source = self.proxy.mapToSource(index)
        lit = (source.row(), source.column()) in self._balances.changed_cells
        return float(self._glow.currentValue()) if lit else 0.0

    @property
    def fonts(self) -> CellFonts:
        """The fonts of the cells: at body size, or at caption size where the figures would not fit otherwise."""
        return self.widths.fonts(dense=self._fit.dense)

    def fraction_width(self, column: int) -> float:
        """Width in pixels of the column's longest fraction, 0 where the points are not aligned."""
        return self.widths.fraction(column, self.fonts) if self._fit.aligned else 0.0

    def width_of(self, column: int) -> int:
        """Width in pixels that the column's widest cell needs."""
        return self.widths.of(column, self._fit.dense, self._fit.aligned)

    def go_back_to_start(self) -> None:
        """Show the rows from above, in the order of a new table."""
        self.hovered = -1
        self.sortByColumn(Column.ASSET, Qt.SortOrder.AscendingOrder)
        self.clearSelection()
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setValue(0)

    def _hover(self, index: Index) -> None:
        self.hovered = index.row()
        self.viewport().update()

    def leaveEvent(self, event: object) -> None:
        """The mouse is over no row."""
        self.hovered = -1
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new width."""
        super().resizeEvent(event)
        self._size_columns()

    def _size_columns(self) -> None:
        """Show the columns that fit. Columns wider than the view scroll sideways."""
        room = self.viewport().width()
        self._fit = self.widths.fitting(room)
        for column in Column:
            self.setColumnHidden(column, column not in self._fit.widths)
        for column, width in self._fit.widths.items():
            self.setColumnWidth(column, width)
        bar = self.horizontalScrollBar().sizeHint().height() if self._fit.whole > room else 0
        rows = max(1, min(self.proxy.rowCount(), MOST_ROWS))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * theme().px(ROW_HEIGHT) + bar + 2)

    def _follow_theme(self) -> None:
        self.widths.forget_fonts()
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW_HEIGHT))
        self._size_columns()

    def _copy(self) -> None:
        """Copy the cell that was pressed, an amount with each of its digits as a program reads it."""
        index = self.currentIndex()
        if index.isValid() and not self.private:
            QGuiApplication.clipboard().setText(str(index.data(COPY_ROLE)))
