"""Requests the balances of each account, more often while a window shows them."""

import asyncio
import logging
from dataclasses import replace
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, Closed, LoggedOut, Reason, access_of, key_of, token_of
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.balances.balance_streams import BalanceStreams
from keyrack.core.failures import RefusedForNow, Unexpected
from keyrack.core.preferences.all_settings import BALANCES_SECONDS
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.scheduling.asked_wait import obeyed
from keyrack.core.scheduling.poll_loop import Due, PollLoop, PollTimes
from keyrack.core.scheduling.running_tasks import RunningTasks
from keyrack.core.sites.sites import Site, Sites
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.refused_token import RefusedTokens
from keyrack.core.tokens.token_source import TokenSource
from keyrack.language.translation import translated
from keyrack.messages.catalogue import message
from keyrack.net.network_errors import NetworkFailure
from keyrack.oauth.oauth_errors import ServiceEnded
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_failures import GatewayRefused, TokenRefused
from keyrack.providers.api.key_provider import KeyProvider

_log = logging.getLogger(__name__)


class Poller:
    """Replaces each account's snapshot as often as the person chose while the window shows, a fifth as often else.

    Nothing is requested where a stream sends all that the account holds. A failed request keeps the old balances. One
    account never delays another.
    """

    def __init__(
        self,
        accounts: Accounts,
        sites: Sites,
        refresher: Refresher,
        token_source: TokenSource,
        streams: BalanceStreams,
        clock: Clock,
        keys: ApiKeyContext,
        preferences: Preferences,
    ) -> None:
        self._accounts = accounts
        self._sites = sites
        self._token_source = token_source
        self._refused = RefusedTokens(refresher, token_source, clock)
        self._streams = streams
        self._keys = keys
        self._preferences = preferences
        self._clock = clock
        self._loop = PollLoop(clock, accounts.ids, self._due)
        self._running: RunningTasks[str] = RunningTasks(self._loop.wake)
        self._times: dict[str, PollTimes] = {}
        self._visible = False
        preferences.changed.connect(lambda _name: self.wake())

    @property
    def busy(self) -> bool:
        """Whether a request is under way."""
        return len(self._running) > 0

    def wake(self, id: str | None = None) -> None:
        """Look at this account again at once, because something changed. Without an id, look at all."""
        self._loop.wake(id)

    def set_visible(self, visible: bool) -> None:
        """Note whether a window shows the balances."""
        self._visible = visible
        self.wake()

    async def run(self) -> None:
        """Request what is due and sleep until the next moment, until cancelled."""
        await self._loop.run()

    def _due(self, id: str) -> Due | None:
        account = self._accounts.find(id)
        if account is None or account.renewed_elsewhere or not self._has_token(account) or id in self._running:
            return None
        if self._streams.is_complete(account):
            return None
        times, least = self._times.get(id), self._sites.of(account).provider.poll_interval
        due = (
            0.0
            if times is None
            else times.due(visible=self._visible, least=least, every=self._preferences.value(BALANCES_SECONDS))
        )
        return due, partial(self._start, account)

    def _has_token(self, account: Account) -> bool:
        state = account.state
        if not isinstance(state, Active):
            self._times.pop(account.id, None)
            self._refused.accepted(account)
            return False
        token = token_of(state)
        if access_of(state) is None:
            return False
        return token is None or token.expires is None or token.expires > self._clock.elapsed()

    def _start(self, account: Account) -> asyncio.Task[None]:
        return self._running.start(account.id, partial(self._fetch, account))

    def ask_again(self) -> None:
        """Ask at once for every account whose last request did not reach its provider."""
        for account in self._accounts:
            if account.balances is not None and isinstance(account.balances.failure, NetworkFailure):
                self._times.pop(account.id, None)
        self.wake()

    async def update(self, account: Account) -> None:
        """Request the balances now, or wait for the request that is under way. Live balances need none."""
        if self._streams.is_complete(account) or account.renewed_elsewhere:
            return
        await asyncio.wait({self._start(account)})

    async def _fetch(self, account: Account) -> None:
        times = self._times[account.id] = PollTimes(self._clock.elapsed())
        await self._sites.network.wait()
        try:
            async with self._sites.of(account).figures_at_once:
                balances = await self._snapshot(account)
        except RefusedForNow as why:
            times.again = self._clock.elapsed() + self._refused.pause(account)
            self._show_failure(account, why, times)
        except Failure as why:
            times.not_before = self._clock.elapsed() + obeyed(why.retry_after)
            self._show_failure(account, why, times)
        except Exception as problem:  # noqa: BLE001 - the next request must follow in any case
            _log.exception("figures could not be read: %s", type(problem).__name__)
            self._show_failure(account, Unexpected(), times)
        else:
            self._show(account, self._streams.merge(account, balances), times)

    def _show_failure(self, account: Account, why: Failure, times: PollTimes) -> None:
        old = account.balances
        self._show(account, replace(old, failure=why) if old else Balances((), 0.0, "poll", failure=why), times)
        state = account.state
        # The service is gone, so that neither figures nor tokens are requested any more (WhiteBIT Q17).
        if isinstance(why, ServiceEnded) and isinstance(state, Active) and self._times.get(account.id) is times:
            account.become(Closed(why), expected=state)
            account.note("sign_in_ended", why=why)

    def _show(self, account: Account, balances: Balances, times: PollTimes) -> None:
        """Show the balances, unless a live stream came up or the sign-in ended or was replaced meanwhile."""
        if self._streams.is_complete(account):
            return
        if isinstance(account.state, Active) and self._times.get(account.id) is times:
            account.show_balances(balances)

    async def _snapshot(self, account: Account) -> Balances:
        token = await self._token_source.fresh(account, 0.0)
        try:
            balances = await self._request(account, token)
        except TokenRefused as why:
            balances = await self._request_again(account, token, why)
        self._refused.accepted(account)
        return balances

    async def _request_again(self, account: Account, refused: Secret, why: TokenRefused) -> Balances:
        """After a 401 on a token that was believed valid: one new token and one more request, never a loop (S81).

        What nothing renews is kept for some minutes and asked with again, since a provider may refuse for the moment.
        WhiteBIT wants no request repeated soon after an authentication error, so that a key waits for the next poll.
        """
        token = token_of(account.state)
        if key_of(account.state) is not None:
            if self._refused.is_final(account, least=2):
                self._end(account, refused, why)
            raise why
        if token is not None and not token.renewable:
            if self._refused.is_final(account, least=3) and not isinstance(why, GatewayRefused):
                self._end(account, refused, why)
                raise why
            raise RefusedForNow(self._sites.of(account).provider.company_name, detail=why.detail)
        replacement = await self._refused.replacement(account, refused)
        if replacement is None:
            raise why
        return await self._request(account, replacement)

    def _end(self, account: Account, token: Secret, why: TokenRefused) -> None:
        state = account.state
        if access_of(state) == token:
            account.become(LoggedOut(Reason.REFRESH_REJECTED, why), expected=state)
            account.note("sign_in_ended_by_provider", why.detail)

    async def _request(self, account: Account, token: Secret) -> Balances:
        site = self._sites.of(account)
        if site.keys is not None:
            return await self._request_with_key(account, site, site.keys)
        read = await self._keys.read_only_keys.holdings(account, token)
        storage = await site.api_of(token_of(account.state)).storage(token)
        left_out = translated(site.provider.leaves_out)
        return Balances(read.holdings, self._clock.wall(), "poll", storage, left_out, left_out=read.left_out)

    async def _request_with_key(self, account: Account, site: Site, keys: KeyProvider) -> Balances:
        read = await self._keys.signed_calls.holdings(account, keys)
        words = translated(site.provider.leaves_out)
        if read.unreadable:
            closed = {"wallets": ", ".join(read.unreadable)}
            words = f"{words} {message('key_wallets_unreadable', closed).happened}".strip()
        return Balances(read.holdings, self._clock.wall(), "poll", leaves_out=words, left_out=read.left_out)

    async def stop(self, account: Account) -> None:
        """Cancel the request of one account, and forget when its balances were polled."""
        await self._running.stop(account.id)
        self._times.pop(account.id, None)
        self._refused.accepted(account)

    async def close(self) -> None:
        """Cancel every request."""
        await self._running.close()
