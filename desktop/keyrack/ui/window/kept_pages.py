"""Which pages are kept when they are left: those with a half-filled form."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.moving.moving_page import MovingPage

if TYPE_CHECKING:
    from keyrack.core.rack import Rack


class KeptPages:
    """The pages that are kept until their form is finished, their account is removed, or Keyrack locks.

    `wizard` is the one that adds an account.
    """

    def __init__(self, rack: "Rack") -> None:
        self._rack = rack
        self._panes: dict[str, AccountPane] = {}
        self.wizard: AddAccountWizard | None = None

    def take_pane(self, id: str) -> AccountPane | None:
        """The pane of an account that was left with a half-filled form."""
        return self._panes.pop(id, None)

    def leave(self, page: QWidget) -> bool:
        """Tell a page that it is left. Returns whether it is kept."""
        if isinstance(page, AccountPane) and self._is_begun(page):
            self._panes[page.account.id] = page
            return True
        if isinstance(page, AccountPane | AddAccountWizard | PassphrasePage | ConnectionPage | MovingPage):
            page.leave()
        if isinstance(page, AddAccountWizard) and not page.unfinished:
            self.wizard = None
        return page is self.wizard

    def give_up(self) -> list[QWidget]:
        """All that were kept, which nothing keeps any longer."""
        given_up: list[QWidget] = [page for page in (self.wizard, *self._panes.values()) if page is not None]
        self.wizard = None
        self._panes.clear()
        return given_up

    def give_up_removed(self) -> list[AccountPane]:
        """The panes that were kept of accounts that are gone."""
        return [self._panes.pop(id) for id in list(self._panes) if self._rack.accounts.find(id) is None]

    def _is_begun(self, pane: AccountPane) -> bool:
        there = self._rack.accounts.find(pane.account.id) is pane.account
        return there and pane.unfinished and not self._rack.lock.locked
