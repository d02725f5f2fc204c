"""Which pages are kept when they are left: those with a half-filled form."""

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from keyrack.ui.moving.moving_page import MovingPage

if TYPE_CHECKING:
    from keyrack.core.rack import Rack

Form = TypeVar("Form", AddAccountWizard, PassphrasePage, ConnectionPage)


class KeptPages:
    """The pages that are kept until their form is finished, their account is removed, or Keyrack locks."""

    def __init__(self, rack: "Rack") -> None:
        self._rack = rack
        self._panes: dict[str, AccountPane] = {}
        self._forms: dict[type[QWidget], QWidget] = {}

    def take_pane(self, id: str) -> AccountPane | None:
        """The pane of an account that was left with a half-filled form."""
        return self._panes.pop(id, None)

    def take(self, kind: type[Form]) -> Form | None:
        """The page of this kind that was left with a half-filled form."""
        page = self._forms.pop(kind, None)
        return page if isinstance(page, kind) else None

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
