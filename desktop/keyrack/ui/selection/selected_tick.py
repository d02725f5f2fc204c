"""The tick on an account that is selected, or the bar beside it."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from keyrack.ui.theme.metrics import RADIUS_CONTROL
from keyrack.ui.theme.theme import theme

_SIZE = 18
_STROKE = 0.1
_BAR, _BAR_GAP = 3, 5


class SelectedTick(QWidget):
    """A tick on the accent's colour, or a bar of it. It takes no press.

    A screen reader hears of it from what it stands on.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.resize(theme().px(_SIZE), theme().px(_SIZE))
        self.hide()

    def stand_at(self, place: QPoint, *, shown: bool) -> None:
        """Stand round at a place of the parent."""
        self.move(place)
        self._show(shown=shown)

    def cover(self, tile: QWidget, *, shown: bool) -> None:
        """Stand in place of a tile."""
        self.setGeometry(QRect(tile.mapTo(self._parent, QPoint(0, 0)), tile.size()))
        self._show(shown=shown)

    def stand_along(self, high: int, *, shown: bool) -> None:
        """Stand as a bar along the left edge of the parent, where a tick has no room."""
        gap = theme().px(_BAR_GAP)
        self.setGeometry(QRect(gap, gap, theme().px(_BAR), max(1, high - 2 * gap)))
        self._show(shown=shown)

    def _show(self, *, shown: bool) -> None:
        self.setVisible(shown)
        self.raise_()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The ground, and the tick."""
        painter, colours, box = QPainter(self), theme().palette, QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.accent)
        round_by = box.width() / 2 if self.width() <= theme().px(_SIZE) else float(RADIUS_CONTROL)
        painter.drawRoundedRect(box, round_by, round_by)
        if self.width() <= theme().px(_BAR):
            return
        side = min(box.width(), theme().px(_SIZE) * 1.2)
        painter.translate(box.center() - QPointF(side / 2, side / 2))
        pen = QPen(colours.on_accent, _STROKE * side)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPolyline([QPointF(side * x, side * y) for x, y in ((0.28, 0.53), (0.44, 0.68), (0.73, 0.35))])
