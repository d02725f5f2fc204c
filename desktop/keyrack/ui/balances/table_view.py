"""The table of balances: as tall as its rows, in the columns that fit."""

from PySide6.QtCore import Qt, QVariantAnimation, Signal
from PySide6.QtGui import QContextMenuEvent, QCursor, QFocusEvent, QKeyEvent, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from keyrack.ui.balances.amount_delegate import AmountDelegate
from keyrack.ui.balances.balances_proxy import BalancesProxyModel
from keyrack.ui.balances.cell_fonts import CellFonts
from keyrack.ui.balances.cell_menu import open_cell_menu
from keyrack.ui.balances.chosen_row import page_of, paint_ring, show_on_page
from keyrack.ui.balances.column_widths import ColumnWidths, Fit
from keyrack.ui.balances.sorted_header import SortedHeader
from keyrack.ui.balances.table_model import FIGURES, BalancesModel, Column, Index
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.screen_reader.cell_focus import CellFocus
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.metrics import FLASH_MS, ROW_HEIGHT
from keyrack.ui.theme.theme import theme

MOST_ROWS = 12
_BESIDE = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_BY_TAB = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
_TURNING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class BalancesTable(QTableView):
    """Shows the proxy model as tall as its rows, up to twelve. More rows scroll.

    `fitted` tells that other columns may be shown, as `fit` says.
    """

    fitted = Signal()

    def __init__(self, model: BalancesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._balances = model
        # First of those that follow the model, so that nothing is laid out with widths of before.
        self.heads = SortedHeader(self)
        self.setHorizontalHeader(self.heads)
        self.widths = ColumnWidths(model, self.heads.width_of)
        self.proxy = BalancesProxyModel(model, self)
        self.stale = False
        self.hovered = -1
        self.fit = Fit({})
        self._glow = QVariantAnimation(self)
        self._glow.setDuration(FLASH_MS)
        self._glow.setStartValue(1.0)
        self._glow.setEndValue(0.0)
        self._glow.valueChanged.connect(lambda _: self.viewport().update())
        self._set_up()
        self.setModel(self.proxy)
        self.hideColumn(Column.VALUE)
        self.setItemDelegate(AmountDelegate(self, self))
        CellFocus(self)
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
        self.heads.sectionClicked.connect(lambda _column: self.scrollToTop())
        self.entered.connect(lambda _index: self.viewport().update())
        # Qt would move the pixels of a figure that was cut with a sign at the edge, and of one that is whole there now.
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)

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
        return self.widths.fonts(dense=self.fit.dense)

    def fraction_width(self, column: int) -> float:
        """Width in pixels of the column's longest fraction, 0 where the points are not aligned."""
        return self.widths.fraction(column, self.fonts) if self.fit.aligned else 0.0

    def width_of(self, column: int) -> int:
        """Width in pixels that the column's widest cell needs."""
        return self.widths.of(column, self.fit.dense, self.fit.aligned)

    def go_back_to_start(self) -> None:
        """Show the rows from above, in the order of a new table."""
        self.sortByColumn(Column.ASSET, Qt.SortOrder.AscendingOrder)
        self.clearSelection()
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.setValue(0)

    def leaveEvent(self, event: object) -> None:
        """The mouse is over no row."""
        self.viewport().update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tab leads to a row, so that the person sees where they are."""
        super().focusInEvent(event)
        if event.reason() in _BY_TAB and self.proxy.rowCount():
            self.selectRow(max(0, self.currentIndex().row()))
            show_on_page(self)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Keep the row in sight that the keyboard goes to. Its ring is wider than the cells that Qt paints anew."""
        super().currentChanged(current, previous)
        self.viewport().update()
        if is_by_key(self):
            show_on_page(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and a ring around the one that the keyboard is at.

        The row under the mouse is looked for anew, because rows move under a mouse that rests.
        """
        under = self.rowAt(self.viewport().mapFromGlobal(QCursor.pos()).y()) if self.viewport().underMouse() else -1
        if under != self.hovered:
            self.hovered = under
            self.viewport().update()
        super().paintEvent(event)
        paint_ring(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right sort by another column, Enter and Space turn the order round, Home and End go to an end."""
        key, last = event.key(), self.proxy.rowCount() - 1
        header = self.horizontalHeader()
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif key in _BESIDE:
            _sort_beside(self, _BESIDE[Qt.Key(key)])
        elif key in _TURNING:
            turned = header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
            order = Qt.SortOrder.DescendingOrder if turned else Qt.SortOrder.AscendingOrder
            self.sort_by(Column(header.sortIndicatorSection()), order)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.selectRow(0 if key == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)

    def sort_by(self, column: Column, order: Qt.SortOrder) -> None:
        """Sort, begin at the first row, and say how it is sorted now."""
        self.sortByColumn(column, order)
        self.selectRow(0)
        self.scrollTo(self.proxy.index(0, column))
        name = self.proxy.headerData(column, Qt.Orientation.Horizontal)
        rising = order == Qt.SortOrder.AscendingOrder
        if column in FIGURES:
            words = self.tr("By {column}, the least first") if rising else self.tr("By {column}, the most first")
        else:
            words = self.tr("By {column}, from A to Z") if rising else self.tr("By {column}, from Z to A")
        announce(self, words.format(column=name))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share out the new width."""
        super().resizeEvent(event)
        self._size_columns()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the rows, unless the wheel scrolls the page, or the table has an end that the page can still show."""
        page = page_of(self)
        if page is not None and (page.wheel.is_held(event) or page.hides(self, event)):
            event.ignore()
        else:
            super().wheelEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to copy what stands in the row."""
        open_cell_menu(self, event)

    def _size_columns(self) -> None:
        """Show the columns that fit. Columns wider than the view scroll sideways."""
        room = self.viewport().width()
        self.fit = self.widths.fitting(room)
        self.proxy.hidden = frozenset(Column) - self.fit.widths.keys()
        for column in Column:
            self.setColumnHidden(column, column in self.proxy.hidden)
        for column, width in self.fit.widths.items():
            self.setColumnWidth(column, width)
        bar = self.horizontalScrollBar().sizeHint().height() if self.fit.whole > room else 0
        rows = max(1, min(self.proxy.rowCount(), MOST_ROWS))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * theme().px(ROW_HEIGHT) + bar + 2)
        self.fitted.emit()

    def _follow_theme(self) -> None:
        self.widths.forget_fonts()
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW_HEIGHT))
        self._size_columns()


def _sort_beside(table: BalancesTable, step: int) -> None:
    """Sort by the next column in one direction that is shown, in the order in which a press on its name would."""
    shown = [column for column in Column if not table.isColumnHidden(column)]
    at = shown.index(Column(table.horizontalHeader().sortIndicatorSection())) + step
    if 0 <= at < len(shown):
        role = Qt.ItemDataRole.InitialSortOrderRole
        table.sort_by(shown[at], table.proxy.headerData(shown[at], Qt.Orientation.Horizontal, role))
