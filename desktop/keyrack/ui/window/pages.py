"""The right side of the window: overview, one account, the wizard, one of the small pages, or the first start."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.actions.listening import listen
from keyrack.ui.add_account.wizard import AddAccountWizard, test_of
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.keyboard.escape_key import Leaving
from keyrack.ui.keyboard.keys_page import PageBelow
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.overview.card_places import beside
from keyrack.ui.overview.overview import Overview
from keyrack.ui.overview.welcome import WelcomePage
from keyrack.ui.parts.over_page import Over, OverPage
from keyrack.ui.parts.page_fade import PageFade
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.safeguards.privacy import Privacy
from keyrack.ui.widgets.controls import delete_later
from keyrack.ui.window.kept_pages import KeptPages

if TYPE_CHECKING:
    from keyrack.core.rack import Rack
    from keyrack.ui.actions.actions import Actions

NOWHERE = "-"


class Pages(QStackedWidget):
    """Keeps the overview. Every other page is made when it is opened, and deleted when it is left and not kept.

    One pane waits for the next account.

    `moved` carries the account with the open pane, "" for the overview, "-" for any other page.
    `take_in_asked` asks for the page that imports.
    """

    moved = Signal(str)
    take_in_asked = Signal()

    def __init__(
        self, rack: "Rack", actions: "Actions", try_sandbox: Callable[[], object] | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rack = rack
        self._actions = actions
        self._try_sandbox = try_sandbox
        self.privacy = Privacy(rack.preferences, self)
        self.kept = KeptPages(actions, self, self)
        self._place = ""
        self._below: PageBelow | None = None
        self.overview = Overview(actions, self)
        self.overview.opened.connect(self.open)
        self.overview.step_asked.connect(self.begin)
        self.overview.refresh_pressed.connect(actions.refresh_all)
        self.overview.head.eye.clicked.connect(self.hide_amounts)
        self.addWidget(self.overview)
        self.privacy.changed.connect(self.hide_amounts)
        self.hide_amounts(self.privacy.on)
        self.fade = PageFade(self)
        listen(self, rack.accounts.touched, self.overview.refresh)

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
            pane = self.kept.pane_for(account, self.pane)
            pane.hide_amounts(self.privacy.on)
            self._show(pane, id)
        else:
            self.moved.emit(id)

    def begin(self, id: str, what: str) -> None:
        """Open an account's pane and begin something there: "sign_in", or a form of it."""
        self.open(id)
        if self.pane is None:
            return
        if what != "sign_in":
            self.pane.open_form(what)
        elif self.pane.panel.user_code is None:
            self.pane.panel.sign_in()

    def show_overview(self, at: str = "") -> None:
        """Open the overview at an account, else at the one that was open, or the welcome page without an account."""
        if not len(self._rack.accounts):
            self._show(_welcome(self, self._actions, self._try_sandbox), NOWHERE)
            return
        self.overview.grid.begin()
        if at or self.pane is not None:
            self.overview.grid.go_on_at(at or account_before(self.pane))
        self._show(self.overview, "")

    def add_account(self) -> None:
        """Open the wizard for a new account, where it was left. In the wizard, go back to its first step.

        From the test of an account, which the account's pane goes on with, it begins anew.
        """
        if self._rack.lock.locked:
            return
        page = self._below.page if self._below is not None else self.currentWidget()
        if isinstance(page, AddAccountWizard) and test_of(page) is None:
            page.choose_provider()
        else:
            page = self.kept.page(AddAccountWizard)
            page.before = "" if self._place == NOWHERE else self._place
        self._show(page, NOWHERE)

    def add_account_at(self, provider: str) -> None:
        """Open the wizard at one provider."""
        self.add_account()
        if isinstance(page := self.currentWidget(), AddAccountWizard):
            page.choose_region(self._rack.catalog[provider])

    def import_provider(self) -> None:
        """Open the wizard at the import of the person's own provider file."""
        self.add_account()
        if isinstance(page := self.currentWidget(), AddAccountWizard):
            page.import_provider()

    def lock_passphrase(self) -> None:
        """Open the page for the lock passphrase, as it was left."""
        if not self._rack.lock.locked and not isinstance(self.currentWidget(), PassphrasePage):
            self._show(self.kept.page(PassphrasePage), NOWHERE)

    def show_connection(self) -> None:
        """Open the page on how Keyrack connects, as it was left. It leads back to the account that is open now."""
        if self._rack.lock.locked or isinstance(self.currentWidget(), ConnectionPage):
            return
        page = self.kept.page(ConnectionPage)
        page.before = self.pane.account.id if self.pane is not None else ""
        self._show(page, NOWHERE)

    def show_small(self, page: QWidget) -> None:
        """Open a page that nothing keeps, unless Keyrack is locked."""
        if not self._rack.lock.locked:
            self._show(page, NOWHERE)

    def cover(self) -> str:
        """Hide the pages for a lock and drop what was typed. Returns the account with the open pane, or ""."""
        if isinstance(over := self.currentWidget(), OverPage):
            self.toggle_over(over.which)
        left = self.pane.account.id if self.pane is not None else ""
        self.show_overview()
        for page in self.kept.give_up():
            _discard(page, self, self.kept)
        self.hide()
        self.overview.hide_amounts(private=True)
        return left

    def uncover(self, id: str) -> None:
        """Show the page of an account again, or the overview for ""."""
        self.hide_amounts(self.privacy.on)
        self.show()
        self.open(id)

    def tick(self) -> None:
        """Show the same page a second later."""
        if isinstance(page := self.currentWidget(), Overview | AccountPane | AddAccountWizard):
            page.tick()

    def hide_amounts(self, private: bool) -> None:
        """Set privacy mode on every page."""
        if private != self.privacy.on:
            self.privacy.choose(private)  # and so comes back here
            return
        self.overview.head.eye.show_private(private=private)
        self.overview.hide_amounts(private or self._rack.lock.locked)
        if self.pane is not None:
            self.pane.hide_amounts(private)

    def escape(self) -> bool:
        """Leave what is open on the page. Returns whether there was anything."""
        page: object = self.currentWidget()
        return page.escape() if isinstance(page, Leaving) else False

    def toggle_over(self, which: Over = "keys") -> None:
        """Show a page such as all keys over the page, which stays as it is below, or leave it and go on there."""
        over = self.currentWidget()
        if isinstance(over, OverPage) and over.which == which and (below := self._below) is not None:
            self._show(below.page, below.place)
            self.hide_amounts(self.privacy.on)
            self.accounts_changed()
            below.restore_focus()
        elif not self._rack.lock.locked:
            below = self._below or PageBelow(self, self.currentWidget() or self.overview, self._place)
            self._below = below
            shown = _over(which, self._actions, below.page)
            shown.opened.connect(self.open)
            below.cover(shown, partial(self.toggle_over, which), self.toggle_over)
            self.moved.emit(NOWHERE)

    def accounts_changed(self) -> None:
        """Follow the list of accounts. The pane of a removed account, or its test, is replaced by the overview."""
        order = self.overview.grid.ids
        self.overview.rebuild()
        for pane in self.kept.give_up_removed():
            _discard(pane, self, self.kept)
        page = self.currentWidget()
        about = account_before(page)
        gone = about and self._rack.accounts.find(about) is None
        first = isinstance(page, WelcomePage) and len(self._rack.accounts)
        if gone or first or (page is self.overview and not len(self._rack.accounts)):
            self.show_overview(beside(about, order, self.overview.grid.ids) if gone else "")

    def _show(self, page: QWidget, place: str) -> None:
        old, below = self.currentWidget(), self._below
        self._below, self._place = None, place
        if old is not page:
            self.fade.begin()
            self.addWidget(page)
            self.setCurrentWidget(page)
            self.fade.go()
            _discard(old, self, self.kept)
        else:
            self.fade.hide()  # only texts and figures change
        _discard(below.page if below is not None and below.page is not page else None, self, self.kept)
        self.moved.emit(place)


