"""The right side of the window: overview, one account, the wizard, one of the small pages, or the first start."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.overview.overview import Overview
from keyrack.ui.overview.welcome import WelcomePage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.actions import Actions

NOWHERE = "-"


class Pages(QStackedWidget):
    """Keeps the overview. Every other page is made when it is opened and deleted when it is left.

    `moved` carries the account with the open pane, "" for the overview, "-" for any other page.
    """

    moved = Signal(str)

    def __init__(self, rack: "Rack", actions: "Actions", try_sandbox: Callable[[], object] | None) -> None:
        super().__init__()
        self._rack = rack
        self._actions = actions
        self._try_sandbox = try_sandbox
        self.private = False
        self._begun: AddAccountWizard | None = None
        self.overview = Overview(rack)
        self.overview.opened.connect(self.open)
        self.overview.refresh_pressed.connect(actions.refresh_all)
        self.addWidget(self.overview)
        rack.accounts.touched.connect(self._touched)

    @property
    def pane(self) -> AccountPane | None:
        """The account's pane, if one is open."""
        page = self.currentWidget()
        return page if isinstance(page, AccountPane) else None

    def open(self, id: str) -> None:
        """Open an account's pane, or the overview for "" and for a removed account. Nothing opens while locked."""
        if self._rack.lock.locked:
            return
        account = self._rack.accounts.find(id) if id else None
        if account is None:
            self.show_overview()
        elif self.pane is None or self.pane.account is not account:
            pane = AccountPane(account, self._actions, private=self.private)
            pane.add_requested.connect(self.add_account_at)
            self._show(pane, id)
        else:
            self.moved.emit(id)

    def show_overview(self) -> None:
        """Open the overview, or the welcome page while there is no account."""
        if not len(self._rack.accounts):
            first = WelcomePage(self._rack.vault_name, can_sandbox=self._try_sandbox is not None)
            first.add_pressed.connect(self.add_account)
            first.import_pressed.connect(self.import_provider)
            first.sandbox_pressed.connect(lambda: self._try_sandbox and self._try_sandbox())
            self._show(first, NOWHERE)
            return
        self._show(self.overview, "")

    def add_account(self) -> None:
        """Open the wizard for a new account, where it was left. In the wizard, go back to its first step."""
        page = self.currentWidget()
        if self._rack.lock.locked:
            return
        if isinstance(page, AddAccountWizard):
            page.choose_provider()
            return
        if self._begun is None:
            self._begun = AddAccountWizard(self._actions)
            self._begun.finished.connect(self.open)
        self._show(self._begun, NOWHERE)

    def add_account_at(self, provider: str) -> None:
        """Open the wizard at one provider."""
        self.add_account()
        page = self.currentWidget()
        if isinstance(page, AddAccountWizard):
            page.choose_region(self._rack.catalog[provider])

    def import_provider(self) -> None:
        """Open the wizard at the import of the person's own provider file."""
        self.add_account()
        page = self.currentWidget()
        if isinstance(page, AddAccountWizard):
            page.import_provider()

    def lock_passphrase(self) -> None:
        """Open the page for the lock passphrase."""
        if not self._rack.lock.locked:
            page = PassphrasePage(self._actions)
            page.closed.connect(self.show_overview)
            self._show(page, NOWHERE)

    def show_connection(self) -> None:
        """Open the page on how Keyrack connects. It leads back to the account that is open now."""
        if self._rack.lock.locked or isinstance(self.currentWidget(), ConnectionPage):
            return
        page = ConnectionPage(self._actions, self.pane.account.id if self.pane is not None else "")
        page.closed.connect(self.open)
        self._show(page, NOWHERE)

    def cover(self) -> str:
        """Hide the pages for a lock and drop what was typed. Returns the account with the open pane, or ""."""
        left = self.pane.account.id if self.pane is not None else ""
        self.show_overview()
        begun, self._begun = self._begun, None
        if begun is not None:
            self._discard(begun)
        self.hide()
        self.overview.hide_amounts(private=True)
        return left

    def uncover(self, id: str) -> None:
        """Show the page of an account again, or the overview for ""."""
        self.hide_amounts(self.private)
        self.show()
        self.open(id)

    def tick(self) -> None:
        """Show the same page a second later."""
        page = self.currentWidget()
        if isinstance(page, Overview | AccountPane | AddAccountWizard):
            page.tick()

    def hide_amounts(self, private: bool) -> None:
        """Set privacy mode on every page."""
        self.private = private
        self.overview.hide_amounts(private or self._rack.lock.locked)
        if self.pane is not None:
            self.pane.hide_amounts(private)

    def refresh(self) -> None:
        """Renew the account that the page shows, or all."""
        if self.pane is not None:
            self._actions.refresh(self.pane.account)
        elif self.currentWidget() is self.overview:
            self._actions.refresh_all()

    def escape(self) -> None:
        """Close what is open on the page."""
        page = self.currentWidget()
        if isinstance(page, AccountPane):
            page.escape()
        elif isinstance(page, AddAccountWizard):
            page.go_back()
        elif isinstance(page, PassphrasePage):
            self.show_overview()
        elif isinstance(page, ConnectionPage):
            page.close_page()

    def accounts_changed(self) -> None:
        """Follow the list of accounts. The pane of a removed account is replaced by the overview."""
        self.overview.rebuild()
        page = self.currentWidget()
        gone = isinstance(page, AccountPane) and self._rack.accounts.find(page.account.id) is None
        first = isinstance(page, WelcomePage) and len(self._rack.accounts)
        if gone or first or (page is self.overview and not len(self._rack.accounts)):
            self.show_overview()

    def _touched(self, account: "Account | None") -> None:
        if account is not None:
            self.overview.refresh(account)

    def _show(self, page: QWidget, place: str) -> None:
        old = self.currentWidget()
        if old is not page:
            self.addWidget(page)
            self.setCurrentWidget(page)
            self._discard(old)
        self.moved.emit(place)

    def _discard(self, old: QWidget | None) -> None:
        if isinstance(old, AccountPane | AddAccountWizard | PassphrasePage | ConnectionPage):
            old.leave()
        if isinstance(old, AddAccountWizard) and not old.unfinished:
            self._begun = None
        if old is not None and old not in (self.overview, self._begun):
            self.removeWidget(old)
            # Without a parent every widget of a pane would be polished anew, just before it is deleted.
            if isinstance(old, AccountPane):
                old.hide()
            else:
                old.setParent(None)
            old.deleteLater()
