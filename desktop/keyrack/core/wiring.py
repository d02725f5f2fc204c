"""Makes the parts of the core once, connects them, and ends them in order. No other module knows all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from keyrack.core.access.audit import Audit
from keyrack.core.access.lock import Lock
from keyrack.core.access.policy import AccessPolicy
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.arrangement import Arrangement
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, Renewal, Retrying
from keyrack.core.accounts.store import AccountStore
from keyrack.core.api_keys.key_actions import ApiKeyActions
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.balances.balance_streams import BalanceStreams
from keyrack.core.balances.poller import Poller
from keyrack.core.connection.proxy_logins import ProxyLogins
from keyrack.core.connection.proxy_setting import ProxySetting
from keyrack.core.connection.proxy_trial import ProxyTrial
from keyrack.core.history.history import History
from keyrack.core.moving.moves import Moves
from keyrack.core.preferences.own_preferences import make_preferences
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.removals import Removals
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.several_hosts import SeveralHosts
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.sign_in.sign_ins import SignIns
from keyrack.core.sign_in.system_browser import open_browser
from keyrack.core.sign_in.user_code import UserCodes
from keyrack.core.sign_out import SignOut
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.sites.own_providers import OwnProviders
from keyrack.core.sites.sites import Sites
from keyrack.core.system.paths import Paths
from keyrack.core.tokens.duplicate_tokens import DuplicateTokens
from keyrack.core.tokens.guarded_tokens import GuardedTokens
from keyrack.core.tokens.hand_over_notes import HandOverNotes
from keyrack.core.tokens.refresh_journal import RefreshJournal
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.renewal_notes import OwnNotes
from keyrack.core.tokens.rotation import Rotation
from keyrack.core.tokens.token_source import TokenSource
from keyrack.core.updates.update_check import UpdateCheck
from keyrack.core.valuation.totals import Totals
from keyrack.core.vault.keyring_check import KeyringCheck
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.shared_records import AwaitedRecords
from keyrack.core.vault.vault import Vault
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.clock import Clock
from keyrack.providers.registry import BUILT_IN, Quirks
from keyrack.providers.schema import Provider


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything the core consists of, each made once."""

    catalog: ProviderCatalog
    clock: Clock
    accounts: Accounts
    account_store: AccountStore
    preferences: Preferences
    records: RecordStore
    sites: Sites
    proxy: ProxySetting
    redirects: Redirects
    rotation: Rotation
    refresher: Refresher
    token_source: TokenSource
    api_keys: ApiKeyContext
    poller: Poller
    restorer: Restorer
    history: History
    lock: Lock
    access: AccessPolicy
    sign_ins: SignIns
    keyring: KeyringCheck
    removals: Removals
    moves: Moves
    updates: UpdateCheck
    several_hosts: SeveralHosts
    background: BackgroundTasks = field(default_factory=BackgroundTasks)

    @property
    def streams(self) -> BalanceStreams:
        """What arrives of balances by itself."""
        return self.removals.sign_out.streams

    @property
    def totals(self) -> Totals:
        """What the accounts are worth now."""
        return self.history.totals

    @property
    def proxy_trial(self) -> ProxyTrial:
        """The try of a choice that is not made."""
        return ProxyTrial(self.accounts, self.catalog, self.proxy)

    @property
    def key_actions(self) -> ApiKeyActions:
        """The verbs of accounts whose credential is a key."""
        return ApiKeyActions(self.api_keys, self.removals.sign_out.paused)

    @property
    def tokens(self) -> GuardedTokens:
        """The way out for tokens."""
        restore = self.restorer.restore
        return GuardedTokens(self.accounts, self.access, self.lock, self.token_source, self.records, restore)

    @property
    def own_providers(self) -> OwnProviders:
        """The providers of the person's own files."""
        stored = self.account_store.stored
        return OwnProviders(self.catalog, self.sites, self.accounts, stored, self.way_changed)

    @property
    def arrangement(self) -> Arrangement:
        """The person's own order of the accounts."""
        return Arrangement(self.accounts, self.account_store, self.preferences)

    def connected(self) -> "Parts":
        """Wake every loop, and look for shared tokens, whenever an account changes. Returns these parts."""
        runners = (self.refresher, self.poller, self.streams, self.totals.prices)
        duplicates = DuplicateTokens(self.accounts)

        def look_again(account: Account | None) -> None:
            for runner in runners:
                runner.wake(None if account is None else account.id)
            if account is not None:
                duplicates.check(account)

        self.records.shared = AwaitedRecords(self.accounts)
        self.accounts.touched.connect(look_again)
        self.proxy.changed.connect(self.way_changed)
        return self

    def way_changed(self) -> None:
        """Open every stream anew, and ask again at once for what could not be had in the way before (S52)."""
        self.streams.reconnect()
        self.poller.ask_again()
        self.totals.prices.ask_again()
        for account in self.accounts:
            if isinstance(account.state, Active) and _found_no_way(account.state.renewal):
                self.background.start(self.refresher.renew(account, by_hand=True))

    def resumed(self) -> None:
        """Look at once at what fell due while the computer slept, as soon as there is a network again (R16)."""
        self.sites.network.resumed()
        self.streams.resumed()
        self.history.wake()
        self.accounts.touched.emit(None)

    def loops(self) -> tuple[Coroutine[Any, Any, object], ...]:
        """The loops that run while the rack is open."""
        runners = (
            *(self.refresher, self.poller, self.restorer, self.totals.prices, self.streams, self.keyring),
            *(self.history, self.moves, self.updates),
        )
        return (*(runner.run() for runner in runners), self.several_hosts.run(self))

    async def close(self) -> None:
        """End everything within 5 s: first all workers at the same time, then what they worked with (R47)."""
        workers = (
            self.removals,
            self.access,
            self.sign_ins,
            self.background,
            self.streams,
            self.poller,
            self.totals.prices,
            self.refresher,
        )

        async def end_workers() -> None:
            await asyncio.gather(*(worker.close() for worker in workers))

        async with AsyncExitStack() as stack:
            stack.callback(self.account_store.close)
            stack.push_async_callback(self.history.close)
            stack.push_async_callback(self.records.close)
            stack.push_async_callback(self.sites.close)
            stack.push_async_callback(self.redirects.close)
            stack.push_async_callback(self.several_hosts.close)
            stack.push_async_callback(end_workers)


