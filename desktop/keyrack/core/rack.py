"""Everything a window or an agent needs: the accounts, and what can be done with them."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace

from keyrack.core.account import Account, Settings
from keyrack.core.accounts import Accounts
from keyrack.core.activity_store import ActivityStore
from keyrack.core.browser import open_browser
from keyrack.core.clock import Clock
from keyrack.core.config import AccountsFile, ConfigCorrupt, ConfigFailure
from keyrack.core.draft import Draft, check, check_name
from keyrack.core.hand_out import HandOut
from keyrack.core.intent import Intents
from keyrack.core.login import Login
from keyrack.core.opening import Opener
from keyrack.core.paths import Paths
from keyrack.core.poller import Poller
from keyrack.core.records import Records
from keyrack.core.refresher import Refresher
from keyrack.core.services import Services
from keyrack.core.state import Active, LoggedOut, Reason, Unsaved
from keyrack.core.vault import MemoryVault, Vault
from keyrack.core.vault_errors import VaultFailure
from keyrack.net.failure import Failure
from keyrack.net.secret import Secret
from keyrack.oauth.loopback import Redirects
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
        self.providers = providers
        self.sandbox = sandbox
        self.clock = clock or Clock()
        self.accounts = Accounts()
        self.problem: Failure | None = None
        self._file = AccountsFile(paths.config)
        self._store = ActivityStore(paths.state)
        self._intents = Intents(paths.state)
        self._records = Records(vault, self.clock)
        self._services = Services(providers, self.clock)
        self._redirects = Redirects()
        self._refresher = Refresher(self.accounts, self._services, self._records, self._intents, self.clock)
        self._poller = Poller(self.accounts, self._services, self._refresher, self.clock)
        self._login = Login(self._services, self._records, self._redirects, self.clock, browser)
        self._opener = Opener(self.accounts, self._services, self._records, self.clock)
        self._tasks: list[asyncio.Task[None]] = []
        self.hand_out = HandOut(self._refresher, self.clock)

    @property
    def login(self) -> Login:
        """The sign-ins under way: open again, copy link, paste, confirm, cancel."""
        return self._login

    @property
    def vault_name(self) -> str:
        """Where secrets are kept, in words for the person."""
        return self._records.vault_name

    def load(self) -> None:
        """Read the accounts file; a damaged one is told in `problem` and loses nothing."""
        try:
            found = self._file.load()
        except ConfigCorrupt as damage:
            found, self.problem = damage.accounts, damage
        except ConfigFailure as failure:
            found, self.problem = [], failure
        for settings in found:
            if self.provider(settings.provider) and settings.region in self.provider_of(settings).regions:
                self._admit(settings)

    def provider(self, id: str) -> Provider | None:
        """The provider with this id."""
        return next((provider for provider in self.providers if provider.id == id), None)

    def provider_of(self, settings: Settings) -> Provider:
        """The provider of an account; raises LookupError for an unknown one."""
        found = self.provider(settings.provider)
        if found is None:
            raise LookupError(settings.provider)
        return found

    async def open(self) -> None:
        """Read the keyring and start renewing; returns when every account has been read once."""
        await self._opener.read_all()
        loops = (self._refresher.run(), self._poller.run(), self._opener.run())
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def close(self) -> None:
        """End everything in reverse, leaving no listener, task or half-written record."""
        await self._login.close()
        for task in self._tasks:
            task.cancel()
        await self._poller.close()
        await self._refresher.close()
        await self._redirects.close()
        await self._services.close()
        await self._records.close()

    def show(self, visible: bool) -> None:
        """Say whether somebody can see the figures."""
        self._poller.show(visible)

    async def add(self, draft: Draft) -> Account:
        """Add an account; raises DraftProblem, VaultFailure or ConfigFailure and then has saved nothing."""
        check(draft, self._provider_named(draft.provider), self.accounts)
        id = secrets.token_hex(16)
        settings = Settings(
            id,
            draft.name,
            draft.provider,
            draft.region,
            draft.flow,
            draft.client_id,
            draft.redirect_uri,
            test=self._provider_named(draft.provider).regions[draft.region].test,
        )
        await self._records.set_secret(id, draft.client_secret)
        account = self._admit(settings)
        try:
            self._save()
        except ConfigFailure:
            self.accounts.remove(account)
            await self._records.forget(id)
            raise
        account.become(LoggedOut(Reason.NEW), expected=account.state)
        return account

    def _provider_named(self, id: str) -> Provider:
        return self.provider_of(Settings("", "", id, "", "client_credentials", ""))

    def _admit(self, settings: Settings) -> Account:
        account = Account(settings, self._store.open(settings.id, self.clock.wall))
        account.changed.connect(self._refresher.wake)
        account.changed.connect(self._poller.wake)
        self.accounts.add(account)
        return account

    def _save(self) -> None:
        self._file.save([account.settings for account in self.accounts])

    async def sign_in(self, account: Account, user_code: Secret | None = None) -> None:
        """Sign in; returns when it ended either way."""
        await self._refresher.stop(account)
        await self._login.sign_in(account, user_code)
        if isinstance(account.state, Active):
            self._intents.clear(account.id)
            self._save()

    async def refresh(self, account: Account) -> None:
        """Renew the token and the figures now."""
        await self._opener.read(account, prompt=True)
        await self._refresher.renew(account)
        if isinstance(account.state, Active):
            await self._poller.update(account)

    async def refresh_all(self) -> None:
        """Renew every account that is signed in, none waiting for another."""
        await asyncio.gather(*(self.refresh(account) for account in self.accounts))

    async def retry_save(self, account: Account) -> None:
        """Try again to store a token that the keyring refused (S74)."""
        if isinstance(account.state, Active) and isinstance(account.state.renewal, Unsaved):
            await self._refresher.renew(account)

    async def sign_out(self, account: Account) -> None:
        """Forget the tokens and keep the credentials; raises VaultFailure and then changes nothing."""
        self._login.cancel(account)
        await self._refresher.stop(account)
        await self._records.sign_out(account.id)
        self._intents.clear(account.id)
        account.become(LoggedOut(Reason.SIGNED_OUT), expected=account.state)
        account.show_balances(None)
        account.note("Signed out.")

    async def remove(self, account: Account) -> str:
        """Remove an account with its secrets; the sentence says what happened at the provider (S51)."""
        self._login.cancel(account)
        await self._refresher.stop(account)
        await self._records.forget(account.id)
        self._intents.clear(account.id)
        self._store.forget(account.id)
        self.accounts.remove(account)
        self._save()
        return self.provider_of(account.settings).removal

    async def rename(self, account: Account, name: str) -> None:
        """Give an account another name; raises DraftProblem."""
        check_name(name, self.accounts, account.id)
        account.configure(replace(account.settings, name=name))
        self._save()

    async def edit(self, account: Account, client_id: str, client_secret: Secret | None, redirect_uri: str) -> None:
        """Change the credentials, keeping the sign-in; None keeps the secret. Raises DraftProblem or VaultFailure."""
        old = account.settings
        draft = Draft(old.provider, old.region, old.flow, old.name, client_id, client_secret, redirect_uri)
        check(draft, self.provider_of(old), self.accounts, account.id)
        if client_secret is not None:
            await self._records.set_secret(account.id, client_secret)
        account.configure(replace(old, client_id=client_id, redirect_uri=redirect_uri))
        self._save()

    async def use_memory(self) -> None:
        """Keep secrets for this session only, because there is no keyring (S57)."""
        self._records.switch(MemoryVault())
        await self._opener.read_all()


__all__ = ["Draft", "Rack", "VaultFailure"]
