"""Puts the lock page in the place of all others while Keyrack is locked, and removes it again."""

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.actions.listening import listen
from keyrack.ui.keyboard.page_focus import Beginning
from keyrack.ui.lock.unlock_page import UnlockPage
from keyrack.ui.parts.rack_drawing import HOOKS, Hanging
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.widgets.controls import delete_later
from keyrack.ui.window.pages import Pages
from keyrack.ui.window.sidebar import Sidebar

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.keyed_tasks import KeyedTasks


class LockCover(QWidget):
    """Holds the pages and follows the rack's lock. A lock clears what was typed or open on a page.

    `make_pages` makes the pages in their parent.
    """

    def __init__(
        self,
        rack: "Rack",
        tasks: "KeyedTasks",
        make_pages: Callable[[QWidget], Pages],
        sidebar: Sidebar,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._rack = rack
        self._tasks = tasks
        self.pages = make_pages(self)
        self._sidebar = sidebar
        self.page_before_lock = ""
        self.page: UnlockPage | None = None
        self.setProperty("role", "page")
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        listen(self, rack.lock.changed, self.refresh)
        listen(self, rack.accounts.touched, self._hang_keys)

    def refresh(self) -> None:
        """Show the pages, or the lock page while Keyrack is locked."""
        locked = self._rack.lock.locked
        if locked and self.page is None:
            self._lock()
        elif not locked and self.page is not None:
            self._unlock(self.page)

    def first_focus(self) -> QWidget | None:
        """Where the person begins on what is shown."""
        page: object = self.pages.currentWidget() if self.page is None else self.page
        return page.first_focus() if isinstance(page, Beginning) else None

    def return_to(self, id: str) -> None:
        """Open the pane of this account after unlocking, the overview for ""."""
        self.page_before_lock = id

    def _lock(self) -> None:
        self.page_before_lock = self.pages.cover()
        self._sidebar.set_locked(locked=True)
        self.page = UnlockPage(self._rack.lock, self._tasks)
        self._hang_keys()
        self._column.addWidget(self.page)
        self.page.show()

    def _hang_keys(self, _account: "Account | None" = None) -> None:
        """Show the first accounts as keys on the rack, those turned that are fresh."""
        if self.page is not None:
            views = (AccountView(account, self._rack.clock) for account in islice(self._rack.accounts, HOOKS))
            keys: list[Hanging] = ["fresh" if view.name == "ready" else "waiting" for view in views]
            self.page.rack.hang(keys)

    def _unlock(self, page: UnlockPage) -> None:
        self.page = None
        page.leave()
        delete_later(page)
        self._sidebar.set_locked(locked=False)
        self.pages.uncover(self.page_before_lock)
        if page.wants_passphrase:
            self.pages.lock_passphrase()