def _found_no_way(renewal: Renewal) -> bool:
    return isinstance(renewal, Retrying) and isinstance(renewal.why, NetworkFailure)


def assemble(
    providers: tuple[Provider, ...],
    vault: Vault,
    paths: Paths,
    *,
    sandbox: bool = False,
    clock: Clock | None = None,
    browser: Callable[[str], Awaitable[None]] = open_browser,
    quirks: Mapping[str, Quirks] = BUILT_IN,
) -> Parts:
    """Make the parts over a vault and folders. Of all files only the person's own provider files are read here."""
    clock, accounts, preferences = clock or Clock(), Accounts(), make_preferences(paths, sandbox=sandbox)
    proxy = ProxySetting(preferences, ProxyLogins(records := RecordStore(vault, clock)))
    catalog = ProviderCatalog(providers, paths.config, proxy.proxies)
    account_store, sites = AccountStore(accounts, catalog, paths, clock), Sites(catalog, clock, quirks, proxy.proxies)
    rotation = Rotation(sites, records, OwnNotes(RefreshJournal(paths.state, clock.wall)), clock)
    token_source = TokenSource(refresher := Refresher(accounts, sites, records, rotation, clock), clock)
    api_keys = ApiKeyContext.assemble(sites, records, rotation, paths.state, clock)
    streams = BalanceStreams(accounts, sites, refresher, token_source, clock, api_keys.signed_calls)
    poller = Poller(accounts, sites, refresher, token_source, streams, clock, api_keys, preferences)
    restorer = Restorer(accounts, sites, records, clock, api_keys.key_records, HandOverNotes(paths.state))
    lock, redirects, codes = Lock(records, clock, paths.state), Redirects(elapsed=clock.elapsed), UserCodes(clock)
    access = AccessPolicy(account_store, Audit(paths.state, accounts, clock), clock, lock)
    sign_ins = SignIns(SignInContext(sites, records, redirects, clock, restorer, refresher, codes, api_keys, browser))
    sign_out = SignOut(sign_ins, refresher, streams, poller, records, sites, api_keys, account_store)
    return Parts(
        catalog=catalog, clock=clock, accounts=accounts, account_store=account_store, preferences=preferences,
        records=records,
        sites=sites,
        proxy=proxy,
        redirects=redirects,
        rotation=rotation,
        refresher=refresher,
        token_source=token_source,
        api_keys=api_keys,
        poller=poller,
        restorer=restorer,
        history=History(accounts, Totals(accounts, sites, preferences, clock, sandbox=sandbox), clock, paths.state),
        lock=lock,
        access=access,
        sign_ins=sign_ins,
        keyring=KeyringCheck(records, restorer.restore_all),
        removals=Removals(accounts, sign_out, access, clock),
        moves=Moves(accounts, catalog, preferences, sign_out, restorer, paths.state, clock, sandbox=sandbox),
        updates=UpdateCheck(preferences, proxy.proxies, paths.state, clock, sandbox=sandbox),
        several_hosts=SeveralHosts(records, paths, proxy.proxies),
    ).connected()  # fmt: skip
