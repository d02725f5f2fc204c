"""Moves accounts with the mouse, in the sidebar and on the overview."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QFrame, QScrollArea, QWidget

_LINE = 2
_EDGE = 48


class Dragging(QObject):
    """Shows a line where the account would come to stand, and calls `place` with two ids when the button is released.

    `items` returns the widgets of the accounts in `area`, all with the same parent, none where they cannot be dragged
    now. `in_columns` says whether they stand side by side.
    `place` is called with the dragged account, the one beside it, and whether it comes after that,
    and `landing` says in the same words where it would stand then.
    """

    def __init__(
        self,
        area: QScrollArea,
        items: Callable[[], Mapping[str, QWidget]],
        place: Callable[[str, str, bool], object],
        landing: Callable[[str, str, bool], tuple[str, bool]],
        in_columns: Callable[[], bool] = lambda: False,
    ) -> None:
        super().__init__(area)
        self._area = area
        self._items = items
        self._place = place
        self._landing = landing
        self._in_columns = in_columns
        self._pressed: QPoint | None = None
        self._moving = False
        self._target: tuple[str, bool] | None = None
        self._line: QFrame | None = None

    def watch(self, widget: QWidget) -> None:
        """Let a widget be dragged."""
        widget.installEventFilter(self)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        """Follow the mouse from press to release. A press that moves nothing stays a press."""
        if not isinstance(event, QMouseEvent) or not isinstance(widget, QWidget):
            return False
        place = event.globalPosition().toPoint()
        if event.type() == QEvent.Type.MouseButtonPress:
            self._pressed = place if event.button() == Qt.MouseButton.LeftButton else None
        elif event.type() == QEvent.Type.MouseMove and event.buttons() & Qt.MouseButton.LeftButton:
            return self._moved(widget, place)
        elif event.type() == QEvent.Type.MouseButtonRelease:
            return self._released(widget)
        return False

    def _moved(self, widget: QWidget, place: QPoint) -> bool:
        if self._pressed is None:
            return False
        far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if far and not self._moving and self._items():
            self._moving = True
            widget.setCursor(Qt.CursorShape.ClosedHandCursor)
            widget.setFocus(Qt.FocusReason.MouseFocusReason)  # what has the focus is not deleted by scrolling
        if self._moving:
            self._show_target(widget, place)
        return self._moving

    def _released(self, widget: QWidget) -> bool:
        moving, target = self._moving, self._target
        self._pressed, self._moving, self._target = None, False, None
        if self._line is not None:
            self._line.hide()
        if not moving:
            return False
        widget.setCursor(Qt.CursorShape.PointingHandCursor)
        if isinstance(widget, QAbstractButton):
            widget.setDown(False)
        id = self._id_of(widget)
        if id and target is not None:
            self._place(id, *target)
        return True

    def _id_of(self, widget: QWidget) -> str:
        return next((id for id, item in self._items().items() if item is widget), "")

    def _show_target(self, widget: QWidget, place: QPoint) -> None:
        holder = widget.parentWidget()
        if holder is None:
            return
        page = self._area.widget()
        if page is not None:
            inside = page.mapFromGlobal(place)
            self._area.ensureVisible(inside.x(), inside.y(), 0, _EDGE)
        here = holder.mapFromGlobal(place)
        items = {id: item for id, item in self._items().items() if item.isVisible()}
        if not items:
            return
        id = min(items, key=lambda id: _distance(items[id].geometry(), here))
        box = items[id].geometry()
        sideways = self._in_columns()
        after = here.x() > box.center().x() if sideways else here.y() > box.center().y()
        self._target = None if items[id] is widget else (id, after)
        # Accounts of one exchange stay together, so the line may be at the edge of another one's.
        edge, after = self._landing(self._id_of(widget), id, after)
        self._draw(holder, items[edge if edge in items else id].geometry(), after=after, sideways=sideways)

    def _draw(self, holder: QWidget, box: QRect, *, after: bool, sideways: bool) -> None:
        if self._line is None:
            self._line = QFrame()
            self._line.setProperty("role", "dropline")
        self._line.setParent(holder)
        if sideways:
            x = box.right() + _LINE if after else box.left() - 2 * _LINE
            self._line.setGeometry(max(0, x), box.top(), _LINE, box.height())
        else:
            y = box.bottom() + 1 if after else box.top() - _LINE
            self._line.setGeometry(box.left(), max(0, y), box.width(), _LINE)
        self._line.setVisible(self._target is not None)
        self._line.raise_()


def _distance(box: QRect, place: QPoint) -> int:
    """0 inside, else how far away it is."""
    x = max(box.left() - place.x(), place.x() - box.right(), 0)
    y = max(box.top() - place.y(), place.y() - box.bottom(), 0)
    return x + y
