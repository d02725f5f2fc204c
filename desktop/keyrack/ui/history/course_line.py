"""The course of a value as a line, with a gap where nothing is known. Mouse and arrows tell its points."""

from itertools import groupby
from statistics import fmean
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.text.course_text import point_text, told_course
from keyrack.ui.theme.focus_ring import is_by_key
from keyrack.ui.theme.metrics import FOCUS_LINE, RADIUS_CONTROL
from keyrack.ui.theme.theme import theme

if TYPE_CHECKING:
    from keyrack.core.history.course import Course
    from keyrack.core.history.periods import Period

_STROKE, _FINE = 1.5, 1.2
_DOT = 2.5
_FILL_SHARE = 0.12
# A lower line has no room for a ground below it, nor for a stroke up and down in each pixel.
_FILLED_FROM = 30
_MEAN_OVER = 2.0
_NONE = -1
_KEYS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


@spoken_as(Role.Graphic)
class CourseLine(QWidget):
    """A line over the slots of a period. `width` and `height` are its least size in designed pixels.

    `course` is what is shown, also while it is hidden. `pointed` carries the slot that the mouse or the arrows are at,
    -1 for none. With `keys` it takes the focus. A screen reader is told the whole course, and each point that the
    arrows reach.
    """

    pointed = Signal(int)

    def __init__(self, name: str, width: int, height: int, *, keys: bool) -> None:
        super().__init__()
        self._size = (width, height)
        self._is_small = height < _FILLED_FROM
        self._wide = 0
        self._told: tuple[object, ...] = ()
        self.course: Course | None = None
        self._period: Period | None = None
        self._unit = ""
        self._private = False
        self._heights: list[float | None] = []
        self.at = _NONE
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if keys else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_course(self, course: "Course | None", unit: str, period: "Period", *, private: bool) -> None:
        """Show another course, or dots' worth of it: nothing."""
        now = (course, unit, period, private)
        if (self.course, self._unit, self._period, self._private) == now:
            return
        self.course, self._unit, self._period, self._private = now
        self._heights = [] if private or course is None else _heights(course)
        told = (unit, period, private, *_of_a_minute(course))
        if told != self._told:
            self._told = told
            if self.focusPolicy() != Qt.FocusPolicy.NoFocus:  # of the others a screen reader is told nothing
                self.setAccessibleDescription(told_course(course, unit, period, private=private))
        if self.at >= len(self._heights):
            self.point(_NONE)
        self.update()

    @property
    def point_words(self) -> str:
        """What is known at the slot that is pointed at. "" where none is."""
        if self.at == _NONE or self.course is None or self._period is None or self._private:
            return ""
        return point_text(self.course.slots[self.at], self._unit, self._period)

    def point(self, at: int) -> None:
        """Point at a slot, -1 for none."""
        if at != self.at:
            self.at = at
            self.pointed.emit(at)
            self.update()

    def widen(self, width: int) -> None:
        """Ask for at least so many pixels. It asks for no less later, or its size would change with every value."""
        if width > self._wide:
            self._wide = width
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """As designed, or wider where that was asked for."""
        return QSize(max(self._wide, theme().px(self._size[0])), theme().px(self._size[1]))

    def minimumSizeHint(self) -> QSize:
        """The same height, in a narrow window a narrower line."""
        return QSize(theme().px(min(self._size[0], 40)), theme().px(self._size[1]))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the nearest slot."""
        event.ignore()
        self.point(self._slot_at(event.position().x()))

    def leaveEvent(self, event: QEvent) -> None:
        """Point at none."""
        super().leaveEvent(event)
        self.point(_NONE)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Point at none."""
        super().focusOutEvent(event)
        self.point(_NONE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End point at one slot after another."""
        if event.key() not in _KEYS or not self._heights or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        last = len(self._heights) - 1
        begin = last if self.at == _NONE else self.at
        to = {Qt.Key.Key_Left: begin - (self.at != _NONE), Qt.Key.Key_Right: begin + 1, Qt.Key.Key_Home: 0}
        self.point(max(0, min(last, to.get(Qt.Key(event.key()), last))))
        announce(self, self.point_words)

    def event(self, event: QEvent) -> bool:
        """The point under the mouse in a tooltip."""
        if isinstance(event, QHelpEvent):
            self.point(self._slot_at(float(event.pos().x())))
            QToolTip.showText(event.globalPos(), self.point_words, self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The line in its stretches, a dot for a slot that stands alone, and the point that is looked at."""
        painter = QPainter(self)
        palette = theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_focus(painter, self)
        if not any(height is not None for height in self._heights):
            painter.setPen(QPen(palette.line, 1))
            painter.drawLine(QPointF(0, self.height() - 1.5), QPointF(self.width(), self.height() - 1.5))
            return
        for stretch in self._stretches():
            self._paint_stretch(painter, stretch, palette.accent)
        if self.at != _NONE:
            self._paint_point(painter, palette.second, palette.accent, palette.surface)

    def _paint_stretch(self, painter: QPainter, stretch: list[QPointF], colour: QColor) -> None:
        if len(stretch) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(stretch[0], _STROKE, _STROKE)
            return
        if not self._is_small:
            under = QColor(colour)
            under.setAlphaF(_FILL_SHARE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(under)
            low = float(self.height())
            painter.drawPolygon(QPolygonF([*stretch, QPointF(stretch[-1].x(), low), QPointF(stretch[0].x(), low)]))
        stroke = _FINE if self._is_small else _STROKE
        painter.setPen(QPen(colour, stroke, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.BevelJoin))
        painter.drawPolyline(QPolygonF(stretch))

    def _paint_point(self, painter: QPainter, line: QColor, dot: QColor, ground: QColor) -> None:
        place, height = self.place_of(self.at), self._heights[self.at]
        painter.setPen(QPen(line, 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(place, 0), QPointF(place, self.height()))
        if height is not None:
            painter.setPen(QPen(ground, 1))
            painter.setBrush(dot)
            painter.drawEllipse(QPointF(place, self._y(height)), _DOT + 1, _DOT + 1)

    def _stretches(self) -> list[list[QPointF]]:
        """The points of each stretch without a gap.

        Of many in one pixel the lowest and the highest are enough, on a small line their mean.
        """
        area = self._drawn()
        left, low, high = area.left(), area.bottom(), area.height()
        step = area.width() / max(1, len(self._heights) - 1)
        found: list[list[tuple[float, float]]] = []
        before: float | None = None
        for at, height in enumerate(self._heights):
            if height is not None:
                if before is None:
                    found.append([])
                found[-1].append((left + step * at, low - high * height))
            before = height
        if self._is_small:
            found = [_means(each) for each in found] if step < _MEAN_OVER else found
        elif step < 1:
            found = [_thinned(each) for each in found]
        return [[QPointF(*place) for place in each] for each in found]

    def _drawn(self) -> QRectF:
        return QRectF(self.rect()).adjusted(_DOT, _DOT + 1, -_DOT, -_DOT)

    def place_of(self, at: int) -> float:
        """Where a slot is drawn, in pixels from the left."""
        area = self._drawn()
        return area.left() + area.width() * at / max(1, len(self._heights) - 1)

    def _y(self, height: float) -> float:
        area = self._drawn()
        return area.bottom() - area.height() * height

    def _slot_at(self, place: float) -> int:
        if not self._heights:
            return _NONE
        area = self._drawn()
        share = (place - area.left()) / max(1.0, area.width())
        return max(0, min(len(self._heights) - 1, round(share * (len(self._heights) - 1))))


def paint_focus(painter: QPainter, picture: QWidget) -> None:
    """The ring of somebody who came to a picture by the keyboard."""
    if is_by_key(picture):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().palette.accent, FOCUS_LINE))
        painter.drawRoundedRect(QRectF(picture.rect()).adjusted(1, 1, -1, -1), RADIUS_CONTROL, RADIUS_CONTROL)


def _heights(course: "Course") -> list[float | None]:
    """Each slot's value between the lowest (0) and the highest (1). In the middle where there is but one value."""
    amounts = [point.amount for point in course.slots if point is not None]
    if not amounts:
        return []
    low, span = min(amounts), max(amounts) - min(amounts)
    return [None if point is None else float((point.amount - low) / span) if span else 0.5 for point in course.slots]


def _thinned(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The lowest and the highest place of each pixel, in their order."""
    found: list[tuple[float, float]] = []
    column, low, high = -1, places[0], places[0]
    for place in places:
        if int(place[0]) != column:
            found += () if column < 0 else (low,) if low is high else (min(low, high), max(low, high))
            column, low, high = int(place[0]), place, place
        elif place[1] > low[1]:
            low = place
        elif place[1] < high[1]:
            high = place
    return [*found, *((low,) if low is high else (min(low, high), max(low, high)))]


def _means(places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The mean of the places of each two pixels."""
    columns = groupby(places, key=lambda place: int(place[0] / _MEAN_OVER))
    return [(fmean(x for x, _ in each), fmean(y for _, y in each)) for each in (list(group) for _, group in columns)]


def _of_a_minute(course: "Course | None") -> tuple[object, ...]:
    """What is the same for a minute while only the newest value changes."""
    if course is None or course.last is None:
        return (course,)
    return course.slots[:-1], course.last.at // 60
