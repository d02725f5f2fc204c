"""Puts the lock page in the place of all others while Keyrack is locked, and takes it away again."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.lock.unlock_page import UnlockPage
from keyrack.ui.window.pages import Pages
from keyrack.ui.window.sidebar import Sidebar

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.button_tasks import ButtonTasks


class LockCover(QWidget):
    """Holds the pages; follows the rack's lock. What was typed or open on a page is gone after a lock."""

    def __init__(self, rack: "Rack", tasks: "ButtonTasks", pages: Pages, sidebar: Sidebar) -> None:
        super().__init__()
        self._rack = rack
        self._tasks = tasks
        self._pages = pages
        self._sidebar = sidebar
        self._left = ""
        self.page: UnlockPage | None = None
        self.setProperty("role", "page")
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(pages)
        rack.lock.changed.connect(self.follow)

    def follow(self) -> None:
        """Show what belongs to the lock as it is now."""
        locked = self._rack.lock.locked
        if locked and self.page is None:
            self._lock()
        elif not locked and self.page is not None:
            self._unlock(self.page)

    def _lock(self) -> None:
        self._left = self._pages.cover()
        self._sidebar.set_locked(locked=True)
        self.page = UnlockPage(self._rack.lock, self._tasks)
        self._column.addWidget(self.page)
        self.page.show()

    def _unlock(self, page: UnlockPage) -> None:
        self.page = None
        page.leave()
        page.setParent(None)
        page.deleteLater()
        self._sidebar.set_locked(locked=False)
        self._pages.uncover(self._left)
