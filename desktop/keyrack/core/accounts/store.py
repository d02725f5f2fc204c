"""Keeps the collection of accounts, the accounts file and the activity files consistent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.accounts_file import AccountsFile, AccountsFileCorrupt, AccountsFileFailure
from keyrack.core.accounts.activity_files import ActivityFiles
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.draft import check_way
from keyrack.core.accounts.state import State
from keyrack.core.system.paths import Paths
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.providers.schema import Provider


class AccountStore:
    """Adds, changes and removes accounts.

    Every change is stored before it is visible. A change that cannot be stored does not happen.
    Accounts of a provider that is not there now stay in the file unchanged, but they are not shown.
    """

    def __init__(self, accounts: Accounts, providers: Mapping[str, Provider], paths: Paths, clock: Clock) -> None:
        self.paths = paths
        self._accounts = accounts
        self._providers = providers
        self._file = AccountsFile(paths.config)
        self._activity_files = ActivityFiles(paths.state)
        self._clock = clock
        self._without_provider: list[Settings] = []

    def load(self) -> Failure | None:
        """Load the accounts file. Returns the failure, if there was one."""
        problem: Failure | None = None
        try:
            found = self._file.load()
        except AccountsFileCorrupt as damage:
            found, problem = damage.accounts, damage
        except AccountsFileFailure as failure:
            found, problem = [], failure
        for stored in found:
            settings = self._with_current_flow(stored)
            if self._is_known(settings):
                self._accounts.add(self._account(settings))
            else:
                self._without_provider.append(settings)
        return problem

    def _with_current_flow(self, settings: Settings) -> Settings:
        """The same account by code with PKCE, where its provider takes it now and did not in 0.1.0 (Kraken Q22)."""
        provider = self._providers.get(settings.provider)
        if settings.flow != "authorization_code" or provider is None or settings.flow in provider.flows:
            return settings
        return replace(settings, flow="authorization_code_pkce")

    def _is_known(self, settings: Settings) -> bool:
        provider = self._providers.get(settings.provider)
        return provider is not None and settings.region in provider.regions and settings.flow in provider.flows

    def _account(self, settings: Settings) -> Account:
        return Account(settings, self._activity_files.activity(settings.id, self._clock.wall))

    def knows(self, id: str) -> bool:
        """Whether an account has this id, also one that is hidden or whose provider is not there now."""
        return id in self._accounts.kept or any(settings.id == id for settings in self._without_provider)

    def stored(self) -> list[Settings]:
        """Every account of the file, also those that are not shown. Raises AccountsFileFailure where it is unknown."""
        return self._file.peek()

    def add(self, settings: Settings, state: State) -> Account:
        """Add a new account with the given state.

        Raises AccountsFileFailure, or DraftProblem where its provider changed or went since the person entered it.
        """
        check_way(settings, self._providers)
        self._save([*self._listed(), settings])
        account = self._account(settings)
        account.become(state, expected=account.state)
        self._accounts.add(account)
        return account

    def add_together(self, new: Sequence[Settings], state: State) -> None:
        """Add accounts that another host made, in one write. Those that this Keyrack does not know are left out.

        Raises AccountsFileFailure, and then none is added.
        """
        known = [settings for settings in new if self._is_known(settings)]
        if known:
            self._save([*self._listed(), *known])
        for settings in known:
            account = self._account(settings)
            account.become(state, expected=account.state)
            self._accounts.add(account)

    def change(self, account: Account, settings: Settings) -> None:
        """Replace an account's settings. Raises AccountsFileFailure, or DraftProblem as `add` does."""
        check_way(settings, self._providers)
        self._save([settings if other.id == settings.id else other for other in self._listed()])
        account.configure(settings)

    def remove(self, account: Account) -> None:
        """Remove an account and its activity. Raises AccountsFileFailure."""
        self._save([settings for settings in self._listed() if settings.id != account.id])
        self._accounts.remove(account)
        self._activity_files.delete(account.id)

    def reorder(self, ids: Sequence[str]) -> None:
        """Put the listed accounts into another order. Raises AccountsFileFailure."""
        settings, order = {each.id: each for each in self._listed()}, self._accounts.all_in(ids)
        self._save([settings[id] for id in order])
        self._accounts.reorder(order)

    def flush(self) -> None:
        """Wait until every line so far of the activity is written."""
        self._activity_files.flush()

    def close(self) -> None:
        """Wait until the last line of the activity is written."""
        self._activity_files.close()

    def save(self) -> None:
        """Write the current settings of all accounts. Raises AccountsFileFailure."""
        self._save(self._listed())

    def _listed(self) -> list[Settings]:
        return [account.settings for account in self._accounts.kept.values()]

    def _save(self, settings: Iterable[Settings]) -> None:
        self._file.save([*settings, *self._without_provider])
