"""Which accounts changed since the last turn of the event loop."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.ui.actions.once_a_turn import OncePerTurn


class AccountChanges(QObject):
    """Calls `tell` with the accounts that were added, removed or changed, once per turn however many they are."""

    def __init__(self, accounts: Accounts, tell: Callable[[Collection[Account]], object]) -> None:
        super().__init__()
        self._accounts = accounts
        self._tell = tell
        self._touched: dict[str, Account] = {}
        self._turn = OncePerTurn(self._now, parent=self)
        self.stop = accounts.touched.connect(self._note)

    def _note(self, account: Account | None) -> None:
        self._touched.update({each.id: each for each in self._accounts} if account is None else {account.id: account})
        self._turn.ask()

    def _now(self) -> None:
        touched, self._touched = self._touched, {}
        self._tell(touched.values())
