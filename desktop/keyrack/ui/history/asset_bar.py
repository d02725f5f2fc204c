"""The assets of all accounts as one bar, each as long as its share of the value."""

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from keyrack.ui.history.course_line import paint_focus
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.text.asset_names import short_names
from keyrack.ui.text.course_text import share_text, translate
from keyrack.ui.text.value_text import about
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.hues import tile_colours
from keyrack.ui.theme.metrics import FOCUS_LINE, GAP_M, GRID
from keyrack.ui.theme.theme import theme

NAMED = 5
_HUES = (262, 152, 55, 312, 200)
_BAR, _SQUARE, _SPACE = 8, 8, 1.0
_NONE = -1
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)
Part = tuple[str, Decimal]


@spoken_as(Role.Graphic)
class AssetBar(QWidget):
    """A bar, and below it the names with their shares as far as there is room. Mouse and arrows tell each part."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.parts: Sequence[Part] = ()
        self._whole = Decimal(0)
        self._unit = ""
        self._private = False
        self.at = _NONE
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_assets(self, assets: Sequence[Part], unit: str, *, private: bool) -> None:
        """Show the values of the assets, the highest first. What comes after the fifth is "other"."""
        named = short_names(asset for asset, _ in assets[:NAMED])
        parts = [(named[asset], value) for asset, value in assets[:NAMED]]
        rest = [value for _, value in assets[NAMED:]]
        if rest:
            parts.append((translate("AssetBar", "other"), sum(rest, Decimal(0))))
        if (parts, unit, private) == (self.parts, self._unit, self._private):
            return
        self.parts, self._unit, self._private, self.at = parts, unit, private, _NONE
        self._whole = sum((value for _, value in parts), Decimal(0))
        told = ", ".join(self.words(at) for at in range(len(parts)))
        self.setAccessibleDescription(translate("AssetBar", "The amounts are hidden.") if private else told)
        self.update()

    def words(self, at: int) -> str:
        """One part: its name, value and share."""
        name, value = self.parts[at]
        return f"{name}: {about(value, self._unit)}, {share_text(value, self._whole)}"

    def sizeHint(self) -> QSize:
        """The bar and one line of names."""
        return QSize(theme().px(200), theme().px(_BAR) + GRID + self._line_height())

    def minimumSizeHint(self) -> QSize:
        """As narrow as the page."""
        return QSize(theme().px(40), self.sizeHint().height())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the part under the mouse."""
        event.ignore()
        self._mark(self._part_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark none."""
        super().leaveEvent(event)
        self._mark(_NONE)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Mark none."""
        super().focusOutEvent(event)
        self._mark(_NONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End mark one part after another, and say it."""
        hidden = self._private or not self.parts
        if event.key() not in _KEYS or hidden or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        last = len(self.parts) - 1
        to = {Qt.Key.Key_Left: self.at - 1, Qt.Key.Key_Right: self.at + 1, Qt.Key.Key_Home: 0}
        self._mark(max(0, min(last, to.get(Qt.Key(event.key()), last))))
        announce(self, self.words(self.at))
        QToolTip.showText(self.mapToGlobal(self._boxes()[self.at].center().toPoint()), self.words(self.at), self)

    def event(self, event: QEvent) -> bool:
        """The part under the mouse in a tooltip."""
        if isinstance(event, QHelpEvent):
            at = self._part_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), "" if at == _NONE or self._private else self.words(at), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The parts with a small space between them. While the amounts are hidden one plain track."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_focus(painter, self)
        bar = self._bar()
        round_ends = QPainterPath()
        round_ends.addRoundedRect(bar, bar.height() / 2, bar.height() / 2)
        if self._private or not self.parts:
            painter.fillPath(round_ends, theme().palette.line)
            return
        painter.save()
        painter.setClipPath(round_ends)
        for at, box in enumerate(self._boxes()):
            painter.fillRect(box.adjusted(0, 0, -_SPACE, 0) if at < len(self.parts) - 1 else box, self._colour(at))
        painter.restore()
        self._paint_names(painter)

    def _paint_names(self, painter: QPainter) -> None:
        painter.setFont(theme().font("caption"))
        metrics, square = painter.fontMetrics(), theme().px(_SQUARE)
        left, high = self._inset(), self._line_height()
        top = self.height() - self._inset() // 2 - high
        for at, (name, value) in enumerate(self.parts):
            text = f"{name} {share_text(value, self._whole)}"
            wide = square + GRID + metrics.horizontalAdvance(text)
            if left + wide > self.width() - self._inset():
                break
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(at))
            painter.drawRoundedRect(QRectF(left, top + (high - square) / 2, square, square), 2, 2)
            painter.setPen(theme().palette.text if at == self.at else theme().palette.second)
            place = QRectF(left + square + GRID, top, wide, high)
            painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), text)
            left += wide + GAP_M

    def _line_height(self) -> int:
        return theme().px(16)

    def _inset(self) -> int:
        """How far the picture stands back from the ring of the focus."""
        return 2 * FOCUS_LINE if is_by_key(self) else 0

    def _bar(self) -> QRectF:
        inset = self._inset()
        return QRectF(inset, inset, self.width() - 2 * inset, theme().px(_BAR) - inset // 2)

    def _boxes(self) -> list[QRectF]:
        bar, left, found = self._bar(), 0.0, []
        for _, value in self.parts:
            wide = bar.width() * float(value / self._whole)
            found.append(QRectF(left, bar.top(), wide, bar.height()))
            left += wide
        return found

    def _part_at(self, place: QPointF) -> int:
        boxes = self._boxes() if not self._private else []
        return next((at for at, box in enumerate(boxes) if box.left() <= place.x() < box.right()), _NONE)

    def _mark(self, at: int) -> None:
        if at != self.at:
            self.at = at
            self.update()

    def _colour(self, at: int) -> QColor:
        palette = theme().palette
        return tile_colours(palette, _HUES[at]).letters if at < NAMED else palette.off
