"""Everything a window or an agent needs: the accounts, and what can be done with them."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from keyrack.core.access.audit import Audit
from keyrack.core.access.lock import Lock
from keyrack.core.access.policy import AccessPolicy
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.accounts_file import AccountsFileFailure
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.draft import Draft, check_draft, check_name
from keyrack.core.accounts.state import Active, Closed, LoggedOut, Reason, Unsaved
from keyrack.core.accounts.store import AccountStore
from keyrack.core.api_keys.key_actions import ApiKeyActions
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.balances.balance_streams import BalanceStreams
from keyrack.core.balances.poller import Poller
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.sign_in.sign_ins import SignIns
from keyrack.core.sign_in.system_browser import open_browser
from keyrack.core.sign_in.user_code import UserCodes
from keyrack.core.sign_out import SignOut
from keyrack.core.sites.sites import Sites
from keyrack.core.sites.user_files import UserProviderFiles
from keyrack.core.system.paths import Paths
from keyrack.core.tokens.duplicate_tokens import DuplicateTokens
from keyrack.core.tokens.refresh_journal import RefreshJournal
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.rotation import Rotation
from keyrack.core.tokens.token_source import TokenSource
from keyrack.core.valuation.totals import Totals
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.schema import Provider


class Rack:
    """The accounts and their verbs. Verbs that sign in or renew never raise: the outcome is in the state."""

    def __init__(
        self,
        providers: tuple[Provider, ...],
        vault: Vault,
        paths: Paths,
        *,
        sandbox: bool = False,
        clock: Clock | None = None,
        browser: Callable[[str], Awaitable[None]] = open_browser,
    ) -> None:
        self.provider_files = UserProviderFiles(paths.config, [provider.id for provider in providers])
        self.providers = providers = (*providers, *self.provider_files.load())
        self.sandbox = sandbox
        self.clock = clock = clock or Clock()
        self.accounts = Accounts()
        self.problem: Failure | None = None
        self._account_store = AccountStore(self.accounts, providers, paths, clock)
        self._records = RecordStore(vault, clock)
        self._sites = Sites(providers, clock)
        self._redirects = Redirects(elapsed=clock.elapsed)
        rotation = Rotation(self._sites, self._records, RefreshJournal(paths.state, clock.wall), clock)
        self._refresher = Refresher(self.accounts, self._sites, self._records, rotation, clock)
        self._keys = ApiKeyContext.made(self._sites, self._records, paths.state, clock)
        self._live = BalanceStreams(self.accounts, self._sites, self._refresher, clock, self._keys.signed)
        self._poller = Poller(self.accounts, self._sites, self._refresher, self._live, clock, self._keys)
        self._restorer = Restorer(self.accounts, self._sites, self._records, clock, self._keys.kept)
        self.totals = Totals(self.accounts, self._sites, paths.config, clock, sandbox=sandbox)
        self._tasks: list[asyncio.Task[None]] = []
        self.lock = Lock(self._records, clock, paths.state)
        self.token_source, self.read = TokenSource(self._refresher, clock, self.lock), self._restorer.read
        self.access = AccessPolicy(self._account_store, Audit(paths.state, self.accounts, clock), clock, self.lock)
        means = SignInContext(
            self._sites,
            self._records,
            self._redirects,
            clock,
            self._restorer,
            self._refresher,
            UserCodes(clock),
            self._keys,
            browser,
        )
        self.sign_ins, self.background = SignIns(means), BackgroundTasks()
        self._leaving = SignOut(
            self.sign_ins,
            self._refresher,
            self._live,
            self._poller,
            self._records,
            self._sites,
            self._keys,
            self._account_store,
        )
        self.keys = ApiKeyActions(self._keys, self._leaving.quiet)
        wakes = (self._refresher.wake, self._poller.wake, self._live.wake, self.totals.prices.wake)
        for listener in (*wakes, DuplicateTokens(self.accounts).look):
            self.accounts.touched.connect(listener)

    @property
    def vault_name(self) -> str:
        """Where secrets are kept, in words for the person."""
        return self._records.vault_name

    def load(self) -> None:
        """Read the accounts file; a damaged one is told in `problem` and loses nothing."""
        self.problem = self._account_store.load()
        self.totals.load()

    def provider_of(self, settings: Settings | Draft) -> Provider:
        """The provider of an account; raises LookupError for an unknown one."""
        found = next((provider for provider in self.providers if provider.id == settings.provider), None)
        if found is None:
            raise LookupError(settings.provider)
        return found

    def add_provider(self, file: UserFile, source: Path) -> Provider:
        """Keep a provider file of the person's own and use it from now on; raises Failure and then has kept nothing."""
        provider = self.provider_files.add(file, source)
        self.providers = self._sites.providers = (*self.providers, provider)
        self._account_store.add_provider(provider)
        return provider

    async def open(self) -> None:
        """Start renewing and read the keyring; returns when every account has been read once."""
        rooms = (self._refresher, self._poller, self._restorer, self.totals.prices, self._live)
        self._tasks = [asyncio.create_task(room.run()) for room in rooms]
        await asyncio.gather(self.lock.load(), self._restorer.read_all())

    async def close(self) -> None:
        """End everything within 5 s, leaving no listener, task or half-written record (R47)."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        rooms = (
            self.access,
            self.sign_ins,
            self.background,
            self._live,
            self._poller,
            self.totals.prices,
            self._refresher,
        )
        await asyncio.gather(*(room.close() for room in rooms))
        await self._redirects.close()
        await self._sites.close()
        await self._records.close()
        self._account_store.close()

    def show(self, visible: bool) -> None:
        """Say whether somebody can see the figures."""
        self._poller.show(visible)
        self.totals.prices.show(visible)
        self._refresher.wake()

    def unsaved(self) -> list[Account]:
        """The accounts whose token is in memory only: quitting now would end their sign-in (S74)."""
        return [a for a in self.accounts if isinstance(a.state, Active) and isinstance(a.state.renewal, Unsaved)]

    async def add(self, draft: Draft) -> Account:
        """Add an account; raises DraftProblem, VaultFailure or ConfigFailure and then has saved nothing."""
        region = check_draft(draft, self.providers, self.accounts)
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
            scripts=draft.scripts,
        )
        try:
            await self._records.save_client_secret(settings.id, draft.client_secret)
            check_name(draft.name, self.accounts)
            return self._account_store.add(settings, Closed() if region.closed else LoggedOut(Reason.NEW))
        except BaseException:
            with contextlib.suppress(VaultFailure):
                await self._records.delete(settings.id)
            raise

    async def sign_in(self, account: Account, user_code: Secret | None = None, *, browser: bool = True) -> None:
        """Sign in; returns when it ended either way."""
        if not await self.sign_ins.sign_in(account, user_code, browser=browser):
            return
        if account not in self.unsaved():
            self._refresher.forget(account.id)
        try:
            self._account_store.save()
        except AccountsFileFailure as why:
            account.note("identity_not_saved", why=why)

    async def refresh(self, account: Account) -> None:
        """Renew the token and the figures now."""
        await self._restorer.read(account, prompt=True)
        await self._refresher.renew(account, by_hand=True)
        if isinstance(account.state, Active):
            await self._poller.update(account)

    async def refresh_all(self) -> None:
        """Renew every account that is signed in, none waiting for another."""
        await asyncio.gather(*(self.refresh(account) for account in self.accounts))

    async def retry_save(self, account: Account) -> None:
        """Try again to store a token that the keyring refused (S74)."""
        if account in self.unsaved():
            await self._refresher.renew(account, by_hand=True)

    async def sign_out(self, account: Account) -> str:
        """Forget the tokens and keep the credentials; raises VaultFailure and then changes nothing."""
        return await self._leaving.sign_out(account)

    async def remove(self, account: Account) -> str:
        """Remove an account with its secrets; the sentence says what happened at the provider (S51).

        Raises VaultFailure and then changes nothing, or ConfigFailure with the secrets gone and the account left.
        """
        return await self._leaving.remove(account) or self.provider_of(account.settings).removal

    async def rename(self, account: Account, name: str) -> None:
        """Give an account another name; raises DraftProblem or ConfigFailure and then changes nothing."""
        check_name(name, self.accounts, account.id)
        self._account_store.change(account, replace(account.settings, name=name))

    async def edit(self, account: Account, client_id: str, client_secret: Secret | None, redirect_uri: str) -> None:
        """Change the credentials, keeping the sign-in; None keeps the secret.

        Raises DraftProblem, ConfigFailure or VaultFailure and then changes nothing.
        """
        old = account.settings
        draft = Draft(old.provider, old.region, old.flow, old.name, client_id, client_secret, redirect_uri, old.hosts)
        check_draft(draft, self.providers, self.accounts, account.id)
        self._account_store.change(account, replace(old, client_id=client_id, redirect_uri=redirect_uri))
        try:
            if client_secret is not None:
                await self._records.save_client_secret(account.id, client_secret)
        except BaseException:
            self._account_store.change(account, old)
            raise

    async def use_memory(self) -> None:
        """Keep secrets for this session only, because there is no keyring (S57)."""
        self._records.use_vault(MemoryVault())
        await self._restorer.read_all()
