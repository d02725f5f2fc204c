"""The countdown ring: what is left of a lifetime, by shape, by text and by colour."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, QTimer, QVariantAnimation
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.theme.metrics import MOVE_MS, TypeRole
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.ring_kind import TONE, Kind, kind_words
from keyrack.ui.widgets.ring_paint import Drawing, paint_hint, paint_ring, paint_sign

PANE = 132
CARD = 56
MARK = 16

_STROKE = {PANE: 9.0, CARD: 4.5, MARK: 2.0}
_FRAME_MS = 40
_DEGREES_PER_FRAME = 9
_LARGEST_TEXT: dict[int, int] = {PANE: 0, CARD: 3}
# Into how many parts a ring is divided: fewer than a quarter of a pixel makes no picture of its own.
_PARTS = {PANE: 1440, CARD: 720, MARK: 180}
_TEXT_SHARE = 0.94
_SAME_WIDTH = str.maketrans("123456789", "000000000")
_FLAGS = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
_STEPS: tuple[TypeRole, ...] = ("countdown", "title", "strong", "body", "caption")


@dataclass(frozen=True, slots=True)
class _Fitted:
    """How a text of this `shape` stands in a ring: from where it is drawn, None where it has several words.

    While it counts only the `box` is painted. That is None where the box would touch the ring.
    """

    shape: str
    kind: Kind
    ring: QRectF
    room: QRectF
    font: QFont | None
    begin: QPointF | None
    box: QRect | None


def _fitted(shape: str, font: QFont | None, drawing: Drawing) -> _Fitted:
    room = _room(drawing)
    if font is None or " " in shape:
        return _Fitted(shape, drawing.kind, drawing.box, room, font, None, None)
    metrics = QFontMetricsF(font)
    wide, middle = metrics.horizontalAdvance(shape), drawing.box.center()
    begin = QPointF(middle.x() - wide / 2, middle.y() + (metrics.ascent() - metrics.descent()) / 2)
    box = metrics.tightBoundingRect(shape).translated(begin).toAlignedRect().adjusted(-1, -1, 1, 1)
    # A hint below the time would be cut where it reaches into the box.
    touches = math.hypot(box.width(), box.height()) > drawing.box.width() - drawing.stroke - 2
    hinted = drawing.kind in ("soon", "urgent")
    return _Fitted(shape, drawing.kind, drawing.box, room, font, begin, None if touches or hinted else box)


def _picture(ring: QWidget) -> Role | None:
    return Role.Graphic if ring.accessibleName() else None


@spoken_as(_picture)
class Ring(QWidget):
    """A ring that starts at twelve o'clock and empties clockwise, with the exact time in its middle.

    `size` is 132 (pane), 56 (card) or 16 (sidebar, without text), in designed pixels. `ground` says on which colour it
    stands. With that Qt paints nothing below it anew when it counts, which for many rings costs more than they do.
    """

    def __init__(
        self, size: int = PANE, parent: QWidget | None = None, *, ground: Callable[[], QColor] | None = None
    ) -> None:
        super().__init__(parent)
        self._ground = ground
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, ground is not None)
        self._designed = size
        self._fraction = 1.0
        self._text = ""
        self._kind: Kind = "unknown"
        self._parts = _PARTS.get(size, _PARTS[PANE])
        self._drawn: tuple[int, str, Kind] = (self._parts, "", self._kind)
        self._angle = 0.0
        self._fitted: _Fitted | None = None
        self._turning = QTimer(self)
        self._turning.setInterval(_FRAME_MS)
        self._turning.timeout.connect(self._turn)
        self._growing = _growth(self) if size == PANE else None
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme().changed.connect(self._restyle)
        self._describe()

    @property
    def kind(self) -> Kind:
        """The kind that is shown now."""
        return self._kind

    @property
    def fraction(self) -> float:
        """The share of life that is shown, 0 to 1."""
        return self._fraction

    @property
    def text(self) -> str:
        """The text in the middle."""
        return self._text

    @property
    def turning(self) -> bool:
        """Whether the arc is moving now."""
        return self._turning.isActive()

    @property
    def grown(self) -> float:
        """The part of the ring that is drawn, 0 to 1, less than 1 only for a moment after it is shown."""
        running = self._growing is not None and self._growing.state() == QVariantAnimation.State.Running
        missing = 1.0 - float(self._growing.currentValue()) if running and self._growing is not None else 0.0
        return float(1.0 - missing**3)

    def set(self, fraction: float | None, text: str, kind: Kind) -> None:
        """Show `fraction` (0 to 1, None for a whole ring) of a lifetime, `text` in the middle, and a kind."""
        shown, self._text = self._text, text
        self._fraction = 1.0 if fraction is None else max(0.0, min(fraction, 1.0))
        # What the picture depends on, but for the figures in its middle. They are all of one width.
        picture = round(self._fraction * self._parts), text.translate(_SAME_WIDTH), kind
        if picture != self._drawn:
            self._drawn, self._kind = picture, kind
            self._describe()
            self._move()
            self.update()
        elif text != shown:
            fitted = self._fitted
            self.update(self.rect() if fitted is None or fitted.box is None else fitted.box)

    def sizeHint(self) -> QSize:
        """The designed size at the system's font size."""
        side = theme().px(self._designed)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """The same size: a ring is never squeezed."""
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        """Start the motion: it runs only while visible. A pane's ring grows in."""
        super().showEvent(event)
        if self._growing is not None and theme().motion():
            self._growing.start()
        self._move()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the motion: an idle tray process draws nothing."""
        self._turning.stop()
        if self._growing is not None:
            self._growing.stop()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Track, arc, and either the time or the sign of the state. While it counts, the time alone."""
        painter, asked = QPainter(self), event.rect()
        if self._ground is not None:
            painter.fillRect(asked, self._ground())
        fitted = self._fitted
        if fitted is not None and fitted.box is not None and fitted.box.contains(asked):
            self._write(painter, fitted)
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        drawing = self._drawing()
        fitted = self._fit(drawing)
        paint_ring(painter, drawing)
        if fitted.font is None:
            paint_sign(painter, drawing)
        else:
            self._write(painter, fitted)
            paint_hint(painter, drawing)

    def _drawing(self) -> Drawing:
        side = float(min(self.width(), self.height()))
        stroke = _STROKE.get(self._designed, self._designed * 0.07) * side / self._designed
        inset = stroke / 2
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        colours = theme().palette
        return Drawing(
            box=box.adjusted(inset, inset, -inset, -inset),
            stroke=stroke,
            kind=self._kind,
            fraction=self._fraction * self.grown,
            angle=self._angle,
            colour=colours.tone(TONE[self._kind]),
            track=colours.edge,
            quiet=colours.fresh,
        )

    def _write(self, painter: QPainter, fitted: "_Fitted") -> None:
        if fitted.font is not None:
            painter.setFont(fitted.font)
        painter.setPen(theme().palette.text)
        if fitted.begin is None:
            painter.drawText(fitted.room, _FLAGS, self._text)
        else:
            painter.drawText(fitted.begin, self._text)

    def _fit(self, drawing: Drawing) -> "_Fitted":
        """How the text stands in the ring. Figures are all of one width, so the next second stands as this one."""
        shape = self._text.translate(_SAME_WIDTH)
        fitted = self._fitted
        if fitted is None or (fitted.shape, fitted.kind, fitted.ring) != (shape, drawing.kind, drawing.box):
            fitted = self._fitted = _fitted(shape, _font_for(self._designed, self._text, drawing), drawing)
        return fitted

    def _turn(self) -> None:
        self._angle = (self._angle + _DEGREES_PER_FRAME) % 360
        self.update()

    def _move(self) -> None:
        if self._kind == "renewing" and self.isVisible() and theme().motion():
            self._turning.start()
        else:
            self._turning.stop()

    def _describe(self) -> None:
        """Tell a screen reader the kind. The texts beside it say when it ends, and the line of a list says all."""
        if self._designed == PANE and self.accessibleName() != (words := kind_words(self._kind)):
            self.setAccessibleName(words)

    def _restyle(self) -> None:
        self._fitted = None
        self.updateGeometry()
        self._move()
        self.update()


def _font_for(designed: int, text: str, drawing: Drawing) -> QFont | None:
    """The largest step of the type scale at which the text fits. None where the sign is shown instead."""
    if designed == MARK or not text:
        return None
    inside, room = drawing.box.width() - drawing.stroke, _room(drawing)
    for step in _STEPS[_LARGEST_TEXT.get(designed, 2) :]:
        font = theme().font(step)
        needed = QFontMetricsF(font).boundingRect(room, _FLAGS, text)
        if needed.width() <= room.width() and math.hypot(needed.width(), needed.height()) <= inside:
            return font
    return None


def _growth(ring: Ring) -> QVariantAnimation:
    """A pause while the page fades in, then the growth."""
    growing = QVariantAnimation(ring, duration=2 * MOVE_MS, startValue=0.0, endValue=1.0)
    growing.setKeyValueAt(0.5, 0.0)
    growing.valueChanged.connect(ring.update)
    return growing


def _room(drawing: Drawing) -> QRectF:
    """Where the text stands: wrapped and drawn in the same width, which is less than the ring's."""
    inside = drawing.box.width() - drawing.stroke
    room = QRectF(0, 0, inside * _TEXT_SHARE, inside)
    room.moveCenter(drawing.box.center())
    return room
