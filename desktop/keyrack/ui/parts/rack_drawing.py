"""The product drawing: a rack with three hooks, with a key on each that is taken."""

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from keyrack.ui.theme.icons import pixmap
from keyrack.ui.theme.palette import Palette, mix
from keyrack.ui.theme.theme import theme

Hanging = Literal["product", "fresh", "waiting"]

HOOKS = 3
_SIZE = (216, 138)
_BOARD = QRectF(0.75, 8.75, 214.5, 21.5)
_SCREWS = (14.0, 202.0)
_AT = (48.0, 108.0, 168.0)
# Degrees by which each key hangs askew, for no rack of keys hangs straight.
_ASKEW = (3.5, -2.0, 4.5)
_RING_Y = 59.0
_RING = 12.0
_STROKE = 5.0
# A key that opens nothing now hangs edge-on.
_EDGE_ON = 0.38
_BADGE = QRectF(178.0, 1.0, 37.0, 37.0)
_SIGN = 18


class RackDrawing(QWidget):
    """Shows up to three keys, each "fresh", "waiting" or the "product" itself. `locked` adds a padlock."""

    def __init__(self, keys: Sequence[Hanging] = (), *, locked: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._locked = locked
        self.keys: tuple[Hanging, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme().changed.connect(self._restyle)
        self.hang(keys)

    def hang(self, keys: Sequence[Hanging]) -> None:
        """Hang other keys, one from the left on each hook. The "product" alone hangs in the middle."""
        self.keys = tuple(keys[:HOOKS])
        self.update()

    def sizeHint(self) -> QSize:
        """The designed size at the system's font size."""
        return QSize(*(theme().px(side) for side in _SIZE))

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Board, hooks, and the keys in front of them."""
        colours = theme().palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / _SIZE[0], self.height() / _SIZE[1])
        places = (1,) if self.keys == ("product",) else range(HOOKS)
        taken = dict(zip(places, self.keys, strict=False))
        _board(painter, colours)
        for place, x in enumerate(_AT):
            if place in taken:
                _key(painter, x, _ASKEW[place], taken[place], colours)
            _hook(painter, x, colours)
        if self._locked:
            _padlock(painter, colours, painter.device().devicePixelRatioF() * self.width() / _SIZE[0])


def _board(painter: QPainter, colours: Palette) -> None:
    painter.setPen(QPen(mix(colours.surface, colours.accent, 0.38), 1.5))
    painter.setBrush(mix(colours.surface, colours.accent, 0.13))
    painter.drawRoundedRect(_BOARD, _BOARD.height() / 2, _BOARD.height() / 2)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(colours.surface, colours.accent, 0.38))
    for x in _SCREWS:
        painter.drawEllipse(QPointF(x, _BOARD.center().y()), 2.5, 2.5)


def _hook(painter: QPainter, x: float, colours: Palette) -> None:
    path = QPainterPath(QPointF(x - 7, _BOARD.center().y()))
    path.lineTo(x - 7, 44)
    path.arcTo(QRectF(x - 7, 37, 14, 14), 180, 180)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_round(mix(colours.surface, colours.text, 0.62), 4))
    painter.drawPath(path)


def _key(painter: QPainter, x: float, askew: float, kind: Hanging, colours: Palette) -> None:
    """A key with its teeth to the right. The ring of a fresh one is green, as a fresh account's is."""
    shaft, ring = {
        "product": (colours.accent, colours.accent),
        "fresh": (colours.accent, colours.fresh),
        "waiting": (mix(colours.ground, colours.off, 0.6),) * 2,
    }[kind]
    painter.save()
    painter.translate(x, _RING_Y - _RING)
    painter.rotate(askew)
    painter.scale(_EDGE_ON if kind == "waiting" else 1.0, 1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(shaft)
    bottom = 2 * _RING + _STROKE / 2 - 1
    painter.drawRoundedRect(QRectF(-3, bottom, 6, 46), 2.5, 2.5)
    painter.drawRoundedRect(QRectF(0, bottom + 24, 12, 6), 2, 2)
    painter.drawRoundedRect(QRectF(0, bottom + 36, 16, 6), 2, 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_round(ring, _STROKE))
    painter.drawEllipse(QPointF(0, _RING), _RING, _RING)
    painter.restore()


def _padlock(painter: QPainter, colours: Palette, ratio: float) -> None:
    painter.setPen(QPen(mix(colours.surface, colours.accent, 0.38), 1.5))
    painter.setBrush(colours.surface)
    painter.drawEllipse(_BADGE)
    sign = QRectF(0, 0, _SIGN, _SIGN)
    sign.moveCenter(_BADGE.center())
    painter.drawPixmap(sign.topLeft(), pixmap("lock", colours.accent, _SIGN, ratio))


def _round(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
