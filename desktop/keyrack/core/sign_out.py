"""Signs accounts out and takes them away: here first, then at the provider (S51)."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Closed, LoggedOut, Reason, State
from keyrack.core.accounts.store import Book
from keyrack.core.api_keys.key_context import KeyMeans
from keyrack.core.balances.balance_streams import Live
from keyrack.core.balances.poller import Poller
from keyrack.core.ending import Ending
from keyrack.core.sign_in.sign_ins import Login
from keyrack.core.sites.sites import Services
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.vault.record_store import Records

_GRACE = 1.0


@dataclass(frozen=True, slots=True)
class Leaving:
    """What works on an account, so that it can be stopped before the account changes under it."""

    login: Login
    refresher: Refresher
    live: Live
    poller: Poller
    records: Records
    services: Services
    keys: KeyMeans
    book: Book

    @contextlib.asynccontextmanager
    async def quiet(self, account: Account) -> AsyncIterator[None]:
        """Have nothing work on an account meanwhile: no sign-in, renewal, stream or poll."""
        await self.login.end(account)
        async with self.refresher.paused(account, grace=_GRACE), self.live.paused(account):
            await self.poller.stop(account)
            yield

    async def sign_out(self, account: Account) -> str:
        """Forget the tokens and keep the credentials; the sentence says what happened at the provider, "" for nothing.

        Raises VaultFailure and then changes nothing.
        """
        async with self.quiet(account):
            ending = Ending.of(account, self.services, self.records)
            await self.records.sign_out(account.id)
            self._signed_out(account)
        account.note("Signed out.")
        if said := await ending.revoke():
            account.note(said)
        return said

    async def remove(self, account: Account) -> str:
        """Remove an account with its secrets; the sentence says what happened at the provider, "" for nothing.

        Raises VaultFailure and then changes nothing, or ConfigFailure with the secrets gone and the account left.
        """
        async with self.quiet(account):
            ending = Ending.of(account, self.services, self.records)
            await self.records.forget(account.id)
            self._signed_out(account)
            self.keys.nonces.forget(account.id)
            self.book.remove(account)
        return await ending.revoke()

    def _signed_out(self, account: Account) -> None:
        self.refresher.forget(account.id)
        state: State = Closed() if self.services.of(account).region.closed else LoggedOut(Reason.SIGNED_OUT)
        account.become(state, expected=account.state)
        account.show_balances(None)
