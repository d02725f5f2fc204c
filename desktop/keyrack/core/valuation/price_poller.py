"""Asks each site in use for its own prices, more often while the values are visible."""

import logging
from dataclasses import dataclass, replace
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, token_of
from keyrack.core.failures import Unexpected
from keyrack.core.scheduling.asked_wait import obeyed
from keyrack.core.scheduling.poll_loop import Due, PollLoop, PollTimes
from keyrack.core.scheduling.running_tasks import RunningTasks
from keyrack.core.sites.sites import Site, Sites
from keyrack.core.valuation.valuation import PriceList
from keyrack.net.network_errors import NetworkFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.primitives.signal import Signal
from keyrack.providers.schema import Prices

_log = logging.getLogger(__name__)

SiteKey = tuple[str, str]
_NO_PRICES = Prices(quote="")


@dataclass(slots=True)
class SitePrices:
    """One site: its newest prices, and when it was asked."""

    known: PriceList
    times: PollTimes | None = None


class PricePoller:
    """Keeps the prices of every site with an account that is signed in and holds something.

    Every 60 s while the window shows, every 300 s else, and never before somebody said which. A question that fails
    keeps the old prices.
    """

    def __init__(self, accounts: Accounts, sites: Sites, clock: Clock) -> None:
        self.changed: Signal[[]] = Signal()
        self._accounts = accounts
        self._sites = sites
        self._clock = clock
        self._loop = PollLoop(clock, accounts.ids, self._due)
        self._running: RunningTasks[SiteKey] = RunningTasks(lambda _: self._loop.wake())
        self._known: dict[SiteKey, SitePrices] = {}
        self._visible: bool | None = None

    def of(self, account: Account) -> PriceList:
        """The newest prices of the account's own site."""
        return self.site_prices(account).known

    def site_prices(self, account: Account) -> SitePrices:
        """The account's own site, its newest prices and when it was asked."""
        site = self._sites.of(account)
        key = _key(site)
        if key not in self._known:
            self._known[key] = SitePrices(PriceList(site.provider.prices or _NO_PRICES))
        return self._known[key]

    def lists(self) -> tuple[PriceList, ...]:
        """The newest prices of every site."""
        return tuple(prices.known for prices in self._known.values())

    def wake(self, id: str | None = None) -> None:
        """Look at the site of this account again at once, because something changed. Without an id, look at all."""
        self._loop.wake(id)

    def set_visible(self, visible: bool) -> None:
        """Say whether the values are visible."""
        self._visible = visible
        self.wake()

    def ask_again(self) -> None:
        """Ask every site at once that could not be reached."""
        for prices in self._known.values():
            if isinstance(prices.known.failure, NetworkFailure):
                prices.times = None
        self.wake()

    @property
    def busy(self) -> bool:
        """Whether a site is being asked."""
        return len(self._running) > 0

    async def run(self) -> None:
        """Ask what is due, sleep until the next, until cancelled."""
        await self._loop.run()

    def _due(self, id: str) -> Due | None:
        account = self._accounts.find(id)
        if self._visible is None or account is None or not isinstance(account.state, Active):
            return None
        if account.balances is None or not account.balances.holdings:
            return None
        site, prices = self._sites.of(account), self.site_prices(account)
        if not prices.known.how.path or _key(site) in self._running:
            return None
        due = prices.times.due(visible=self._visible) if prices.times is not None else 0.0
        return due, partial(self._start, site, prices)

    def _start(self, site: Site, prices: SitePrices) -> None:
        prices.times = PollTimes(self._clock.elapsed())
        self._running.start(_key(site), partial(self._ask, site, prices, prices.times))

    async def _ask(self, site: Site, prices: SitePrices, times: PollTimes) -> None:
        await self._sites.network.wait()
        old = prices.known
        try:
            found = await site.prices.ask(self._held(site), self._token(site) if site.prices.needs_token else None)
        except Failure as why:
            times.not_before = self._clock.elapsed() + obeyed(why.retry_after)
            prices.known = replace(old, failure=why)
        except Exception as problem:  # noqa: BLE001 - the next question must come all the same
            _log.exception("prices could not be read: %s", type(problem).__name__)
            prices.known = replace(old, failure=Unexpected())
        else:
            prices.known = PriceList(old.how, found, self._clock.wall(), left_out=found.left_out)
        self.changed.emit()

    def _token(self, site: Site) -> Secret | None:
        """A token that lives, of any account at this site. None is renewed for prices."""
        for account in self._accounts:
            token = token_of(account.state)
            if token is None or token.access is None or _key(self._sites.of(account)) != _key(site):
                continue
            if token.expires is None or token.expires > self._clock.elapsed():
                return token.access
        return None

    def _held(self, site: Site) -> list[str]:
        """The assets that are held at this site, without the names of the accounts."""
        here = [a.balances for a in self._accounts if _key(self._sites.of(a)) == _key(site)]
        return sorted({h.asset for balances in here if balances for h in balances.holdings if h.total != 0})

    async def close(self) -> None:
        """Cancel every question."""
        await self._running.close()


def _key(site: Site) -> SiteKey:
    """What has prices of its own: accounts with the same API see the same."""
    return site.provider.id, site.region.api
