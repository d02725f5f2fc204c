"""Puts accounts into the person's own order."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance

from keyrack.primitives.failure import Failure

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack


class Arranging:
    """Forwards the person's order to the rack. What cannot be stored becomes a notice. Nothing moves while locked."""

    def __init__(self, rack: "Rack", notified: SignalInstance) -> None:
        self._rack = rack
        self._notified = notified

    def pin(self, *accounts: "Account", pinned: bool) -> None:
        """Put accounts among the first ones, or back to their exchanges."""
        self._do(lambda: self._rack.arrangement.pin(*accounts, pinned=pinned), *accounts)

    def move(self, account: "Account", by: int) -> None:
        """Move an account up (-1) or down (1)."""
        self._do(lambda: self._rack.arrangement.move(account, by), account)

    def place(self, id: str, beside: str, after: bool) -> None:
        """Put an account before or after another one, both by their ids."""
        account = self._rack.accounts.find(id)
        if account is not None:
            self._do(lambda: self._rack.arrangement.place(account, beside, after=after), account)

    def landing(self, id: str, beside: str, after: bool) -> tuple[str, bool]:
        """Beside which account, and whether after it, `place` would put this one."""
        account = self._rack.accounts.find(id)
        return (beside, after) if account is None else self._rack.arrangement.landing(account, beside, after=after)

    def _do(self, change: Callable[[], object], *accounts: "Account") -> None:
        if self._rack.lock.locked:
            return
        try:
            change()
        except Failure as why:
            self._notified.emit(accounts[0].id if len(accounts) == 1 else "", "urgent", why.sentences())
