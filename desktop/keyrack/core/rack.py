"""Everything a window or an agent needs: the accounts, and what can be done with them."""

import asyncio
import contextlib
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from keyrack.core.access.audit import Releases
from keyrack.core.access.lock import Lock
from keyrack.core.access.policy import Scripts
from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.accounts_file import ConfigFailure
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.draft import Draft, check, check_name
from keyrack.core.accounts.state import Active, Closed, LoggedOut, Reason, Unsaved
from keyrack.core.accounts.store import Book
from keyrack.core.api_keys.key_actions import Keys
from keyrack.core.api_keys.key_context import KeyMeans
from keyrack.core.balances.balance_streams import Live
from keyrack.core.balances.poller import Poller
from keyrack.core.scheduling.errands import Errands
from keyrack.core.sign_in.restore import Opener
from keyrack.core.sign_in.sign_in_context import Means
from keyrack.core.sign_in.sign_ins import Login
from keyrack.core.sign_in.system_browser import open_browser
from keyrack.core.sign_in.user_code import UserCodes
from keyrack.core.sign_out import Leaving
from keyrack.core.sites.sites import Services
from keyrack.core.sites.user_files import ProviderFiles
from keyrack.core.system.paths import Paths
from keyrack.core.tokens.duplicate_tokens import Twins
from keyrack.core.tokens.refresh_journal import Intents
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.rotation import Rotation
from keyrack.core.tokens.token_source import HandOut
from keyrack.core.valuation.totals import Values
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.vault.record_store import Records
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.user_file import OwnFile
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
        self.provider_files = ProviderFiles(paths.config, [provider.id for provider in providers])
        self.providers = providers = (*providers, *self.provider_files.load())
        self.sandbox = sandbox
        self.clock = clock = clock or Clock()
        self.accounts = Accounts()
        self.problem: Failure | None = None
        self._book = Book(self.accounts, providers, paths, clock)
        self._records = Records(vault, clock)
        self._services = Services(providers, clock)
        self._redirects = Redirects(elapsed=clock.elapsed)
        rotation = Rotation(self._services, self._records, Intents(paths.state, clock.wall), clock)
        self._refresher = Refresher(self.accounts, self._services, self._records, rotation, clock)
        self._keys = KeyMeans.made(self._services, self._records, paths.state, clock)
        self._live = Live(self.accounts, self._services, self._refresher, clock, self._keys.signed)
        self._poller = Poller(self.accounts, self._services, self._refresher, self._live, clock, self._keys)
        self._opener = Opener(self.accounts, self._services, self._records, clock, self._keys.kept)
        self.values = Values(self.accounts, self._services, paths.config, clock, sandbox=sandbox)
        self._tasks: list[asyncio.Task[None]] = []
        self.lock = Lock(self._records, clock, paths.state)
        self.hand_out, self.read = HandOut(self._refresher, clock, self.lock), self._opener.read
        self.scripts = Scripts(self._book, Releases(paths.state, self.accounts, clock), clock, self.lock)
        means = Means(
            self._services,
            self._records,
            self._redirects,
            clock,
            self._opener,
            self._refresher,
            UserCodes(clock),
            self._keys,
            browser,
        )
        self.login, self.errands = Login(means), Errands()
        self._leaving = Leaving(
            self.login, self._refresher, self._live, self._poller, self._records, self._services, self._keys, self._book
        )
        self.keys = Keys(self._keys, self._leaving.quiet)
        wakes = (self._refresher.wake, self._poller.wake, self._live.wake, self.values.prices.wake)
        for listener in (*wakes, Twins(self.accounts).look):
            self.accounts.touched.connect(listener)

    @property
    def vault_name(self) -> str:
        """Where secrets are kept, in words for the person."""
        return self._records.vault_name

    def load(self) -> None:
        """Read the accounts file; a damaged one is told in `problem` and loses nothing."""
        self.problem = self._book.load()
        self.values.load()

    def provider_of(self, settings: Settings | Draft) -> Provider:
        """The provider of an account; raises LookupError for an unknown one."""
        found = next((provider for provider in self.providers if provider.id == settings.provider), None)
        if found is None:
            raise LookupError(settings.provider)
        return found

    def add_provider(self, file: OwnFile, source: Path) -> Provider:
        """Keep a provider file of the person's own and use it from now on; raises Failure and then has kept nothing."""
        provider = self.provider_files.add(file, source)
        self.providers = self._services.providers = (*self.providers, provider)
        self._book.know(provider)
        return provider

    async def open(self) -> None:
        """Start renewing and read the keyring; returns when every account has been read once."""
        rooms = (self._refresher, self._poller, self._opener, self.values.prices, self._live)
        self._tasks = [asyncio.create_task(room.run()) for room in rooms]
        await asyncio.gather(self.lock.open(), self._opener.read_all())

    async def close(self) -> None:
        """End everything within 5 s, leaving no listener, task or half-written record (R47)."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        rooms = (self.scripts, self.login, self.errands, self._live, self._poller, self.values.prices, self._refresher)
        await asyncio.gather(*(room.close() for room in rooms))
        await self._redirects.close()
        await self._services.close()
        await self._records.close()
        self._book.close()

    def show(self, visible: bool) -> None:
        """Say whether somebody can see the figures."""
        self._poller.show(visible)
        self.values.prices.show(visible)
        self._refresher.wake()

    def unsaved(self) -> list[Account]:
        """The accounts whose token is in memory only: quitting now would end their sign-in (S74)."""
        return [a for a in self.accounts if isinstance(a.state, Active) and isinstance(a.state.renewal, Unsaved)]

    async def add(self, draft: Draft) -> Account:
        """Add an account; raises DraftProblem, VaultFailure or ConfigFailure and then has saved nothing."""
        region = check(draft, self.providers, self.accounts)
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
            await self._records.set_secret(settings.id, draft.client_secret)
            check_name(draft.name, self.accounts)
            return self._book.add(settings, Closed() if region.closed else LoggedOut(Reason.NEW))
        except BaseException:
            with contextlib.suppress(VaultFailure):
                await self._records.forget(settings.id)
            raise

    async def sign_in(self, account: Account, user_code: Secret | None = None, *, browser: bool = True) -> None:
        """Sign in; returns when it ended either way."""
        if not await self.login.sign_in(account, user_code, browser=browser):
            return
        if account not in self.unsaved():
            self._refresher.forget(account.id)
        try:
            self._book.save()
        except ConfigFailure as why:
            account.note(why.happened, "Only the shown name of the sign-in is missing after a restart.")

    async def refresh(self, account: Account) -> None:
        """Renew the token and the figures now."""
        await self._opener.read(account, prompt=True)
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
        self._book.change(account, replace(account.settings, name=name))

    async def edit(self, account: Account, client_id: str, client_secret: Secret | None, redirect_uri: str) -> None:
        """Change the credentials, keeping the sign-in; None keeps the secret.

        Raises DraftProblem, ConfigFailure or VaultFailure and then changes nothing.
        """
        old = account.settings
        draft = Draft(old.provider, old.region, old.flow, old.name, client_id, client_secret, redirect_uri, old.hosts)
        check(draft, self.providers, self.accounts, account.id)
        self._book.change(account, replace(old, client_id=client_id, redirect_uri=redirect_uri))
        try:
            if client_secret is not None:
                await self._records.set_secret(account.id, client_secret)
        except BaseException:
            self._book.change(account, old)
            raise

    async def use_memory(self) -> None:
        """Keep secrets for this session only, because there is no keyring (S57)."""
        self._records.switch(MemoryVault())
        await self._opener.read_all()
