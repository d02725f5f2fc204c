"""Signs accounts out and removes them: first on this computer, then at the provider (S51)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import Notice
from keyrack.core.accounts.state import Closed, LoggedOut, Reason, State, token_of
from keyrack.core.accounts.store import AccountStore
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.api_keys.read_only_keys import KeyEnding
from keyrack.core.balances.balance_streams import BalanceStreams
from keyrack.core.balances.poller import Poller
from keyrack.core.sign_in.sign_ins import SignIns
from keyrack.core.sites.sites import Site, Sites
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.vault.record_store import RecordStore
from keyrack.oauth.registered_client import OAuthClient
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure

_GRACE = 1.0
PATIENCE = 10.0
_OUTCOMES = {"revoked": "revoked", "asked": "revocation_asked"}


@dataclass(frozen=True, slots=True)
class Revocation:
    """What is needed to revoke a token at its provider after it was deleted here."""

    site: Site
    client: OAuthClient = field(repr=False)
    token: Token | None = field(repr=False)
    key: KeyEnding | None = None

    @classmethod
    def of(cls, account: Account, sites: Sites, records: RecordStore, key: KeyEnding | None = None) -> "Revocation":
        """Copy what the revocation needs before the account's tokens are deleted."""
        return cls(sites.of(account), records.client(account), token_of(account.state), key)

    async def revoke(self) -> Notice | None:
        """Delete the key and revoke the token, each within 10 s.

        Returns the outcome, None where the provider offers neither. Never raises.
        """
        of_key = await self._delete_key()
        of_token = await self._revoke_token()
        return of_token or of_key

    async def _delete_key(self) -> Notice | None:
        """The token makes the key, so that it deletes it before it is revoked."""
        if self.key is None:
            return None
        named = {"provider": self.site.provider.company_name, "key": self.key.name}
        if self.token is None or self.token.access is None:
            return Notice("read_only_key_left", named)
        try:
            async with asyncio.timeout(PATIENCE):
                await self.key.delete(self.token.access)
        except TimeoutError:
            return Notice("read_only_key_left", named)
        except Failure as why:
            return Notice("read_only_key_left", named, Notice.from_failure(why))
        return Notice("read_only_key_deleted", named)

    async def _revoke_token(self) -> Notice | None:
        name = {"provider": self.site.provider.company_name}
        if self.token is None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                outcome = await self.site.revocation.revoke(self.client, self.token)
        except TimeoutError:
            return Notice("revocation_late", name)
        except Failure as why:
            return Notice("revocation_failed", name, Notice.from_failure(why))
        return None if outcome == "none" else Notice(_OUTCOMES[outcome], name)


@dataclass(frozen=True, slots=True)
class SignOut:
    """Ends sign-ins. It knows everything that works on an account, and stops it before the account changes."""

    sign_ins: SignIns
    refresher: Refresher
    streams: BalanceStreams
    poller: Poller
    records: RecordStore
    sites: Sites
    api_keys: ApiKeyContext
    account_store: AccountStore

    @contextlib.asynccontextmanager
    async def paused(self, account: Account) -> AsyncIterator[None]:
        """Keep an account free of every sign-in, renewal, stream and poll while the context is open."""
        await self.sign_ins.end(account)
        async with self.refresher.paused(account, grace=_GRACE), self.streams.paused(account):
            await self.poller.stop(account)
            yield

    async def sign_out(self, account: Account) -> str:
        """Delete the tokens and keep the credentials. Returns a sentence on what happened at the provider, or "".

        Raises VaultFailure, and then has changed nothing.
        """
        async with self.paused(account):
            ending = Revocation.of(account, self.sites, self.records, self.api_keys.read_only_keys.ending(account))
            await self.records.delete_tokens(account.id)
            self._signed_out(account)
        account.note("signed_out")
        outcome = await ending.revoke()
        if outcome is None:
            return ""
        account.add(outcome)
        return outcome.sentence

    async def forget(self, account: Account) -> None:
        """Delete the tokens and tell the provider nothing, because they go on elsewhere. The caller holds `paused`.

        Raises VaultFailure, and then has changed nothing.
        """
        await self.records.delete_tokens(account.id, Reason.HANDED_OVER)
        self._signed_out(account, Reason.HANDED_OVER)

    async def remove(self, account: Account) -> str:
        """Remove an account with its secrets. Returns a sentence on what happened at the provider, or "".

        Raises AccountsFileFailure or VaultFailure, and then has changed nothing.
        """
        async with self.paused(account):
            ending = Revocation.of(account, self.sites, self.records, self.api_keys.read_only_keys.ending(account))
            self.account_store.save()  # a disk that is full is found out while there is still a sign-in to keep
            await self.records.delete(account.id)
            self._signed_out(account)
            self.api_keys.nonces.forget(account.id)
            self.account_store.remove(account)
        outcome = await ending.revoke()
        return outcome.sentence if outcome is not None else ""

    def _signed_out(self, account: Account, reason: Reason = Reason.SIGNED_OUT) -> None:
        self.refresher.forget(account.id)
        state: State = Closed() if self.sites.of(account).region.closed else LoggedOut(reason)
        account.become(state, expected=account.state)
        account.show_balances(None)
