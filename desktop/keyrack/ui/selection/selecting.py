"""How accounts are selected by mouse and keys, the same in the sidebar, on the cards and in the list."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.selection import Selection

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_STEPS = (
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
)
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class Selecting(QObject):
    """Ctrl+click and Ctrl+Space select one more, Shift+click and Shift with a step select a range.

    `items` returns the widgets of the accounts in `area` by their ids, `order` all ids as they stand there. `step`
    moves the focus from an account by a key. A press without Ctrl and Shift goes on to what it is for.
    """

    def __init__(
        self,
        area: QWidget,
        selection: Selection,
        items: Callable[[], Mapping[str, QWidget]],
        order: Callable[[], Sequence[str]],
        step: Callable[[str, int], object],
    ) -> None:
        super().__init__(area)
        self._area = area
        self._selection = selection
        self._items = items
        self._order = order
        self._step = step
        self._pressed = False

    def watch(self, widget: QWidget) -> None:
        """Let a widget be selected."""
        widget.installEventFilter(self)

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        """Take what selects."""
        if isinstance(event, QMouseEvent) and isinstance(widget, QWidget):
            return self._mouse(widget, event)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            id = self._id_of(widget)
            return bool(id) and self._key(id, event)
        return False

    def _mouse(self, widget: QWidget, event: QMouseEvent) -> bool:
        """A press selects. What follows it until the release is no press of the account, and moves nothing."""
        if event.type() in _PRESSES:
            id = self._id_of(widget)
            if not id or event.button() != Qt.MouseButton.LeftButton:
                return False
            self._pressed = bool(event.modifiers() & (_CTRL | _SHIFT))
            if self._pressed:
                widget.setFocus(Qt.FocusReason.MouseFocusReason)
                self._select(id, id, event.modifiers())
            else:
                self._selection.begin_at(id)
            return self._pressed
        taken = self._pressed
        if event.type() == QEvent.Type.MouseButtonRelease:
            self._pressed = False
        return taken

    def _key(self, id: str, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Space and held == _CTRL:
            self._selection.toggle(id)
        elif key in _STEPS and held == _SHIFT:
            self._step(id, key)
            self._select(id, self._id_of(self._area.window().focusWidget()) or id, held)
        else:
            return False
        return True

    def _select(self, start: str, to: str, held: Qt.KeyboardModifier) -> None:
        if held & _SHIFT:
            self._selection.extend(start, to, self._order(), adding=bool(held & _CTRL))
        else:
            self._selection.toggle(to)

    def _id_of(self, widget: QObject | None) -> str:
        return next((id for id, item in self._items().items() if item is widget), "")
