"""Which pages are kept when they are left: those with a half-filled form, and one pane for the next account."""

from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QStackedWidget, QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.sign_in_step import SignInStep
from keyrack.ui.add_account.wizard import AddAccountWizard, test_of
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.moving.moving_page import MovingPage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
Form = TypeVar("Form", AddAccountWizard, PassphrasePage, ConnectionPage)
WithForms = AccountPane | AddAccountWizard | PassphrasePage | ConnectionPage


class WayOn(Protocol):
    """Where a page leads to when it ends."""

    def open(self, id: str) -> None:
        """Show an account's pane, or the overview for ""."""

    def add_account_at(self, provider: str) -> None:
        """Show the wizard at one provider."""


class KeptPages:
    """The pages that are kept until their form is finished, their account is removed, or Keyrack locks.

    A new one is made as a part of `stack`, and goes the `way` that it leads to. `spare` is the pane that was left last,
    for the next account: to make one takes far longer.
    """

    def __init__(self, actions: "Actions", stack: QStackedWidget, way: WayOn) -> None:
        self._actions = actions
        self._stack = stack
        self._way = way
        self._rack = actions.rack
        self.spare: AccountPane | None = None
        self._panes: dict[str, AccountPane] = {}
        self._forms: dict[type[QWidget], AddAccountWizard | PassphrasePage | ConnectionPage] = {}

    def pane_for(self, account: "Account", shown: AccountPane | None) -> AccountPane:
        """The pane that was left with a half-filled form, else the shown or the spare one if it can take the account.

        Where there is none, it is a new one.
        """
        kept = self._panes.pop(account.id, None)
        if kept is not None:
            return kept
        for there in (shown, self.spare):
            if there is not None and there.can_take(account):
                there.take(account)
                self.spare = None if there is self.spare else self.spare
                return there
        return self._new_pane(account)

    def page(self, kind: type[Form]) -> Form:
        """The page of this kind that was left with a half-filled form, else a new one."""
        kept = self._forms.pop(kind, None)
        if isinstance(kept, kind):
            return kept
        made = kind(self._actions, self._stack)
        made.closed.connect(lambda id="": self._way.open(id))
        return made

    def leave(self, page: QWidget) -> bool:
        """Tell a page that it is left. Returns whether it is kept."""
        if isinstance(page, MovingPage):
            page.leave()
        if not isinstance(page, WithForms):
            return False
        tested = test_of(page)
        if tested is not None and page.unfinished:
            self._hand_over(tested)
        if self._rack.lock.locked or tested is not None or not page.unfinished:
            page.leave()
            return isinstance(page, AccountPane) and self._spare(page)
        if not isinstance(page, AccountPane):
            self._forms[type(page)] = page
            return True
        if self._rack.accounts.find(page.account.id) is not page.account:
            page.leave()
            return False
        self._panes[page.account.id] = page
        return True

    def _hand_over(self, tested: SignInStep) -> None:
        """The form that was begun at the test of a new account is the account's. Its own pane keeps it from here on."""
        account, shown = tested.account, self._stack.currentWidget()
        if self._rack.lock.locked or self._rack.accounts.find(account.id) is not account or not tested.forms.unfinished:
            return
        if isinstance(shown, AccountPane) and shown.account is account:
            shown.forms.take_over(tested.forms, shown)
            return
        pane = self._panes[account.id] = self._panes.get(account.id) or self._new_pane(account)
        self._stack.addWidget(pane)
        pane.forms.take_over(tested.forms, pane)

    def _new_pane(self, account: "Account") -> AccountPane:
        pane = AccountPane(account, self._actions, self._stack)
        pane.add_requested.connect(self._way.add_account_at)
        return pane

    def _spare(self, pane: AccountPane) -> bool:
        """Keep a pane for the next account. Returns False for one that no account can use."""
        here = self._rack.accounts.find(pane.account.id) is pane.account and not self._rack.lock.locked
        if not here or not pane.can_take(pane.account):
            return False
        if self.spare is not None:
            self.spare.deleteLater()
        self.spare = pane
        return True

    def waited_for(self) -> str:
        """Say for what another language or size of text waits: the pages by name that are kept for their forms."""
        forms = ", ".join(_name_of(page) for page in (*self._forms.values(), *self._panes.values()))
        if not forms:
            return translate(
                "Kept", "Language and size of text change here once you leave this page and no form is half filled."
            )
        words = translate("Kept", "Language and size of text change here once these forms are done or empty: {forms}.")
        return words.format(forms=forms)

    def half_filled(self) -> list[str]:
        """The pages by name that hold something entered, also the one that is shown."""
        pages = [self._stack.widget(at) for at in range(self._stack.count())]
        return [_name_of(page) for page in pages if isinstance(page, WithForms) and page.unfinished]

    def give_up(self) -> list[QWidget]:
        """All that were kept, which nothing keeps any longer."""
        given_up: list[QWidget] = [*self._forms.values(), *self._panes.values(), *self._spares()]
        self._forms.clear()
        self._panes.clear()
        self.spare = None
        return given_up

    def give_up_removed(self) -> list[AccountPane]:
        """The panes that were kept of accounts that are gone."""
        gone = [pane for pane in self._spares() if self._rack.accounts.find(pane.account.id) is not pane.account]
        if gone:
            self.spare = None
        return gone + [self._panes.pop(id) for id in list(self._panes) if self._rack.accounts.find(id) is None]

    def _spares(self) -> list[AccountPane]:
        return [] if self.spare is None else [self.spare]


def _name_of(page: WithForms) -> str:
    return page.account.settings.name if isinstance(page, AccountPane) else page.title.text()
