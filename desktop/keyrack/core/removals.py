"""Removals that can be undone: the account leaves the lists at once, and what it has is deleted ten seconds later.

In these seconds nothing is deleted, neither here nor at the provider. The accounts file and the keyring keep the
account, its renewals go on, and each new token is stored as ever (S72). So Undo gives back exactly what was there, and
a kill leaves an account that was never removed: the next start shows it, signed in. The other order, deletion first,
would lose a sign-in to a kill before Undo, or leave a secret in the keyring of an account that nothing names any more.
Meanwhile the account is not found: no program, no copy and no command gets its token, and a request that was under way
is refused (`guarded_tokens.py`). After the seconds `SignOut.remove` runs in its own order: the disk is tried, the
keyring's item goes, then the account and its activity, and the token is revoked last. If that fails, the account is
shown again with all that it still has. Keyrack's end finishes every removal at once.

Accounts that are removed together share one Undo and one end: either all of them come back, or the deletion of all
begins in the same turn. One of them is the exception whose name is wanted for another account meanwhile: it is deleted
at once, and Undo is for the others. Each is deleted by itself, so that one failure brings back that account alone.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from keyrack.core.access.policy import AccessPolicy
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.failures import Unexpected
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.sign_out import SignOut
from keyrack.language.translation import translated
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.signal import Signal

UNDO_SECONDS = 10.0

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class _Removal:
    """A removal in its ten seconds, until the clock's `elapsed` is `ends`.

    `decided` ends them early, `undone` says how. Those of one `group` end as one.
    """

    account: Account
    group: object
    ends: float
    decided: asyncio.Event = field(default_factory=asyncio.Event)
    undone: bool = False


class Removals:
    """The removals that can still be undone. `changed` announces that one began or ended.

    `sign_out` deletes at once, for callers who ask nobody.
    """

    def __init__(self, accounts: Accounts, sign_out: SignOut, access: AccessPolicy, clock: Clock) -> None:
        self.changed: Signal[[]] = Signal()
        self.seconds = UNDO_SECONDS
        self._accounts = accounts
        self.sign_out = sign_out
        self._access = access
        self._clock = clock
        self._waiting: dict[str, _Removal] = {}
        self._tasks = BackgroundTasks()

    @property
    def pending(self) -> tuple[Account, ...]:
        """The accounts that `undo` would bring back, in the order of their removal."""
        return tuple(removal.account for removal in self._waiting.values())

    @property
    def groups(self) -> tuple[tuple[Account, ...], ...]:
        """The same accounts, those together that one `undo` brings back."""
        found: dict[object, list[Account]] = {}
        for removal in self._waiting.values():
            found.setdefault(removal.group, []).append(removal.account)
        return tuple(tuple(accounts) for accounts in found.values())

    def seconds_left(self, account: Account) -> float:
        """How long `undo` would still bring an account back, 0 for one that is not pending."""
        removal = self._waiting.get(account.id)
        return 0.0 if removal is None else max(0.0, removal.ends - self._clock.elapsed())

    async def remove(self, account: Account) -> str | None:
        """Remove an account after ten seconds, also where the caller is cancelled meanwhile.

        Returns a sentence on what happened at the provider (S51), or None where the removal was undone. Raises
        AccountsFileFailure or VaultFailure, and then the account is back.
        """
        (removal,) = self._begin((account,))
        return await self._tasks.finish(self._run(removal))

    async def remove_together(self, accounts: Sequence[Account]) -> dict[Account, str | Failure]:
        """Remove accounts after ten seconds with one Undo for all, also where the caller is cancelled meanwhile.

        Returns of each account that was to be deleted the sentence that `remove` returns, or the failure that brought
        it back. It is empty where the removal was undone. A fault of Keyrack itself is in it as Unexpected.
        """
        return await self._tasks.finish(self._run_together(self._begin(accounts)))

    def undo(self, account: Account) -> None:
        """Bring an account back, with all that were removed together with it.

        It has no effect once the deletion has begun.
        """
        removal = self._waiting.get(account.id)
        if removal is not None:
            together = self._together_with(removal)
            for each in together:
                each.undone = True
            self._decide(*together)
            self._accounts.show(*(each.account for each in together))

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
        self._decide(*self._waiting.values())
        await self._tasks.close()

    def _begin(self, accounts: Sequence[Account]) -> list[_Removal]:
        group, ends = object(), self._clock.elapsed() + self.seconds
        removals = [_Removal(account, group, ends) for account in accounts]
        self._waiting.update({removal.account.id: removal for removal in removals})
        self._accounts.hide(*accounts)
        for account in accounts:
            self._access.withdraw(account)
            self.sign_out.sign_ins.cancel(account)
        self.changed.emit()
        return removals

    def _together_with(self, removal: _Removal) -> list[_Removal]:
        return [each for each in self._waiting.values() if each.group is removal.group]

    def _decide(self, *removals: _Removal) -> None:
        for removal in removals:
            del self._waiting[removal.account.id]
            removal.decided.set()
        self.changed.emit()

    async def _run_together(self, removals: list[_Removal]) -> dict[Account, str | Failure]:
        ended = await asyncio.gather(*(self._run(removal) for removal in removals), return_exceptions=True)
        outcomes: dict[Account, str | Failure] = {}
        given_up: BaseException | None = None
        for removal, outcome in zip(removals, ended, strict=True):
            if isinstance(outcome, str | Failure):
                outcomes[removal.account] = outcome
            elif isinstance(outcome, Exception):
                _log.error("a removal broke: %s", type(outcome).__name__, exc_info=outcome)
                outcomes[removal.account] = Unexpected()
            elif outcome is not None:
                given_up = outcome
        if given_up is not None:
            raise given_up
        return outcomes

    async def _run(self, removal: _Removal) -> str | None:
        try:
            async with asyncio.timeout(self.seconds):
                await removal.decided.wait()
        except TimeoutError:
            if not removal.decided.is_set():
                self._decide(*self._together_with(removal))
        if removal.undone:
            return None
        if removal.account.id not in self._accounts.kept:  # a command was faster
            return ""
        try:
            otherwise = self.sign_out.sites.of(removal.account).provider.removal
            outcome = await self.sign_out.remove(removal.account)
        except BaseException:
            self._accounts.show(removal.account)
            raise
        return outcome or translated(otherwise)
