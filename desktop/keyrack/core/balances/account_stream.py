"""One account's push stream: connects, applies its events, and connects again until it is cancelled."""

import logging
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, access_of
from keyrack.core.api_keys.signed_calls import SignedCalls
from keyrack.core.balances.live_balances import LiveBalances
from keyrack.core.balances.stream_connection import StreamConnection, StreamEvent
from keyrack.core.failures import Unexpected
from keyrack.core.scheduling.asked_wait import obeyed
from keyrack.core.scheduling.network_return import NetworkReturn
from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.sites.sites import Site
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.refused_token import RefusedTokens
from keyrack.core.tokens.token_source import TokenSource
from keyrack.net.client.websocket_limits import NotUpgraded
from keyrack.oauth.endpoints.error_response import unavailable
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.api.api_failures import TokenRefused
from keyrack.providers.api.stream import Authorized, Stream, StreamTarget

if TYPE_CHECKING:
    from keyrack.net.client.websocket_connection import WebSocket

PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
PAUSE_JITTER = 0.25
STEADY_SECONDS = 60.0

_log = logging.getLogger(__name__)
_random = random.SystemRandom()


class AccountStream:
    """Keeps the stream of one account while `run` runs. A renewal of the token leaves the connection alone (ProBit Q7).

    `live` holds the balances that the stream sends.
    """

    def __init__(
        self,
        account: Account,
        site: Site,
        make: Callable[[StreamTarget], Stream],
        refresher: Refresher,
        token_source: TokenSource,
        clock: Clock,
        signed: SignedCalls,
        network: NetworkReturn,
    ) -> None:
        self._account = account
        self._site = site
        self._make_stream = make
        self._token_source = token_source
        self._refused = RefusedTokens(refresher, token_source, clock)
        self._clock = clock
        self._signed = signed
        self._network = network
        self._woke, self._failures = False, 0
        self._again = self._asked_until = 0.0
        self._sleeper = Sleeper(clock)
        self._socket: WebSocket | None = None
        self._outage = False
        self._client_id = account.settings.client_id
        self._old_token: Secret | None = None
        self.live = LiveBalances(account, clock, site.provider.leaves_out)

    @property
    def outdated(self) -> bool:
        """Whether the credentials were edited and a token of the new ones is here. It may be another account's."""
        state = self._account.state
        if self._account.settings.client_id == self._client_id or not isinstance(state, Active):
            return False
        if self._old_token is None:
            self._old_token = access_of(state)
        return access_of(state) not in (None, self._old_token)

    async def run(self) -> None:
        """Connect, read, pause, until cancelled.

        Nothing is replayed, because the next snapshot has all that was missed.
        """
        try:
            while True:
                began = self._clock.elapsed()
                why = await self._run_once()
                self.live.connection_lost()
                if why is not None and self._ended_by_sleep():
                    self._failures = 0
                elif why is not None:
                    steady = self._clock.elapsed() - began >= STEADY_SECONDS
                    self._failures = 1 if steady else self._failures + 1
                    self._note_outage(why)
                    await self._pause(why.retry_after)
        finally:
            self.live.close()

    async def _run_once(self) -> Failure | None:
        """Run one connection. Returns why it ended, or None when the next may follow at once with another token."""
        await self._network.wait()
        try:
            token = await self._token_source.fresh(self._account, 0.0)
            try:
                await self._run_connection(token)
            except TokenRefused as why:
                return why if await self._refused.replacement(self._account, token) is None else None
        except NotUpgraded as why:
            return unavailable(self._site.provider.company_name, why.status, why.headers) or why
        except Failure as why:
            return why
        except Exception as problem:  # noqa: BLE001 - the next connection must follow in any case
            _log.exception("a stream broke: %s", type(problem).__name__)
            return Unexpected()

    async def _run_connection(self, token: Secret) -> NoReturn:
        region, name = self._site.region, self._site.provider.company_name
        ticket = token if self._site.keys is None else await self._signed.stream_ticket(self._account, self._site.keys)
        stream = self._make_stream(self._site.stream_target)
        self._socket = socket = await self._site.dialler.open(region.stream, plain_allowed=region.test)
        try:
            self.live.connection_opened(stream.places)
            await StreamConnection(name, socket, stream, self._event_received).run(ticket)
        finally:
            self._socket = None
            await socket.close()

    def _event_received(self, event: StreamEvent) -> None:
        if isinstance(event, Authorized):
            self._refused.accepted(self._account)
            return
        self.live.apply(event)
        if self._outage and self.live.has_snapshot:
            self._outage = False
            self._account.note("live_back")

    def _note_outage(self, why: Failure) -> None:
        if not self._outage:
            self._outage = True
            self._account.note("live_paused", why=why)

    async def _pause(self, retry_after: float | None) -> None:
        pause = PAUSES[min(self._failures, len(PAUSES)) - 1] * _random.uniform(1, 1 + PAUSE_JITTER)
        self._asked_until = self._clock.elapsed() + obeyed(retry_after)
        self._again = max(self._asked_until, self._clock.elapsed() + pause)
        while self._clock.elapsed() < self._again:
            await self._sleeper.sleep_until(self._again)

    def wake(self) -> None:
        """Look at the clock again, because the pause may be over."""
        self._sleeper.wake()

    def _ended_by_sleep(self) -> bool:
        """Whether the connection ended because the computer slept. The next is opened as soon as there is a route."""
        woke, self._woke = self._woke, False
        return woke or self._network.awaited

    def resumed(self) -> None:
        """Note that the computer woke. It ends a pause, except one that the provider asked for."""
        self._woke = self._socket is not None
        self._again, self._failures = self._asked_until, 0
        self._sleeper.wake()

    async def check_connection(self) -> None:
        """After a suspend, check that the server still responds, and close the connection if it does not."""
        await self._network.wait()
        socket = self._socket
        if socket is None:
            return
        try:
            await socket.check()
            self._woke = False
        except Failure:
            await socket.close()
