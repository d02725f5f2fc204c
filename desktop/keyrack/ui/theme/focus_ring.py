"""Shows the focus by a ring only while the person uses the keyboard."""

from typing import Protocol, runtime_checkable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

BY_KEY = "by_key"
_POINTED = frozenset({QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.TabletPress})
# A key that is a shortcut does not arrive as a press.
_TYPED = frozenset({QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride})
_ONLY_HELD = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_Meta,
        Qt.Key.Key_Super_L,
        Qt.Key.Key_Super_R,
    }
)


@runtime_checkable
class Ringed(Protocol):
    """A control that shows more than its ring to somebody who uses the keyboard."""

    def ring_changed(self) -> None:
        """Look anew whether it is `is_by_key`."""
        ...


class FocusRing(QObject):
    """Sets the property `by_key` of the control that has the focus while the last press in its window was one of a key.

    The rules of the stylesheet ask for it. A line for text shows its focus always, because the next letter goes there.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._focus_changed)
        app.focusWindowChanged.connect(self._watch)
        self._watch(app.focusWindow())  # a window that was painted before has it already

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, window: QObject, event: QEvent) -> bool:
        """Follow what the person uses. Every event goes on."""
        if event.type() in _POINTED:
            self._use(window, by_key=False)
        elif event.type() in _TYPED and isinstance(event, QKeyEvent) and event.key() not in _ONLY_HELD:
            self._use(window, by_key=True)
        return False

    def _use(self, window: QObject, *, by_key: bool) -> None:
        if by_key != bool(window.property(BY_KEY)):
            window.setProperty(BY_KEY, by_key)
            self._mark(QApplication.focusWidget())

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        # The one that lost it keeps its mark, which counts only together with the focus.
        self._mark(now)

    def _mark(self, control: QWidget | None) -> None:
        if control is None or not isValid(control) or bool(control.property(BY_KEY)) == _used_by_key(control):
            return
        control.setProperty(BY_KEY, _used_by_key(control))
        control.style().unpolish(control)
        control.style().polish(control)
        control.update()
        if isinstance(control, Ringed):
            control.ring_changed()


def _used_by_key(control: QWidget) -> bool:
    """Whether the last press in the control's window was one of a key."""
    # Qt's stub promises a window, but one that was never shown has none, and one that is being deleted a dead one.
    window: QObject | None = control.window().windowHandle()
    return window is not None and isValid(window) and bool(window.property(BY_KEY))


def is_by_key(control: QWidget) -> bool:
    """Whether the person came to a control by a key, for one that paints itself. It is right in its focus event too."""
    return control.hasFocus() and _used_by_key(control)
