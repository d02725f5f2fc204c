"""Paints the table's cells: amounts aligned on the decimal point, and a flash where a figure has changed."""

from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from keyrack.ui.balances.cell_fonts import LOUD_DECIMALS, CellFonts
from keyrack.ui.balances.table_model import AMOUNT_ROLE, AMOUNTS, REMARK_ROLE, Column, Index
from keyrack.ui.text.amount_text import HIDDEN, parts
from keyrack.ui.theme.metrics import GAP_S, ROW_HEIGHT
from keyrack.ui.theme.theme import theme

_FLASH_STRENGTH = 0.28
_MIDDLE = int(Qt.AlignmentFlag.AlignVCenter)
_LEFT = _MIDDLE | int(Qt.AlignmentFlag.AlignLeft)
_RIGHT = _MIDDLE | int(Qt.AlignmentFlag.AlignRight)


class Cells(Protocol):
    """What the delegate needs to know of its table."""

    stale: bool
    hovered: int

    @property
    def private(self) -> bool:
        """Whether amounts are hidden."""

    @property
    def fonts(self) -> CellFonts:
        """The fonts of the cells."""

    def glow(self, index: Index) -> float:
        """The highlight of a cell, 0 to 1."""

    def fraction_width(self, column: int) -> float:
        """Width in pixels of the column's longest fraction, 0 where the points are not aligned."""


class AmountDelegate(QStyledItemDelegate):
    """Paints cells. The decimal points of a column stand below each other."""

    def __init__(self, view: QTableView, cells: Cells) -> None:
        super().__init__(view)
        self._view = view
        self._cells = cells

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of one row, and the width of the column."""
        return QSize(self._view.columnWidth(index.column()), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell's ground, a flash that fades, and the figure."""
        self._paint_ground(painter, option, index)
        # A figure that is partly out of sight is cut with "…" in what is in sight: its first digits alone would be
        # read as another figure.
        seen = option.rect.intersected(self._view.viewport().rect())
        whole = seen.width() == option.rect.width()
        rect = QRectF(option.rect if whole else seen).adjusted(GAP_S, 0, -GAP_S, -1)
        painter.save()
        painter.setFont(self._cells.fonts.figures)
        if index.column() in AMOUNTS:
            self._paint_amount(painter, rect, index)
        elif index.column() == Column.VALUE:
            self._paint_value(painter, rect, index)
        else:
            self._paint_name(painter, rect, index)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, rect, state = theme().palette, option.rect, option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, colours.selected)
        elif index.row() == self._cells.hovered:
            painter.fillRect(rect, colours.hover)
        glow = self._cells.glow(index)
        if glow > 0:
            tint = QColor(colours.accent)
            tint.setAlphaF(_FLASH_STRENGTH * glow)
            painter.fillRect(rect, tint)
        if index.row() < index.model().rowCount() - 1:
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colours.line)

    def _paint_name(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        colours, fonts = theme().palette, self._cells.fonts
        asset = index.column() == Column.ASSET
        painter.setFont(fonts.names if asset else fonts.figures)
        painter.setPen(colours.text if asset and not self._cells.stale else colours.second)
        metrics = fonts.name_metrics if asset else fonts.figure_metrics
        text = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, _LEFT, text)

    def _paint_value(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """Paint a value. All rows are rounded to the same digit, so the right edge aligns the points."""
        colours, known = theme().palette, index.data(AMOUNT_ROLE) is not None
        painter.setPen(colours.off if self._cells.stale or not known else colours.text)
        metrics = self._cells.fonts.figure_metrics
        painter.drawText(rect, _RIGHT, metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideLeft, rect.width()))

    def _paint_amount(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        colours, fonts = theme().palette, self._cells.fonts
        painter.setPen(colours.off if self._cells.stale else colours.text)
        if self._cells.private:
            painter.drawText(rect, _RIGHT, HIDDEN)
            return
        if index.data(REMARK_ROLE):
            painter.setPen(colours.off)
            text = fonts.figure_metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, rect.width())
            painter.drawText(rect, _RIGHT, text)
            return
        whole, point, fraction = parts(index.data(AMOUNT_ROLE))
        right = max(self._cells.fraction_width(index.column()), fonts.fraction_width(len(fraction)))
        if fonts.figure_metrics.horizontalAdvance(whole) + right > rect.width() + 1:
            text = fonts.figure_metrics.elidedText(whole + point + fraction, Qt.TextElideMode.ElideMiddle, rect.width())
            painter.drawText(rect, _RIGHT, text)
            return
        left = rect.adjusted(-1, 0, -right, 0)
        painter.drawText(left, _RIGHT, whole)
        if fraction:
            self._paint_fraction(painter, QRectF(left.right(), rect.top(), right + 2, rect.height()), point, fraction)

    def _paint_fraction(self, painter: QPainter, rect: QRectF, point: str, fraction: str) -> None:
        """Paint significant digits in the text's colour, and quietly the zeros after them and what is past the eighth.

        The last ones are small and stand on the same line as the others.
        """
        fonts = self._cells.fonts
        loud, tail = fraction[:LOUD_DECIMALS], fraction[LOUD_DECIMALS:]
        significant = loud if tail.rstrip("0") else loud.rstrip("0")
        metrics = fonts.figure_metrics
        if not significant:
            painter.setPen(theme().palette.off)
        painter.drawText(rect, _LEFT, point + significant)
        painter.setPen(theme().palette.off)
        start = rect.left() + metrics.horizontalAdvance(point + significant)
        rest = QRectF(start, rect.top(), rect.right() - start, rect.height())
        painter.drawText(rest, _LEFT, loud[len(significant) :])
        if tail:
            start = rect.left() + metrics.horizontalAdvance(point + loud)
            line = rect.top() + (rect.height() - metrics.height()) / 2 + metrics.ascent()
            painter.setFont(fonts.tail)
            painter.drawText(QPointF(start, line), tail)
