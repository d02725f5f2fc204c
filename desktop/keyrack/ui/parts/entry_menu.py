"""A menu that is made when it opens and deleted when it closes."""

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu, QWidget

from keyrack.ui.theme.icons import icon


class EntryMenu(QMenu):
    """Entries that each do one thing. The object name of an entry is that of the menu and its own."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.aboutToHide.connect(self.deleteLater)

    def add(
        self,
        name: str,
        text: str,
        do: Callable[[], object],
        *,
        keys: str = "",
        picture: str = "",
        possible: bool = True,
    ) -> None:
        """Add an entry. `keys` are shown beside it and bound elsewhere, `picture` is a file in resources/icons."""
        action = self.addAction(f"{text}\t{keys}" if keys else text)
        action.setObjectName(f"{self.objectName()}_{name}")
        if picture:
            action.setIcon(icon(picture, "second"))
        action.setEnabled(possible)
        action.triggered.connect(lambda _checked=False: do())


def menu_place(widget: QWidget, event: QContextMenuEvent) -> QPoint:
    """Where a menu opens on the screen: at the mouse, or by a key in the middle."""
    by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
    return event.globalPos() if by_mouse else widget.mapToGlobal(widget.rect().center())
