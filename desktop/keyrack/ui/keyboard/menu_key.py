"""What Shift+F10 does where Qt knows the menu key alone, as under X11."""

from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication


def open_menu_by_key() -> None:
    """Ask the control that has the focus for its menu, as the menu key does. A control without one ignores it."""
    control = QApplication.focusWidget()
    if control is not None:
        here = control.rect().center()
        asked = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, here, control.mapToGlobal(here))
        QApplication.sendEvent(control, asked)
