"""Asks each provider what an account holds, as often as somebody looks."""

import asyncio
from dataclasses import replace

from keyrack.core.account import Account
from keyrack.core.accounts import Accounts
from keyrack.core.clock import Clock
from keyrack.core.holding import Balances
from keyrack.core.hand_out import HandOut
from keyrack.core.refresher import Refresher
from keyrack.core.services import Services
from keyrack.core.sleeper import Sleeper
from keyrack.core.state import Active, LoggedOut, Reason
from keyrack.net.failure import Failure
from keyrack.net.secret import Secret
from keyrack.providers.api import TokenRefused

VISIBLE_SECONDS = 60.0
HIDDEN_SECONDS = 300.0


class Poller:
    """Replaces each account's snapshot every 60 s while the window shows, every 300 s else.

    A failed fetch keeps the old figures; one account never delays another.
    """

    def __init__(self, accounts: Accounts, services: Services, refresher: Refresher, clock: Clock) -> None:
        self._accounts = accounts
        self._services = services
        self._refresher = refresher
        self._hand_out = HandOut(refresher, clock)
        self._clock = clock
        self._sleeper = Sleeper(clock)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._next: dict[str, float] = {}
        self._visible = False

    def wake(self) -> None:
        """Look again at once: something changed."""
        self._sleeper.wake()

    def show(self, visible: bool) -> None:
        """Say whether somebody can see the figures."""
        if visible and not self._visible:
            for id, at in self._next.items():
                self._next[id] = min(at, at - HIDDEN_SECONDS + VISIBLE_SECONDS)
        self._visible = visible
        self.wake()

    async def run(self) -> None:
        """Fetch what is due, sleep until the next, for ever."""
        while True:
            now, nearest = self._clock.elapsed(), None
            for account in self._accounts:
                if not self._has_token(account) or account.id in self._running:
                    continue
                at = self._next.get(account.id, now)
                if at <= now:
                    self._start(account)
                else:
                    nearest = at if nearest is None else min(nearest, at)
            await self._sleeper.sleep_until(nearest)

    def _has_token(self, account: Account) -> bool:
        state = account.state
        if not isinstance(state, Active) or state.token.access is None:
            self._next.pop(account.id, None)
            return False
        return state.token.expires is None or state.token.expires > self._clock.elapsed()

    def _start(self, account: Account) -> asyncio.Task[None]:
        running = self._running.get(account.id)
        if running is None:
            running = self._running[account.id] = asyncio.create_task(self._fetch(account))
            running.add_done_callback(lambda _: self._ended(account))
        return running

    def _ended(self, account: Account) -> None:
        self._running.pop(account.id, None)
        self.wake()

    async def update(self, account: Account) -> None:
        """Fetch now, or join the fetch that is under way."""
        await asyncio.wait({self._start(account)})

    async def _fetch(self, account: Account) -> None:
        pause = VISIBLE_SECONDS if self._visible else HIDDEN_SECONDS
        self._next[account.id] = self._clock.elapsed() + pause
        try:
            balances = await self._snapshot(account)
        except Failure as why:
            wait = getattr(why, "retry_after", None) or 0.0
            self._next[account.id] = self._clock.elapsed() + max(pause, wait)
            old = account.balances
            if isinstance(account.state, Active):
                kept = replace(old, failure=why) if old else Balances((), 0.0, "poll", failure=why)
                account.show_balances(kept)
            return
        if isinstance(account.state, Active):
            account.show_balances(balances)

    async def _snapshot(self, account: Account) -> Balances:
        token = await self._hand_out.fresh(account, 0.0)
        try:
            return await self._ask(account, token)
        except TokenRefused as why:
            self._end_if_final(account, why)
            # Once, and only if the token was not replaced meanwhile (S81).
            if await self._hand_out.fresh(account, 0.0) == token:
                await self._refresher.renew(account)
            return await self._ask(account, await self._hand_out.fresh(account, 0.0))

    def _end_if_final(self, account: Account, why: TokenRefused) -> None:
        state = account.state
        if isinstance(state, Active) and not state.token.renewable:
            account.become(LoggedOut(Reason.REFRESH_REJECTED, why), expected=state)
            account.note("The provider ended this sign-in.", why.detail)
            raise why

    async def _ask(self, account: Account, token: Secret) -> Balances:
        service = self._services.of(account)
        holdings = await service.api.holdings(token)
        storage = await service.api.storage(token)
        return Balances(holdings, self._clock.wall(), "poll", storage, service.provider.leaves_out)

    async def close(self) -> None:
        """End every fetch."""
        for task in tuple(self._running.values()):
            task.cancel()
