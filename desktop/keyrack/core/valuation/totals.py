"""The value of each account and of all of them together, in the currency that the person chose."""

from dataclasses import dataclass

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.collection import Accounts
from keyrack.core.preferences.all_settings import CURRENCY
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.sites.sites import Sites
from keyrack.core.valuation.price_poller import PricePoller
from keyrack.core.valuation.valuation import PriceList, Sum, Total, add_up, total
from keyrack.primitives.clock import Clock
from keyrack.primitives.signal import Signal


@dataclass(frozen=True, slots=True)
class _CachedTotal:
    """A total and the values that it was computed from."""

    balances: Balances
    known: PriceList
    currency: str
    total: Total


class Totals:
    """Computes totals on demand. `changed` announces new prices and another currency.

    Accounts of a test network are never added to others, nor those of the sandbox to real ones.
    """

    def __init__(
        self, accounts: Accounts, sites: Sites, preferences: Preferences, clock: Clock, *, sandbox: bool
    ) -> None:
        self.prices = PricePoller(accounts, sites, clock)
        self.changed: Signal[[]] = self.prices.changed
        self._accounts = accounts
        self._sites = sites
        self._preferences = preferences
        self._sandbox = sandbox
        self._cache: dict[str, _CachedTotal] = {}
        self._sum: tuple[tuple[int, str, tuple[PriceList, ...]], Sum] | None = None
        preferences.changed.connect(self._preference_changed)

    @property
    def currency(self) -> str:
        """The current currency: the dollar unless the person chose another one."""
        return self._preferences.value(CURRENCY)

    def choose(self, currency: str) -> None:
        """Choose another currency."""
        if currency != self.currency:
            self._preferences.choose(CURRENCY, currency)

    def _preference_changed(self, name: str) -> None:
        if name == CURRENCY.name:
            self.changed.emit()

    def total_of(self, account: Account) -> Total | None:
        """The value of an account. It is None until its balances and its site's first prices are there."""
        balances, known = account.balances, self.prices.of(account)
        if balances is None or not balances.holdings or (known.how.path and not known.taken and not known.failure):
            return None
        made = self._cache.get(account.id)
        if made is None or (made.balances, made.known, made.currency) != (balances, known, self.currency):
            worth = total(known, balances.holdings, self.currency)
            made = self._cache[account.id] = _CachedTotal(balances, known, self.currency, worth)
        return made.total

    def sum_of_all(self) -> Sum:
        """The value of all accounts that hold money. It is computed anew only after a change."""
        now = (self._accounts.version, self.currency, self.prices.lists())
        if self._sum is None or self._sum[0] != now:
            self._sum = now, self._sum_up()
        return self._sum[1]

    def _sum_up(self) -> Sum:
        real = [account for account in self._accounts if self.counts(account)]
        holders = [a for a in real if self._sites.of(a).provider.balances or (a.balances and a.balances.holdings)]
        totals = {account.id: self.total_of(account) for account in holders}
        empty = {a.id for a in holders if a.balances and not a.balances.holdings and not a.balances.failure}
        unknown = sum(found is None and id not in empty for id, found in totals.items())
        known = [found for found in totals.values() if found is not None]
        unknown += sum(not found.known for found in known)
        old = [
            (found, account.balances.taken)
            for account in holders
            if account.figures_old and account.balances and (found := totals[account.id]) is not None
        ]
        return add_up(known, self.currency, unknown=unknown, apart=len(self._accounts) - len(real), old=old)

    def counts(self, account: Account) -> bool:
        """Whether an account may be added to others: neither of a test network, nor of the sandbox beside real ones."""
        region = self._sites.of(account).region
        return not region.test_network and (self._sandbox or not (account.settings.test or region.test))
