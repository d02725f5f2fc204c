"""How a ring is drawn: track, arcs and the sign of each state, as shapes that differ without colour."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.ring_kind import Kind

_TOP = 90.0
_WHOLE = 360.0
_SIXTEENTH = 16
_DASHES = 9
_TURNING = 80.0
_SMALL = 24.0
_TRACK_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Drawing:
    """One ring to be drawn: `box` is the middle of the stroke, `angle` in degrees turns a moving arc."""

    box: QRectF
    stroke: float
    kind: Kind
    fraction: float
    angle: float
    colour: QColor
    track: QColor
    quiet: QColor

    @property
    def small(self) -> bool:
        """Whether this is the mark of a list, where a sign has to do without text."""
        return self.box.width() < _SMALL


def paint_ring(painter: QPainter, drawing: Drawing) -> None:
    """The circle itself."""
    if drawing.kind == "locked" and drawing.small:
        return
    if drawing.kind == "retrying":
        _dashed(painter, drawing)
    elif drawing.kind == "renewing":
        _renewing(painter, drawing)
    elif drawing.kind in ("needs", "off"):
        _arc(painter, drawing, drawing.colour, _TOP, _WHOLE)
    elif drawing.kind in ("locked", "unknown"):
        _track(painter, drawing)
    else:
        _track(painter, drawing)
        _arc(painter, drawing, drawing.colour, _TOP, _WHOLE * drawing.fraction)


def paint_sign(painter: QPainter, drawing: Drawing) -> None:
    """The sign in the middle when there is no text."""
    middle, half = drawing.box.center(), drawing.box.width() / 2
    painter.setPen(_pen(drawing.colour, min(drawing.stroke, half * 0.3) if drawing.small else half * 0.13))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if drawing.kind == "needs":
        painter.drawLine(QPointF(middle.x(), middle.y() - half * 0.42), QPointF(middle.x(), middle.y() + half * 0.06))
        painter.drawPoint(QPointF(middle.x(), middle.y() + half * 0.46))
    elif drawing.kind == "off":
        reach = half * (0.70 if drawing.small else 0.36)
        painter.drawLine(middle + QPointF(-reach, reach), middle + QPointF(reach, -reach))
    elif drawing.kind == "locked":
        _lock(painter, drawing, middle, half)
    elif drawing.kind == "unknown":
        painter.drawLine(middle - QPointF(half * 0.34, 0), middle + QPointF(half * 0.34, 0))
    elif drawing.kind == "waiting":
        for step in (-0.42, 0.0, 0.42):
            painter.drawPoint(middle + QPointF(half * step, 0))
    elif drawing.kind in ("soon", "urgent"):
        _dot(painter, drawing, middle, half * (0.22 if drawing.kind == "soon" else 0.36))
    elif drawing.kind == "fresh" and not drawing.small:
        corners = (QPointF(-0.26, 0.02), QPointF(-0.07, 0.21), QPointF(0.28, -0.19))
        painter.drawPolyline([middle + corner * half for corner in corners])


def paint_hint(painter: QPainter, drawing: Drawing) -> None:
    """A shape below the time that distinguishes "soon" from "urgent" without colour."""
    middle, half = drawing.box.center(), drawing.box.width() / 2
    width = max(2.0, half * 0.07)
    low = middle + QPointF(0, half * 0.58)
    if drawing.kind == "soon":
        painter.setPen(_pen(drawing.colour, width))
        painter.drawLine(low - QPointF(half * 0.10, 0), low + QPointF(half * 0.10, 0))
    elif drawing.kind == "urgent":
        painter.setPen(_pen(drawing.colour, width))
        painter.drawLine(low - QPointF(0, half * 0.10), low + QPointF(0, half * 0.02))
        painter.drawPoint(low + QPointF(0, half * 0.16))


def _pen(colour: QColor, width: float) -> QPen:
    return QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)


def _arc(painter: QPainter, drawing: Drawing, colour: QColor, start: float, span: float) -> None:
    """An arc against the clock from `start`, so that what is missing grows with the clock."""
    if span <= 0:
        return
    painter.setPen(_pen(colour, drawing.stroke))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if span >= _WHOLE:
        painter.drawEllipse(drawing.box)
    else:
        painter.drawArc(drawing.box, round(start * _SIXTEENTH), round(span * _SIXTEENTH))


def _track(painter: QPainter, drawing: Drawing) -> None:
    """A thin line, so that it is told from the arc by its width as well."""
    painter.setPen(_pen(drawing.track, max(1.0, drawing.stroke * _TRACK_SHARE)))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(drawing.box)


def _dashed(painter: QPainter, drawing: Drawing) -> None:
    count = 6 if drawing.small else _DASHES * 2
    step = _WHOLE / count
    cap = math.degrees(drawing.stroke / drawing.box.width())
    for index in range(count):
        _arc(painter, drawing, drawing.colour, _TOP + index * step + cap, max(step * 0.62 - cap, 1.0))


def _renewing(painter: QPainter, drawing: Drawing) -> None:
    """What is left, quietly, and an arc with a head that turns with the clock."""
    if drawing.small:
        _arc(painter, drawing, drawing.colour, _TOP - drawing.angle - 10, _WHOLE * 0.75)
        _head(painter, drawing, _TOP - drawing.angle - 10)
        return
    _track(painter, drawing)
    rest = QColor(drawing.quiet)
    rest.setAlphaF(0.35)
    _arc(painter, drawing, rest, _TOP, _WHOLE * drawing.fraction)
    _arc(painter, drawing, drawing.colour, _TOP - drawing.angle, _TURNING)


def _head(painter: QPainter, drawing: Drawing, degrees: float) -> None:
    """An arrow's head at an angle of the ring, pointing with the clock."""
    around, radius, reach = math.radians(degrees), drawing.box.width() / 2, drawing.stroke * 1.7
    outward = QPointF(math.cos(around), -math.sin(around))
    along = QPointF(math.sin(around), math.cos(around))
    tip = drawing.box.center() + outward * radius
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(drawing.colour)
    painter.drawPolygon([tip + along * reach, tip + outward * reach * 0.8, tip - outward * reach * 0.8])


def _dot(painter: QPainter, drawing: Drawing, middle: QPointF, radius: float) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(drawing.colour)
    painter.drawEllipse(middle, radius, radius)


def _lock(painter: QPainter, drawing: Drawing, middle: QPointF, half: float) -> None:
    size = half * (0.95 if drawing.small else 0.42)
    body = QRectF(middle.x() - size * 0.78, middle.y() - size * 0.10, size * 1.56, size * 1.05)
    shackle = QPainterPath(QPointF(middle.x() - size * 0.45, body.top()))
    shackle.lineTo(middle.x() - size * 0.45, middle.y() - size * 0.45)
    shackle.arcTo(QRectF(middle.x() - size * 0.45, middle.y() - size * 0.9, size * 0.9, size * 0.9), 180, -180)
    shackle.lineTo(middle.x() + size * 0.45, body.top())
    painter.drawPath(shackle)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(drawing.colour)
    painter.drawRoundedRect(body, size * 0.2, size * 0.2)


def paint_dot(painter: QPainter, box: QRectF) -> None:
    """Paint the chosen dot of a radio button."""
    colours, edge = theme().palette, box.width() / 3
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colours.accent)
    painter.drawEllipse(box)
    painter.setBrush(colours.on_accent)
    painter.drawEllipse(box.adjusted(edge, edge, -edge, -edge))
