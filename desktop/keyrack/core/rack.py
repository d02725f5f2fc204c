"""`Rack`: the accounts and what a person or a program can do with them."""

import asyncio
import contextlib
import secrets
from dataclasses import replace
from typing import cast

from keyrack.core.accounts.account import Account, ScriptPolicy, Settings
from keyrack.core.accounts.accounts_file import AccountsFileFailure
from keyrack.core.accounts.draft import Draft, check_draft, check_name
from keyrack.core.accounts.state import Active, Closed, LoggedOut, Opening, Reason, Unsaved
from keyrack.core.preferences.all_settings import PROGRAMS
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.core.wiring import Parts
from keyrack.language.translation import translated
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import Provider

_ENDED = frozenset({
    Reason.DENIED, Reason.REFRESH_EXPIRED, Reason.REFRESH_REJECTED, Reason.INTERRUPTED_REFRESH, Reason.WRONG_ACCOUNT,
})  # fmt: skip
_LOST = frozenset({Reason.ITEM_MISSING, Reason.ITEM_CORRUPT})


class Rack:
    """The accounts and their verbs, for the window, the agent and the local socket.

    `sign_in` and `refresh` never raise. Their outcome is in the account's state.
    `problem` is what was wrong with the accounts file when it was loaded, or None.
    """

    def __init__(self, parts: Parts, *, sandbox: bool = False) -> None:
        self.parts = parts
        self.sandbox = sandbox
        self.problem: Failure | None = None
        self.catalog, self.clock, self.accounts = parts.catalog, parts.clock, parts.accounts
        self.sign_ins, self.background, self.keys = parts.sign_ins, parts.background, parts.key_actions
        self.lock, self.access, self.tokens = parts.lock, parts.access, parts.tokens
        self.totals, self.proxy, self.arrangement = parts.totals, parts.proxy, parts.arrangement
        self.removals, self.keyring, self.preferences = parts.removals, parts.keyring, parts.preferences
        self.history, self.updates = parts.history, parts.updates
        self._tasks: list[asyncio.Task[object]] = []

    @property
    def vault_name(self) -> str:
        """The name of the place where secrets are stored, for the person."""
        return self.parts.records.vault.name

    def load(self) -> None:
        """Load the settings and the accounts file.

        A damaged accounts file is reported in `problem`, and nothing of it is lost.
        """
        self.preferences.load()
        self.problem = self.parts.account_store.load()

    def provider_of(self, settings: Settings | Draft) -> Provider:
        """The provider of an account. Raises LookupError for an unknown one."""
        return self.catalog[settings.provider]

    async def open(self) -> None:
        """Start the loops and read the keyring. Returns when every account has been read once."""
        self._tasks = [asyncio.create_task(loop) for loop in self.parts.loops()]
        await asyncio.gather(self.lock.load(), self.parts.restorer.restore_all())

    async def close(self) -> None:
        """End everything within 5 s. No listener, task or half-written record is left (R47)."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.parts.close()

    def set_visible(self, visible: bool) -> None:
        """Note whether a window shows the balances, so that they are polled more often while it does."""
        self.parts.poller.set_visible(visible)
        self.totals.prices.set_visible(visible)
        self.parts.refresher.wake()

    def unsaved(self) -> list[Account]:
        """The accounts whose token is in memory only. Quitting now would end their sign-in (S74)."""
        return [a for a in self.accounts if isinstance(a.state, Active) and isinstance(a.state.renewal, Unsaved)]

    async def add(self, draft: Draft) -> Account:
        """Add an account. Raises DraftProblem, VaultFailure or AccountsFileFailure, and then has stored nothing."""
        await self.removals.make_way(draft.name)
        region = check_draft(draft, self.catalog, self.accounts)
        settings = Settings(
            secrets.token_hex(16),
            draft.name,
            draft.provider,
            draft.region,
            draft.flow,
            draft.client_id,
            draft.redirect_uri,
            test=region.test,
            hosts=draft.hosts if region.typed_in else None,
            scripts=draft.scripts or cast("ScriptPolicy", self.preferences.value(PROGRAMS)),
        )
        try:
            await self.parts.records.save_client_secret(settings.id, draft.client_secret, prompt=True)
            check_name(draft.name, self.accounts)
            return self.parts.account_store.add(settings, Closed() if region.closed else LoggedOut(Reason.NEW))
        except BaseException:
            with contextlib.suppress(VaultFailure):
                await self.parts.records.discard(settings.id)
            raise

    async def sign_in(
        self, account: Account, user_code: Secret | None = None, *, browser: bool = True, patient: bool = False
    ) -> None:
        """Sign in. Returns when the sign-in has ended, with or without success. `patient` waits for the network.

        An account that was removed is left alone.
        """
        if self.accounts.find(account.id) is not account:
            return
        if not await self.sign_ins.sign_in(account, user_code, browser=browser, patient=patient):
            return
        if account not in self.unsaved():
            self.parts.refresher.forget(account.id)
        try:
            self.parts.account_store.save()
        except AccountsFileFailure as why:
            account.note("identity_not_saved", why=why)

    async def refresh(self, account: Account) -> None:
        """Renew the token and the balances now. An account that an answer closed is tried once more.

        A sign-in that waits for the network asks again at once.
        """
        self.sign_ins.try_now(account)
        await self.renew(account)
        await self.update_balances(account)

    async def renew(self, account: Account) -> None:
        """Renew the token now. An account that an answer closed is tried once more."""
        await self._reopen(account)
        await self.parts.restorer.restore(account, prompt=True)
        await self.parts.refresher.renew(account, by_hand=True)

    async def update_balances(self, account: Account) -> None:
        """Request the balances now, where the account is signed in."""
        if isinstance(account.state, Active):
            await self.parts.poller.update(account)

    async def _reopen(self, account: Account) -> None:
        """Restore an account that an answer closed, because the answer may have been a passing fault of the provider.

        It stays closed where there is nothing left that could be tried.
        """
        closed = account.state
        if not isinstance(closed, Closed) or closed.why is None:
            return
        account.become(Opening(), expected=closed)
        await self.parts.restorer.restore(account, prompt=True)
        if not isinstance(account.state, Active):
            account.become(closed, expected=account.state)

    async def retry_save(self, account: Account) -> None:
        """Try again to store a token that the keyring refused (S74)."""
        if account in self.unsaved():
            await self.parts.refresher.renew(account, by_hand=True)

    async def sign_out(self, account: Account) -> str:
        """Delete the tokens and keep the credentials. Returns a sentence on what happened at the provider, or "".

        Raises AccountGone or VaultFailure, and then has changed nothing.
        """
        self.accounts.refuse_if_gone(account)
        return await self.parts.removals.sign_out.sign_out(account)

    async def remove(self, account: Account) -> str:
        """Remove an account with its secrets. Returns a sentence on what happened at the provider (S51).

        Raises AccountsFileFailure or VaultFailure, and then has changed nothing.
        """
        return await self.parts.removals.sign_out.remove(account) or translated(
            self.provider_of(account.settings).removal
        )

    async def rename(self, account: Account, name: str) -> None:
        """Give an account another name, a shared one on all hosts.

        Raises AccountGone, DraftProblem, AccountsFileFailure or VaultFailure, and then has changed nothing.
        """
        await self.removals.make_way(name)
        check_name(name, self.accounts, account.id)
        await self._change(account, replace(account.settings, name=name), None)

    async def edit(self, account: Account, client_id: str, client_secret: Secret | None, redirect_uri: str) -> None:
        """Change the credentials and keep the sign-in. The client secret stays as it is for None.

        Raises AccountGone, DraftProblem, AccountsFileFailure or VaultFailure, and then has changed nothing.
        """
        old = account.settings
        draft = Draft(old.provider, old.region, old.flow, old.name, client_id, client_secret, redirect_uri, old.hosts)
        check_draft(draft, self.catalog, self.accounts, account.id)
        new = replace(old, client_id=client_id, redirect_uri=redirect_uri)
        await self._change(account, new, client_secret)
        if client_secret is not None or client_id != old.client_id:
            _forget_refusal(account, whole=client_secret is not None)

    async def _change(self, account: Account, new: Settings, client_secret: Secret | None) -> None:
        def change(record: Record) -> Record:
            self.accounts.refuse_if_gone(account)  # it may have been removed while the keyring was waited for
            return record if client_secret is None else replace(record, client_secret=client_secret)

        self.accounts.refuse_if_gone(account)
        old, records = account.settings, self.parts.records
        if old.group:
            # First for all hosts: what comes from there meanwhile would bring the old settings back.
            await records.update(old.id, change, settings=new, prompt=True)
            self.parts.account_store.change(account, new)
            return
        self.parts.account_store.change(account, new)
        try:
            if client_secret is not None:
                await records.update(old.id, change, prompt=True)
        except BaseException:
            self.parts.account_store.change(account, old)
            raise


def _forget_refusal(account: Account, *, whole: bool) -> None:
    """Whatever ended the sign-in or refused the credentials before has not seen the new ones.

    `whole` says that there is a new secret too, which mends a record that was lost.
    """
    state = account.state
    if not isinstance(state, LoggedOut):
        return
    if state.reason in _ENDED or (whole and state.reason in _LOST):
        account.become(LoggedOut(Reason.NEW_CREDENTIALS), expected=state)
    elif isinstance(state.why, ClientRejected):
        account.become(replace(state, why=None), expected=state)