def _welcome(pages: Pages, actions: "Actions", try_sandbox: Callable[[], object] | None) -> WelcomePage:
    first = WelcomePage(lambda: actions.rack.vault_name, KeyringNotice(actions), can_sandbox=try_sandbox is not None)
    first.add_pressed.connect(pages.add_account)
    first.import_pressed.connect(pages.import_provider)
    first.take_in_pressed.connect(pages.take_in_asked)
    first.sandbox_pressed.connect(lambda: try_sandbox and try_sandbox())
    return first


def account_before(page: QWidget | None) -> str:
    """The account whose pane a page is, or that it tests in the wizard, "" for none."""
    shown = page if isinstance(page, AccountPane) else test_of(page)
    return shown.account.id if shown is not None else ""


def _discard(old: QWidget | None, pages: Pages, kept: KeptPages) -> None:
    """Delete a page, unless it is one that is kept."""
    if old is not None and old is not pages.overview and not kept.leave(old):
        pages.removeWidget(old)
        # Without a parent every widget of a pane would be polished anew, just before it is deleted.
        if isinstance(old, AccountPane):
            old.hide()
            old.deleteLater()
        else:
            delete_later(old)


def _over(which: Over, actions: "Actions", below: QWidget) -> OverPage:
    """A page that lies over another one. No start waits for what few days need."""
    from keyrack.ui.help.over_pages import over_page

    return over_page(which, actions, below.account if isinstance(below, AccountPane) else None)
