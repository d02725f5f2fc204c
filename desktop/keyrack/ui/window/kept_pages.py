"""Which pages are kept when they are left: those with a half-filled form."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.moving.moving_page import MovingPage

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

Form = TypeVar("Form", AddAccountWizard, PassphrasePage, ConnectionPage)


class KeptPages:
    """The pages that are kept until their form is finished, their account is removed, or Keyrack locks.

    A new one is made as a part of `stack`. `open_account` opens an account's pane, the overview for "". A page that is
    finished asks for it.
    """

    def __init__(self, actions: "Actions", stack: QWidget, open_account: Callable[[str], object]) -> None:
        self._actions = actions
        self._stack = stack
        self._open_account = open_account
        self._rack = actions.rack
        self._panes: dict[str, AccountPane] = {}
        self._forms: dict[type[QWidget], QWidget] = {}

    def take_pane(self, id: str) -> AccountPane | None:
        """The pane of an account that was left with a half-filled form."""
        return self._panes.pop(id, None)

    def page(self, kind: type[Form]) -> Form:
        """The page of this kind that was left with a half-filled form, else a new one."""
        kept = self._forms.pop(kind, None)
        if isinstance(kept, kind):
            return kept
        made = kind(self._actions, self._stack)
        made.closed.connect(lambda id="": self._open_account(id))
        return made

    def leave(self, page: QWidget) -> bool:
        """Tell a page that it is left. Returns whether it is kept."""
        if isinstance(page, MovingPage):
            page.leave()
        if not isinstance(page, AccountPane | AddAccountWizard | PassphrasePage | ConnectionPage):
            return False
        if not page.unfinished or self._rack.lock.locked:
            page.leave()
            return False
        if not isinstance(page, AccountPane):
            self._forms[type(page)] = page
            return True
        if self._rack.accounts.find(page.account.id) is not page.account:
            page.leave()
            return False
        self._panes[page.account.id] = page
        return True

    def give_up(self) -> list[QWidget]:
        """All that were kept, which nothing keeps any longer."""
        given_up: list[QWidget] = [*self._forms.values(), *self._panes.values()]
        self._forms.clear()
        self._panes.clear()
        return given_up

    def give_up_removed(self) -> list[AccountPane]:
        """The panes that were kept of accounts that are gone."""
        return [self._panes.pop(id) for id in list(self._panes) if self._rack.accounts.find(id) is None]
