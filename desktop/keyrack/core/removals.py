"""Removals that can be undone: the account leaves the lists at once, and what it has is deleted ten seconds later.

In these seconds nothing is deleted, neither here nor at the provider. The accounts file and the keyring keep the
account, its renewals go on, and each new token is stored as ever (S72). So Undo gives back exactly what was there, and
a kill leaves an account that was never removed: the next start shows it, signed in. The other order, deletion first,
would lose a sign-in to a kill before Undo, or leave a secret in the keyring of an account that nothing names any more.
Meanwhile the account is not found: no program, no copy and no command gets its token, and a request that was under way
is refused (`guarded_tokens.py`). After the seconds `SignOut.remove` runs in its own order: the disk is tried, the
keyring's item goes, then the account and its activity, and the token is revoked last. If that fails, the account is
shown again with all that it still has. Keyrack's end finishes every removal at once.
"""

import asyncio
from dataclasses import dataclass, field

from keyrack.core.access.policy import AccessPolicy
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.sign_out import SignOut
from keyrack.language.translation import translated
from keyrack.primitives.signal import Signal

UNDO_SECONDS = 10.0


@dataclass(eq=False, slots=True)
class _Removal:
    """A removal in its ten seconds. `decided` ends them early, `undone` says how."""

    account: Account
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    undone: bool = False


class Removals:
    """The removals that can still be undone. `changed` announces that one began or ended.

    `sign_out` deletes at once, for callers who ask nobody.
    """

    def __init__(self, accounts: Accounts, sign_out: SignOut, access: AccessPolicy) -> None:
        self.changed: Signal[[]] = Signal()
        self.seconds = UNDO_SECONDS
        self._accounts = accounts
        self.sign_out = sign_out
        self._access = access
        self._waiting: dict[str, _Removal] = {}
        self._tasks = BackgroundTasks()

    @property
    def pending(self) -> tuple[Account, ...]:
        """The accounts that `undo` would bring back, in the order of their removal."""
        return tuple(removal.account for removal in self._waiting.values())

    async def remove(self, account: Account) -> str | None:
        """Remove an account after ten seconds, also where the caller is cancelled meanwhile.

        Returns a sentence on what happened at the provider (S51), or None where the removal was undone. Raises
        AccountsFileFailure or VaultFailure, and then the account is back.
        """
        removal = self._waiting[account.id] = _Removal(account)
        self._accounts.hide(account)
        self._access.withdraw(account)
        self.sign_out.sign_ins.cancel(account)
        self.changed.emit()
        return await self._tasks.finish(self._run(removal))

    def undo(self, account: Account) -> None:
        """Bring an account back. It has no effect once the deletion has begun."""
        removal = self._waiting.get(account.id)
        if removal is not None:
            removal.undone = True
            self._decide(removal)
            self._accounts.show(account)

    async def make_way(self, name: str) -> None:
        """Delete an account now whose name is wanted for another one. Returns when it is gone, or back."""
        account = self._accounts.hidden_named(name)
        if account is not None and account.id in self._waiting:
            self._decide(self._waiting[account.id])
        changed = asyncio.Event()
        stop = self._accounts.changed.connect(changed.set)
        try:
            while account is not None and self._accounts.hidden_named(name) is account:
                changed.clear()
                await changed.wait()
        finally:
            stop()

    async def close(self) -> None:
        """Finish every removal now. What does not answer within 3 s is given up, and its account is kept."""
        for removal in tuple(self._waiting.values()):
            self._decide(removal)
        await self._tasks.close()

    def _decide(self, removal: _Removal) -> None:
        del self._waiting[removal.account.id]
        removal.decided.set()
        self.changed.emit()

    async def _run(self, removal: _Removal) -> str | None:
        try:
            async with asyncio.timeout(self.seconds):
                await removal.decided.wait()
        except TimeoutError:
            if not removal.decided.is_set():
                self._decide(removal)
        if removal.undone:
            return None
        if removal.account.id not in self._accounts.kept:  # a command was faster
            return ""
        try:
            outcome = await self.sign_out.remove(removal.account)
        except BaseException:
            self._accounts.show(removal.account)
            raise
        return outcome or translated(self.sign_out.sites.of(removal.account).provider.removal)
