"""Shows the focus by a ring only while the person uses the keyboard."""

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


class _LastPress:
    """Whether it was one of a key."""

    by_key = False


class FocusRing(QObject):
    """Sets the property `by_key` of the control that has the focus while the last press was one of a key.

    The rules of the stylesheet ask for it. A line for text shows its focus always, because the next letter goes there.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        app.focusChanged.connect(self._focus_changed)
        app.focusWindowChanged.connect(self._watch)

    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, _window: QObject, event: QEvent) -> bool:
        """Follow what the person uses. Every event goes on."""
        if event.type() in _POINTED:
            self._use(by_key=False)
        elif event.type() in _TYPED and isinstance(event, QKeyEvent) and event.key() not in _ONLY_HELD:
            self._use(by_key=True)
        return False

    def _use(self, *, by_key: bool) -> None:
        if by_key != _LastPress.by_key:
            _LastPress.by_key = by_key
            self._mark(QApplication.focusWidget(), by_key=by_key)

    def _focus_changed(self, _old: QWidget | None, now: QWidget | None) -> None:
        # The one that lost it keeps its mark, which counts only together with the focus.
        self._mark(now, by_key=_LastPress.by_key)

    def _mark(self, control: QWidget | None, *, by_key: bool) -> None:
        if control is None or not isValid(control) or bool(control.property(BY_KEY)) == by_key:
            return
        control.setProperty(BY_KEY, by_key)
        control.style().unpolish(control)
        control.style().polish(control)
        control.update()


def is_by_key(control: QWidget) -> bool:
    """Whether the person came to a control by a key, for one that paints itself. It is right in its focus event too."""
    return control.hasFocus() and _LastPress.by_key
