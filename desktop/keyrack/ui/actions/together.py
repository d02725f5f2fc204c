"""What is done with several accounts as one step: one task, one undo, and one sentence about how it ended."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance

from keyrack.core.accounts.state import Active
from keyrack.language.translation import plural
from keyrack.primitives.failure import Failure
from keyrack.ui.actions.keyed_tasks import KeyedTasks

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

translate = QCoreApplication.translate


class SigningOut(Protocol):
    """The actions that are used for each account by itself."""

    rack: "Rack"
    tasks: KeyedTasks
    notified: SignalInstance

    def sign_out(self, account: "Account") -> None:
        """Delete the tokens and keep the credentials."""


class Together:
    """Steps with several accounts. While Keyrack is locked none begins (S91)."""

    def __init__(self, actions: SigningOut) -> None:
        self._actions = actions

    def sign_out(self, accounts: "Sequence[Account]") -> None:
        """Sign out of those that are signed in now. Each one that fails is told of by itself."""
        for account in accounts:
            if isinstance(account.state, Active):
                self._actions.sign_out(account)

    def remove(self, accounts: "Sequence[Account]") -> None:
        """Remove accounts, unless that is undone in ten seconds for all of them, and show what happened."""
        if accounts and not self._actions.rack.lock.locked:
            key = " ".join(account.id for account in accounts)
            self._actions.tasks.start(f"{key}:remove_together", self._remove, accounts)

    async def _remove(self, accounts: "Sequence[Account]") -> None:
        outcomes = await self._actions.rack.removals.remove_together(accounts)
        failed = {account: why for account, why in outcomes.items() if isinstance(why, Failure)}
        after = {why for why in outcomes.values() if isinstance(why, str) and why}
        told = [_removed(len(outcomes) - len(failed)), *sorted(after)] if len(failed) < len(outcomes) else []
        if failed:
            names = ", ".join(account.settings.name for account in failed)
            told.insert(0, translate("Together", "Not removed: {names}.").format(names=names))
            told[1:1] = sorted({why.sentences() for why in failed.values()})
        if told:
            self._actions.notified.emit("", "urgent" if failed else "off", " ".join(told))


def _removed(count: int) -> str:
    return plural("1 account was removed.", "{n} accounts were removed.", count)
