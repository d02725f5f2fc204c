"""Keeps a push stream open for every account that is signed in at a provider with one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import access_of
from keyrack.core.api_keys.signed_calls import SignedCalls
from keyrack.core.balances.account_stream import AccountStream
from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.token_source import TokenSource
from keyrack.language.translation import outliving
from keyrack.primitives.clock import Clock

SLEPT_SECONDS = 5.0


class BalanceStreams:
    """One stream for each account. None waits for another. Where a stream is down, the poller requests the balances."""

    def __init__(
        self,
        accounts: Accounts,
        sites: Sites,
        refresher: Refresher,
        token_source: TokenSource,
        clock: Clock,
        signed: SignedCalls,
    ) -> None:
        self._accounts = accounts
        self._sites = sites
        self._refresher = refresher
        self._token_source = token_source
        self._clock = clock
        self._signed = signed
        self._sleeper = Sleeper(clock)
        self._woken: set[str] | None = None  # None stands for every account
        self._streams: dict[str, AccountStream] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._paused: set[str] = set()
        self._checks: set[asyncio.Task[None]] = set()

    def wake(self, id: str | None = None) -> None:
        """Look at this account again at once, because something changed. Without an id, look at all."""
        if id is None:
            self._woken = None
        elif self._woken is not None and (id in self._running or self._may_start(id)):
            self._woken.add(id)
        else:
            return
        self._sleeper.wake()

    def _may_start(self, id: str) -> bool:
        account = self._accounts.find(id)
        if account is None or not self._is_wanted(account):
            return False
        site = self._sites.of(account)
        return site.quirks.stream is not None and bool(site.region.stream)

    def reconnect(self) -> None:
        """End every stream. Each begins anew at once, over another connection."""
        for id in list(self._streams):
            self._cancel_stream(id)

    @property
    def running(self) -> frozenset[str]:
        """The ids of the accounts whose stream has not ended."""
        return frozenset(self._running)

    def is_complete(self, account: Account) -> bool:
        """Whether the stream sends all that the account holds, so that no poll is needed."""
        stream = self._streams.get(account.id)
        return stream is not None and stream.live.is_complete

    def merge(self, account: Account, polled: Balances) -> Balances:
        """What to show after a poll succeeded."""
        stream = self._streams.get(account.id)
        return polled if stream is None else stream.live.merge(polled)

    def resumed(self) -> None:
        """After a sleep of the computer: end every pause, and tell no end of a connection that the sleep has ended."""
        for stream in self._streams.values():
            stream.resumed()

    async def run(self) -> None:
        """Start and cancel streams as accounts sign in and out, until cancelled."""
        offset = self._offset()
        while True:
            slept, offset = self._offset() - offset, self._offset()
            if slept > SLEPT_SECONDS:
                self._woken = None
                for stream in self._streams.values():
                    self._start_check(stream)
            woken, self._woken = self._woken, set()
            for id in {*self._accounts.ids(), *self._streams} if woken is None else woken:
                self._look_at(id)
            await self._sleeper.sleep_until(None)

    def _offset(self) -> float:
        """Seconds by which the clock that counts suspend is ahead of the loop's clock, which does not."""
        return self._clock.elapsed() - asyncio.get_running_loop().time()

    def _start_check(self, stream: AccountStream) -> None:
        task = asyncio.create_task(stream.check_connection(), context=outliving())
        self._checks.add(task)
        task.add_done_callback(self._checks.discard)

    def _look_at(self, id: str) -> None:
        account, stream = self._accounts.find(id), self._streams.get(id)
        if stream is not None:
            stream.wake()
        if account is not None:
            self._update_stream(account)
        elif stream is not None:
            self._cancel_stream(id)

    def _update_stream(self, account: Account) -> None:
        stream = self._streams.get(account.id)
        if stream is not None and (stream.outdated or not self._is_wanted(account)):
            self._cancel_stream(account.id)
        elif stream is None and account.id not in self._running and self._is_wanted(account):
            self._start_stream(account)

    def _is_wanted(self, account: Account) -> bool:
        paused = account.id in self._paused or account.renewed_elsewhere
        return access_of(account.state) is not None and not paused

    def _start_stream(self, account: Account) -> None:
        site = self._sites.of(account)
        make = site.quirks.stream
        if make is None or not site.region.stream:
            return
        stream = self._streams[account.id] = AccountStream(
            account, site, make, self._refresher, self._token_source, self._clock, self._signed, self._sites.network
        )
        task = self._running[account.id] = asyncio.create_task(stream.run(), context=outliving())
        task.add_done_callback(lambda _: self._stream_ended(account.id))

    def _cancel_stream(self, id: str) -> None:
        """Cancel a stream. Its task closes the connection by itself."""
        self._streams.pop(id, None)
        self._running[id].cancel()

    def _stream_ended(self, id: str) -> None:
        self._streams.pop(id, None)
        del self._running[id]
        self.wake(id)

    @asynccontextmanager
    async def paused(self, account: Account) -> AsyncIterator[None]:
        """Run no stream of an account while the context is open."""
        self._paused.add(account.id)
        try:
            running = self._running.get(account.id)
            if running is not None:
                self._cancel_stream(account.id)
                await asyncio.wait({running})
            yield
        finally:
            self._paused.discard(account.id)
            self.wake(account.id)

    async def close(self) -> None:
        """End every stream. Each closes its connection within a second."""
        tasks = {*self._running.values(), *self._checks}
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
