"""A page that scrolls vertically, and a centred column on such a page."""

from collections.abc import Iterable

from PySide6.QtCore import QElapsedTimer, QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from keyrack.ui.theme.metrics import GAP_L, GAP_M, MARGIN, READING_MOST
from keyrack.ui.theme.theme import theme

# So long after its last step a wheel that turns again has a new purpose.
_HELD_MS = 600
_ENDS = {
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class WheelHold:
    """The wheel stays with the page that it scrolls, though others that scroll come under the mouse by that.

    It is held until the mouse moves or the wheel rests. Qt does so for a touchpad, which tells where a gesture begins
    and ends. A mouse wheel tells neither.
    """

    def __init__(self) -> None:
        self._since = QElapsedTimer()
        self._place = QPointF()

    def hold(self, event: QWheelEvent) -> None:
        """Hold the wheel from this step on."""
        self._since.start()
        self._place = event.globalPosition()

    def is_held(self, event: QWheelEvent) -> bool:
        """Whether this step goes on with what the page was scrolled by."""
        held = self._since.isValid() and not self._since.hasExpired(_HELD_MS)
        return held and event.globalPosition() == self._place


class _Scrolled(QWidget):
    """What scrolls. It has a name of its own so that a screen reader goes through it from above."""


class ScrollPage(QScrollArea):
    """Add widgets to `column`. `margin` is kept at both sides with and without a scroll bar.

    It scrolls to the right as well where large text needs more than the window has.
    """

    def __init__(self, margin: int = 0, bottom: int = 0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._margin = margin
        self._bottom = bottom
        self.wheel = WheelHold()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setMinimumHeight(1)  # Qt would keep room for a scroll bar's arrows
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page = _Scrolled()
        self._page.setProperty("role", "page")
        self.column = QVBoxLayout(self._page)
        self.setWidget(self._page)
        self.verticalScrollBar().rangeChanged.connect(self._make_room)
        self._make_room(0, 0)

    def set_margin(self, margin: int) -> None:
        """Keep another margin at both sides."""
        if margin != self._margin:
            self._margin = margin
            self._make_room(0, self.verticalScrollBar().maximum())

    def add_at_most(self, width: int, widget: QWidget) -> None:
        """Add a widget that is at most so wide, a designed length.

        A column alone would ask it for its height at the width of the page, where its texts need fewer lines.
        """
        widget.setMaximumWidth(theme().px(width))
        row = QHBoxLayout()
        row.addWidget(widget, 1)
        row.addStretch(0)
        self.column.addLayout(row)

    def scroll_to(self, part: QWidget, box: QRect) -> None:
        """Show a place of a part of the page, also right after the page has become higher.

        Qt has the page follow its parts later, and until then scrolls no further than before.
        """
        page = self._page
        page.resize(page.width(), max(self.viewport().height(), page.minimumSizeHint().height()))
        middle = part.mapTo(page, box.center())
        self.ensureVisible(middle.x(), middle.y(), 0, box.height() // 2 + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to its ends, if no control on it takes them. Qt knows arrows, PgUp and PgDn."""
        if event.key() in _ENDS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self.verticalScrollBar().triggerAction(_ENDS[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, and keep the wheel while it goes on."""
        before = self.verticalScrollBar().value()
        super().wheelEvent(event)
        if self.verticalScrollBar().value() != before:
            self.wheel.hold(event)

    def hides(self, inner: QWidget, event: QWheelEvent) -> bool:
        """Whether this step of a wheel turns towards an end of a widget on the page that is out of sight."""
        top = inner.mapTo(self.viewport(), QPoint(0, 0)).y()
        turned = event.angleDelta().y()
        return (turned < 0 and top + inner.height() > self.viewport().height()) or (turned > 0 and top < 0)

    def _make_room(self, _least: int, most: int) -> None:
        bar = self.verticalScrollBar().sizeHint().width() if most else 0
        self.column.setContentsMargins(self._margin, 0, max(0, self._margin - bar), self._bottom)


def end_hover(widgets: Iterable[QWidget]) -> None:
    """Tell widgets that were moved away from under the mouse. Qt tells the one that it knows of, and later."""
    place = QCursor.pos()
    for widget in widgets:
        if widget.underMouse() and not widget.rect().contains(widget.mapFromGlobal(place)):
            QApplication.sendEvent(widget, QEvent(QEvent.Type.Leave))
            widget.update()


class Holder(QWidget):
    """Holds what is placed by hand, and says when it has another size."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say so."""
        super().resizeEvent(event)
        self.resized.emit()


class HeadedPage(QWidget):
    """Holds a head that stays, and a scrolling `page` below it."""

    page: ScrollPage

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Have the keys scroll it from its head as well."""
        self.page.keyPressEvent(event)


class ReadingPage(HeadedPage):
    """A head that stays and a scrolling page below, both in the middle of a wide window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self.head = QHBoxLayout()
        self.head.setSpacing(GAP_M)
        self.page = ScrollPage(MARGIN, MARGIN)
        outer.addLayout(self.head)
        outer.addWidget(self.page, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep head and page in the middle."""
        super().resizeEvent(event)
        side = max(int(MARGIN), (self.width() - theme().px(READING_MOST)) // 2)
        self.head.setContentsMargins(side, MARGIN, side, GAP_L)
        self.page.set_margin(side)


def centred_column(widget: QWidget, width: int) -> QVBoxLayout:
    """Fill a widget with a scrolling page, and return the column in its middle, at most `width` wide."""
    outer = QVBoxLayout(widget)
    outer.setContentsMargins(0, 0, 0, 0)
    page = ScrollPage(MARGIN, MARGIN)
    outer.addWidget(page)
    middle = QWidget()
    middle.setMaximumWidth(theme().px(width))
    column = QVBoxLayout(middle)
    column.setContentsMargins(0, 0, 0, 0)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(middle, 100)
    row.addStretch(1)
    page.column.addSpacing(MARGIN)
    page.column.addStretch(2)
    page.column.addLayout(row)
    page.column.addStretch(3)
    return column
