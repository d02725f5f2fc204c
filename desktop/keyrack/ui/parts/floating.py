"""Where something stands that floats over a page, and the bar that does."""

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPoint, QRect, Qt, QVariantAnimation
from PySide6.QtGui import QCursor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QVBoxLayout, QWidget

from keyrack.ui.parts.banner import Banner
from keyrack.ui.theme.metrics import FLOATING_MOST, GAP_M, MOVE_MS, RADIUS_CONTROL, SHADOW
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton

_SLIDE = 10
_DROP = 3
_FLOATS = "floats"


class Floating(QObject):
    """Keeps `widget` at the lower edge of `area`, or at its upper edge where it would cover what the person uses.

    That is the button under the pointer, the control in focus, the filled buttons of the page, and what floats there
    already. `widget` is a child of the parent of `area`.
    """

    def __init__(self, widget: QWidget, area: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._area = area
        self._parent = area.parentWidget() or area.window()
        self._place = QPoint()
        self._below = True
        self._sliding = QVariantAnimation(self, duration=MOVE_MS, startValue=float(_SLIDE), endValue=0.0)
        self._sliding.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._sliding.valueChanged.connect(self._move)
        widget.setProperty(_FLOATS, "yes")
        widget.setParent(self._parent)
        widget.raise_()
        widget.installEventFilter(self)
        area.installEventFilter(self)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)

    def place(self) -> None:
        """Find the place for the size that the widget needs now."""
        layout, area = self._widget.layout(), self._area.geometry()
        if self._widget.isHidden() or layout is None:
            return
        wide = min(area.width() - 2 * GAP_M, theme().px(FLOATING_MOST)) + 2 * SHADOW
        high = layout.totalHeightForWidth(wide)
        x = area.x() + (area.width() - wide) // 2
        low = QRect(x, area.y() + area.height() - high - GAP_M + SHADOW, wide, high)
        top = QRect(x, area.y() + GAP_M - SHADOW, wide, high)
        used = self._used()
        self._below = _covered(low, used) <= _covered(top, used)
        place = low if self._below else top
        self._place = place.topLeft()
        self._widget.resize(place.size())
        self._widget.raise_()
        self._move()

    def _used(self) -> list[tuple[QRect, int]]:
        """What is not to be covered, in the parent's coordinates, with how much it matters."""
        window = self._area.window()
        pointed = window.childAt(window.mapFromGlobal(QCursor.pos()))
        pressed = [pointed, window.focusWidget()]
        filled = [each for each in self._area.findChildren(PlainButton) if each.property("role") == "primary"]
        used = [(each, 2) for each in pressed if isinstance(each, QAbstractButton | QLineEdit)]
        used += [(each, 1) for each in filled if each.isVisible()]
        beside = self._parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        others = [each for each in beside if each.property(_FLOATS) and each is not self._widget and each.isVisible()]
        return [(each.geometry(), 3) for each in others] + [
            (QRect(each.mapTo(self._parent, QPoint()), each.size()), weight)
            for each, weight in used
            if self._area.isAncestorOf(each)
        ]

    def _move(self) -> None:
        sliding = self._sliding.state() == QVariantAnimation.State.Running
        by = round(float(self._sliding.currentValue())) if sliding else 0
        self._widget.move(self._place + QPoint(0, by if self._below else -by))

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self._area.isAncestorOf(now):
            self.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area, and slide in when the widget is shown."""
        if watched is self._area and event.type() in (QEvent.Type.Resize, QEvent.Type.Move):
            self.place()
        elif watched is self._widget and event.type() == QEvent.Type.Show and theme().motion():
            self._sliding.start()
        if watched is self._widget and event.type() == QEvent.Type.Show:
            self.place()
        return False


class FloatingBar(QWidget):
    """A column of banners with a soft shadow around each. It floats once it is told over what."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SHADOW, SHADOW, SHADOW, SHADOW)
        self._floating: Floating | None = None

    def float_over(self, area: QWidget) -> None:
        """Stand over a part of the window. A page that was pushed down would be pressed in the wrong place."""
        self._floating = Floating(self, area)

    def event(self, event: QEvent) -> bool:
        """Stand anew when the sentence, the buttons or the banners are others."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self._floating is not None:
            self._floating.place()
        return done

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The shadow of each banner."""
        for banner in self.findChildren(Banner, options=Qt.FindChildOption.FindDirectChildrenOnly):
            if banner.isVisible():
                _paint_shadow(self, banner.geometry())


def _paint_shadow(widget: QWidget, box: QRect) -> None:
    """Paint the soft shadow of `box` on the widget that floats around it."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().palette.shadow)
    for reach in range(1, SHADOW - _DROP):
        layer = box.adjusted(-reach, -reach, reach, reach).translated(0, _DROP)
        painter.drawRoundedRect(layer, RADIUS_CONTROL + reach, RADIUS_CONTROL + reach)


def _covered(place: QRect, used: list[tuple[QRect, int]]) -> int:
    seen = place.adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
    return sum(weight for box, weight in used if seen.intersects(box))
