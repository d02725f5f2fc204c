"""The heads of the table's columns, with a sign close beside the word by which it is sorted."""

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QCursor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QWidget

from keyrack.ui.balances.table_model import FIGURES, NAME_ROLE
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.theme.theme import theme

_SIGN = 8
_BESIDE = 6
_STROKE = 1.6


class SortedHeader(QHeaderView):
    """Draws its words itself. A sheet of Qt's sets the sign at the section's edge, on the last letters or far away."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """The word at the edge where the column's texts stand, the sign on its inner side, and the line below."""
        colours, sorted_by = theme().palette, self.isSortIndicatorShown() and self.sortIndicatorSection() == section
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, colours.line)
        painter.setFont(theme().font("caption"))
        painter.setPen(colours.text if sorted_by or self._is_under_mouse(rect) else colours.second)
        # Of a column that is partly out of sight, what is in sight holds the word or its beginning with "…".
        inside = rect.intersected(self.viewport().rect()).adjusted(GAP_S, 0, -GAP_S, -1)
        sign = theme().px(_SIGN) + theme().px(_BESIDE) if sorted_by else 0
        right = section in FIGURES
        room = inside.adjusted(sign, 0, 0, 0) if right else inside.adjusted(0, 0, -sign, 0)
        metrics = painter.fontMetrics()
        word = metrics.elidedText(self._said(section), Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), word)
        if sorted_by:
            wide = metrics.horizontalAdvance(word) + theme().px(_BESIDE)
            left = room.right() + 1 - wide - theme().px(_SIGN) if right else room.left() + wide
            self._paint_sign(painter, QPointF(left, inside.center().y() + 1))
        painter.restore()

    def width_of(self, section: int) -> int:
        """Width in pixels that the word needs with its sign."""
        word = QFontMetrics(theme().font("caption")).horizontalAdvance(self._said(section))
        return word + theme().px(_SIGN) + theme().px(_BESIDE) + 2 * GAP_S + 1

    def _paint_sign(self, painter: QPainter, at: QPointF) -> None:
        wide = theme().px(_SIGN)
        rising = self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        foot, tip = (wide / 4, -wide / 4) if rising else (-wide / 4, wide / 4)
        painter.setPen(QPen(theme().palette.text, _STROKE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline([at + QPointF(x, y) for x, y in ((0, foot), (wide / 2, tip), (wide, foot))])

    def _is_under_mouse(self, rect: QRect) -> bool:
        place: QPoint = self.viewport().mapFromGlobal(QCursor.pos())
        return self.viewport().underMouse() and rect.contains(place)

    def _said(self, section: int) -> str:
        return str(self.model().headerData(section, Qt.Orientation.Horizontal, NAME_ROLE))
