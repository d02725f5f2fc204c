"""Which accounts changed since the last turn of the event loop."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QObject

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.ui.actions.once_a_turn import OncePerTurn


class AccountChanges(QObject):
    """Calls `tell` with the accounts that were added, removed or changed, once per turn however many they are.

    `wanted` says of an account that was touched whether that is a change. Figures may come many times a second, so
    those that it does not want wake nothing.
    """

    def __init__(
        self,
        accounts: Accounts,
        tell: Callable[[Collection[Account]], object],
        wanted: Callable[[Account], bool] = lambda _: True,
    ) -> None:
        super().__init__()
        self._wanted = wanted
        self._accounts = accounts
        self._tell = tell
        self._touched: dict[str, Account] = {}
        self._turn = OncePerTurn(self._now, parent=self)
        self.stop = accounts.touched.connect(self._note)

    def _note(self, account: Account | None) -> None:
        if account is None:
            self._touched.update({each.id: each for each in self._accounts})
        elif self._wanted(account):
            self._touched[account.id] = account
        else:
            return
        self._turn.ask()

    def _now(self) -> None:
        touched, self._touched = self._touched, {}
        self._tell(touched.values())
