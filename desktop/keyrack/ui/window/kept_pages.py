"""Which pages are kept when they are left: those with a half-filled form."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


class KeptPages:
    """The pages that are kept until their form is finished, their account is removed, or Keyrack locks.

    `wizard` is the one that adds an account.
    """

    def __init__(self, actions: "Actions", add_account_at: Callable[[str], object]) -> None:
        self._actions = actions
        self._add_account_at = add_account_at
        self._rack = actions.rack
        self._panes: dict[str, AccountPane] = {}
        self.wizard: AddAccountWizard | None = None

    def pane_for(self, account: "Account", shown: AccountPane | None, parent: QWidget) -> AccountPane:
        """The pane that was left with a half-filled form, else the one that is shown if it can take the account.

        Where there is neither, it is a new one in `parent`.
        """
        kept = self._panes.pop(account.id, None)
        if kept is not None:
            return kept
        if shown is not None and shown.can_take(account):
            shown.take(account)
            return shown
        pane = AccountPane(account, self._actions, parent)
        pane.add_requested.connect(self._add_account_at)
        return pane

    def leave(self, page: QWidget) -> bool:
        """Tell a page that it is left. Returns whether it is kept."""
        if isinstance(page, AccountPane) and self._is_begun(page):
            self._panes[page.account.id] = page
            return True
        if isinstance(page, AccountPane | AddAccountWizard | PassphrasePage | ConnectionPage):
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
