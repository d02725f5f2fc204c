"""Asks each provider what an account holds, as often as somebody looks."""

import asyncio
import logging
from dataclasses import dataclass, replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.snapshot import Balances
from keyrack.core.accounts.state import Active, LoggedOut, Reason
from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.balances.balance_streams import BalanceStreams
from keyrack.core.failures import Unexpected
from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.token_source import TokenSource
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_client import TokenRefused

_log = logging.getLogger(__name__)

VISIBLE_SECONDS = 60.0
HIDDEN_SECONDS = 300.0


@dataclass(slots=True)
class Pulse:
    """When an account was asked last, and before when its provider wants no question (elapsed seconds)."""

    asked: float
    not_before: float = 0.0

    def due(self, *, visible: bool, least: float = 0.0) -> float:
        """When to ask again: sooner while somebody looks, never after less than `least` seconds."""
        return max(self.asked + max(least, VISIBLE_SECONDS if visible else HIDDEN_SECONDS), self.not_before)


class Poller:
    """Replaces each account's snapshot every 60 s while the window shows, every 300 s else.

    Where a stream tells all that an account holds nothing is asked. A failed fetch keeps the old
    figures; one account never delays another.
    """

    def __init__(
        self,
        accounts: Accounts,
        sites: Sites,
        refresher: Refresher,
        live: BalanceStreams,
        clock: Clock,
        keys: ApiKeyContext,
    ) -> None:
        self._accounts = accounts
        self._sites = sites
        self._refresher = refresher
        self._live = live
        self._keys = keys
        self._hand_out = TokenSource(refresher, clock)
        self._clock = clock
        self._sleeper = Sleeper(clock)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._pulses: dict[str, Pulse] = {}
        self._renewed_in_vain: set[str] = set()
        self._visible = False

    def wake(self) -> None:
        """Look again at once: something changed."""
        self._sleeper.wake()

    def show(self, visible: bool) -> None:
        """Say whether somebody can see the figures."""
        self._visible = visible
        self.wake()

    async def run(self) -> None:
        """Fetch what is due, sleep until the next, for ever."""
        while True:
            now, nearest = self._clock.elapsed(), None
            for account in self._accounts:
                if not self._has_token(account) or account.id in self._running or self._live.covers(account):
                    continue
                at = self._due(account)
                if at <= now:
                    self._start(account)
                else:
                    nearest = at if nearest is None else min(nearest, at)
            await self._sleeper.sleep_until(nearest)

    def _due(self, account: Account) -> float:
        pulse = self._pulses.get(account.id)
        if pulse is None:
            return 0.0
        return pulse.due(visible=self._visible, least=self._sites.of(account).provider.poll_interval)

    def _has_token(self, account: Account) -> bool:
        state = account.state
        if not isinstance(state, Active):
            self._forget(account.id)
            return False
        if state.token.access is None:
            return False
        return state.token.expires is None or state.token.expires > self._clock.elapsed()

    def _forget(self, id: str) -> None:
        self._pulses.pop(id, None)
        self._renewed_in_vain.discard(id)

    def _start(self, account: Account) -> asyncio.Task[None]:
        running = self._running.get(account.id)
        if running is None or running.done():
            running = self._running[account.id] = asyncio.create_task(self._fetch(account))
            running.add_done_callback(lambda ended: self._ended(account, ended))
        return running

    def _ended(self, account: Account, fetch: asyncio.Task[None]) -> None:
        if self._running.get(account.id) is fetch:
            del self._running[account.id]
        self.wake()

    async def update(self, account: Account) -> None:
        """Fetch now, or join the fetch that is under way; live figures need none."""
        if self._live.covers(account):
            return
        await asyncio.wait({self._start(account)})

    async def _fetch(self, account: Account) -> None:
        pulse = self._pulses[account.id] = Pulse(self._clock.elapsed())
        try:
            async with self._sites.of(account).figures_at_once:
                balances = await self._snapshot(account)
        except Failure as why:
            pulse.not_before = self._clock.elapsed() + (why.retry_after or 0.0)
            self._keep_old(account, why, pulse)
        except Exception as problem:  # noqa: BLE001 - the next question must come all the same
            _log.exception("figures could not be read: %s", type(problem).__name__)
            self._keep_old(account, Unexpected(), pulse)
        else:
            self._show(account, self._live.merged(account, balances), pulse)

    def _keep_old(self, account: Account, why: Failure, pulse: Pulse) -> None:
        old = account.balances
        self._show(account, replace(old, failure=why) if old else Balances((), 0.0, "poll", failure=why), pulse)

    def _show(self, account: Account, balances: Balances, pulse: Pulse) -> None:
        """Show what was fetched, unless it came alive, was signed out, removed or signed in anew meanwhile."""
        if self._live.covers(account):
            return
        if isinstance(account.state, Active) and self._pulses.get(account.id) is pulse:
            account.show_balances(balances)

    async def _snapshot(self, account: Account) -> Balances:
        token = await self._hand_out.fresh(account, 0.0)
        try:
            balances = await self._ask(account, token)
        except TokenRefused as why:
            balances = await self._ask_again(account, token, why)
        self._renewed_in_vain.discard(account.id)
        return balances

    async def _ask_again(self, account: Account, refused: Secret, why: TokenRefused) -> Balances:
        """After a 401 on a token believed valid: one new token and one more question, never a loop (S81)."""
        state = account.state
        if isinstance(state, Active) and state.token.kind == "key":
            # WhiteBIT wants no authentication error tried again at once: the next poll is the second question.
            if account.id in self._renewed_in_vain:
                self._end(account, refused, why)
            self._renewed_in_vain.add(account.id)
            raise why
        if isinstance(state, Active) and not state.token.renewable:
            return await self._ask_or_end(account, refused)
        if await self._hand_out.fresh(account, 0.0) == refused:
            if account.id in self._renewed_in_vain:
                raise why
            self._renewed_in_vain.add(account.id)
            await self._refresher.renew(account)
        return await self._ask(account, await self._hand_out.fresh(account, 0.0))

    async def _ask_or_end(self, account: Account, token: Secret) -> Balances:
        """The same question again: two refusals in a row end a sign-in that nothing can renew."""
        try:
            return await self._ask(account, token)
        except TokenRefused as why:
            self._end(account, token, why)
            raise

    def _end(self, account: Account, token: Secret, why: TokenRefused) -> None:
        state = account.state
        if isinstance(state, Active) and state.token.access == token:
            account.become(LoggedOut(Reason.REFRESH_REJECTED, why), expected=state)
            account.note("sign_in_ended_by_provider", why.detail)

    async def _ask(self, account: Account, token: Secret) -> Balances:
        site = self._sites.of(account)
        if account.settings.flow == "fast_api_key":
            found, unreadable = await self._keys.signed.holdings(account)
            left_out = " ".join(filter(None, (site.provider.leaves_out, unreadable)))
            return Balances(found, self._clock.wall(), "poll", leaves_out=left_out)
        holdings = await self._keys.read.holdings(account, token)
        storage = await site.api.storage(token)
        return Balances(holdings, self._clock.wall(), "poll", storage, site.provider.leaves_out)

    async def stop(self, account: Account) -> None:
        """End the fetch of one account and forget when it was asked."""
        running = self._running.get(account.id)
        if running is not None:
            running.cancel()
            await asyncio.wait({running})
        self._forget(account.id)

    async def close(self) -> None:
        """End every fetch."""
        running = set(self._running.values())
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
