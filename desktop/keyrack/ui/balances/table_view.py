"""The table of balances: amounts aligned on the decimal point, and a flash where a figure has changed."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QVariantAnimation
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from keyrack.ui.balances.table_model import (
    AMOUNT_ROLE,
    AMOUNTS,
    FIGURES,
    REMARK_ROLE,
    BalancesModel,
    BalancesProxyModel,
    Column,
    Index,
)
from keyrack.ui.text.amount_text import HIDDEN, parts
from keyrack.ui.theme.metrics import FLASH_MS, GAP_S, ROW_HEIGHT
from keyrack.ui.theme.theme import theme

MOST_ROWS = 12
_FRACTION_SHOWN = 24
_NARROWEST = 84
_WIDEST = 420
_NAME_LEAST = 64
_PLACE_LEAST = 56
_NAME_MOST = 210
_FLASH_STRENGTH = 0.28
_BOLDER = 1.15
# Small figures first, then figures of which only the last digits stand under each other: none loses a digit.
_WAYS_TO_FIT = ((False, True), (True, True), (True, False))


class AmountDelegate(QStyledItemDelegate):
    """Paints cells. The decimal points of a column stand below each other."""

    def __init__(self, view: "BalancesTable") -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """The height of one row, and the width of the column."""
        return QSize(self._view.columnWidth(index.column()), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell's ground, a flash that fades, and the figure."""
        self._paint_ground(painter, option, index)
        rect = QRectF(option.rect).adjusted(GAP_S, 0, -GAP_S, -1)
        painter.save()
        painter.setFont(self._view.cell_font())
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
        elif index.row() == self._view.hovered:
            painter.fillRect(rect, colours.hover)
        glow = self._view.glow(index)
        if glow > 0:
            tint = QColor(colours.accent)
            tint.setAlphaF(_FLASH_STRENGTH * glow)
            painter.fillRect(rect, tint)
        if index.row() < index.model().rowCount() - 1:
            painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colours.line)

    def _paint_name(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        colours = theme().palette
        strong = index.column() == Column.ASSET and not self._view.stale
        font = self._view.cell_font()
        if index.column() == Column.ASSET:
            font.setWeight(font.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(colours.text if strong else colours.second)
        text = QFontMetricsF(font).elidedText(str(index.data()), Qt.TextElideMode.ElideMiddle, rect.width())
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_value(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """Paint a value. All rows are rounded to the same digit, so the right edge aligns the points."""
        colours, known = theme().palette, index.data(AMOUNT_ROLE) is not None
        painter.setPen(colours.off if self._view.stale or not known else colours.text)
        text = QFontMetricsF(self._view.cell_font()).elidedText(
            str(index.data()), Qt.TextElideMode.ElideLeft, rect.width()
        )
        painter.drawText(rect, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)

    def _paint_amount(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        colours, metrics = theme().palette, QFontMetricsF(self._view.cell_font())
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(colours.off if self._view.stale else colours.text)
        if self._view.private:
            painter.drawText(rect, middle | int(Qt.AlignmentFlag.AlignRight), HIDDEN)
            return
        if index.data(REMARK_ROLE):
            painter.setPen(theme().palette.off)
            painter.drawText(rect, middle | int(Qt.AlignmentFlag.AlignRight), str(index.data()))
            return
        whole, point, fraction = parts(index.data(AMOUNT_ROLE))
        right = max(self._view.fraction_width(index.column(), metrics), metrics.horizontalAdvance(point + fraction))
        if metrics.horizontalAdvance(whole) + right > rect.width():
            text = metrics.elidedText(whole + point + fraction, Qt.TextElideMode.ElideMiddle, rect.width())
            painter.drawText(rect, middle | int(Qt.AlignmentFlag.AlignRight), text)
            return
        left = rect.adjusted(0, 0, -right, 0)
        painter.drawText(left, middle | int(Qt.AlignmentFlag.AlignRight), whole)
        self._paint_fraction(painter, QRectF(left.right(), rect.top(), right + 1, rect.height()), point, fraction)

    def _paint_fraction(self, painter: QPainter, rect: QRectF, point: str, fraction: str) -> None:
        """Paint significant digits in the text's colour and the zeros after them in a quiet one."""
        significant = fraction.rstrip("0")
        metrics = QFontMetricsF(self._view.cell_font())
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        if not significant:
            painter.setPen(theme().palette.off)
        painter.drawText(rect, flags, point + significant)
        painter.setPen(theme().palette.off)
        rest = rect.adjusted(metrics.horizontalAdvance(point + significant), 0, 0, 0)
        painter.drawText(rest, flags, fraction[len(significant) :])


class BalancesTable(QTableView):
    """Shows the proxy model as tall as its rows, up to twelve. More rows scroll."""

    def __init__(self, model: BalancesModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._balances = model
        self.proxy = BalancesProxyModel(model, self)
        self.stale = False
        self.hovered = -1
        self._dense = False
        self._aligned = True
        self._glow = QVariantAnimation(self)
        self._glow.setDuration(FLASH_MS)
        self._glow.setStartValue(1.0)
        self._glow.setEndValue(0.0)
        self._glow.valueChanged.connect(lambda _: self.viewport().update())
        self._set_up()
        self.setModel(self.proxy)
        self.hideColumn(Column.VALUE)
        self.setItemDelegate(AmountDelegate(self))
        self.sortByColumn(Column.ASSET, Qt.SortOrder.AscendingOrder)
        model.valued.connect(self._follow_rows)
        proxy = self.proxy
        for signal in (proxy.modelReset, proxy.layoutChanged, proxy.rowsInserted, proxy.rowsRemoved):
            signal.connect(self._follow_rows)
        theme().changed.connect(self._follow_rows)

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

    @property
    def private(self) -> bool:
        """Whether amounts are hidden."""
        return self._balances.private

    def flash(self) -> None:
        """Highlight the cells that have changed and let them fade."""
        if theme().motion() and self.isVisible():
            self._glow.stop()
            self._glow.start()

    def glow(self, index: QModelIndex | QPersistentModelIndex) -> float:
        """The highlight of a cell, 0 to 1."""
        if self._glow.state() != QVariantAnimation.State.Running:
            return 0.0
        source = self.proxy.mapToSource(index)
        lit = (source.row(), source.column()) in self._balances.changed_cells
        return float(self._glow.currentValue()) if lit else 0.0

    def fraction_width(self, column: int, metrics: QFontMetricsF) -> float:
        """Width in pixels of the column's longest fraction, 0 where the points are not aligned."""
        if not self._aligned:
            return 0.0
        texts = ("".join(parts(row.figure(column))[1:]) for row in self._balances.rows)
        return max((metrics.horizontalAdvance(text[:_FRACTION_SHOWN]) for text in texts), default=0.0)

    def cell_font(self) -> QFont:
        """The font at body size, or at caption size where the figures would not fit otherwise."""
        return theme().font("caption" if self._dense else "body")

    def width_of(self, column: int) -> int:
        """Width in pixels that the column's widest cell needs."""
        metrics = QFontMetricsF(self.cell_font())
        if column == Column.VALUE:
            return self._value_width(metrics)
        if column not in AMOUNTS:
            names = (row.name if column == Column.ASSET else row.place for row in self._balances.rows)
            wide = max((metrics.horizontalAdvance(name) for name in names), default=0.0) * _BOLDER
            least = _PLACE_LEAST if column == Column.PLACE and self._dense else _NAME_LEAST
            return round(max(theme().px(least), min(wide + 2 * GAP_S, theme().px(_NAME_MOST))))
        kept = 1 if self._aligned else None
        texts = ("".join(parts(row.figure(column))[:kept]) for row in self._balances.rows)
        whole = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        needed = round(whole + self.fraction_width(column, metrics)) + 2 * GAP_S + 2
        return max(theme().px(_NARROWEST), min(needed, theme().px(_WIDEST)))

    def _value_width(self, metrics: QFontMetricsF) -> int:
        texts = [self._balances.value_text(row) for row in self._balances.rows]
        wide = max((metrics.horizontalAdvance(text) for text in texts), default=0.0)
        return max(theme().px(_NAME_LEAST), round(wide) + 2 * GAP_S + 2)

    def _hover(self, index: QModelIndex) -> None:
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
        """Give each column the width it needs and share the rest. Columns wider than the view scroll sideways."""
        room = self.viewport().width()
        needed = self._needed(room)
        self.setColumnHidden(Column.VALUE, Column.VALUE not in needed)
        spare = max(0, room - sum(needed.values()))
        for column in needed:
            # The names take a little of it, so that their heads do not touch the next ones.
            more = spare // len(needed.keys() & set(FIGURES)) if column in FIGURES else 0
            self.setColumnWidth(column, needed[column] + more)
        bar = self.horizontalScrollBar().sizeHint().height() if sum(needed.values()) > room else 0
        rows = max(1, min(self.proxy.rowCount(), MOST_ROWS))
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * theme().px(ROW_HEIGHT) + bar + 2)

    def _needed(self, room: int) -> dict[Column, int]:
        """Each shown column and its width, in the tidiest way that fits. The value goes before any digit is cut."""
        placed = any(row.place for row in self._balances.rows)
        most = [column for column in Column if column != Column.PLACE or placed]
        needed: dict[Column, int] = {}
        without: list[Column] = [column for column in most if column != Column.VALUE]
        attempts: list[tuple[list[Column], tuple[bool, bool]]] = []
        attempts += [(most, way) for way in _WAYS_TO_FIT if self._balances.unit]
        attempts += [(without, way) for way in _WAYS_TO_FIT]
        for shown, (self._dense, self._aligned) in attempts:
            needed = {column: self.width_of(column) for column in shown}
            if sum(needed.values()) <= room:
                break
        return needed

    def _follow_rows(self) -> None:
        """Follow the rows and the font."""
        self.setColumnHidden(Column.PLACE, not any(row.place for row in self._balances.rows))
        self.verticalHeader().setDefaultSectionSize(theme().px(ROW_HEIGHT))
        self._size_columns()
