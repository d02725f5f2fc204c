"""Requests an account's next token from its provider, under a note that a crash would leave behind (S73).

What becomes of the note, by what the request ended with:

    a new token                                 kept. It names the generation that is stored next.
    InvalidGrant                                removed. It is raised as Interrupted where an earlier note was there.
    NoResponse, TooLarge, or Transient that     kept, since the provider may have used the refresh token up
    names no time to wait
    any other failure                           removed, unless an earlier note was there
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.failures import Interrupted, SignInLapsed
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens import renewal_rule
from keyrack.core.tokens.renewal_answers import RenewalOutcome, in_plain_words, outcome
from keyrack.core.tokens.renewal_notes import RenewalNotes
from keyrack.core.vault.record_store import RecordStore
from keyrack.net.network_errors import NoResponse, TooLarge
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant, RequestRefused, Transient
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

_SHORTEST_INTERVAL = 1.0


class Rotation:
    """One request for one token at a time. Nothing is stored here.

    `queued` holds the ids of accounts that wait for their turn. Nothing of theirs was sent.
    """

    def __init__(self, sites: Sites, records: RecordStore, notes: RenewalNotes, clock: Clock) -> None:
        self._sites = sites
        self._records = records
        self.notes = notes
        self._clock = clock
        self.queued: set[str] = set()

    async def next(self, account: Account, token: Token, *, unsaved: bool = False) -> Token:
        """The token that follows this one. `unsaved` marks a token that is newer than the vault's.

        Raises SignInLapsed, Interrupted, or the failure of the endpoint or the network.
        """
        self._check_window(token)
        self.queued.add(account.id)
        try:
            await self._sites.network.wait()
        finally:
            self.queued.discard(account.id)
        self._check_window(token)
        # The queue of the client comes first. An account that waits in it must not take up a place of the site.
        async with self._turn(account, self._interval(account, token)):
            if token.refresh is None or self._sites.of(account).server.dialect.rotation == "never":
                # Nothing is used up, so a crash in between loses nothing.
                return await self._request(account, token)
            return await self._refresh_with_note(account, token, unsaved=unsaved)

    def reserve(self, account: Account, token: Token, at: float) -> float:
        """The moment at which to renew a token that is due at `at`, both in elapsed seconds.

        It is earlier where accounts of the same client are due then, since only one of them can be renewed at a time.
        """
        interval = self._interval(account, token)
        return self._sites.throttle(account).reserve(account.id, at, interval) if interval else at

    def hurry(self, account: Account) -> None:
        """Let this account's next turn come before those of accounts that are only due, since somebody waits for it."""
        self._sites.throttle(account).hurry(account.id)

    def place_in_queue(self, account: Account, token: Token) -> tuple[float, int] | None:
        """Seconds between two renewals of its client, and how many come before its own.

        None where it does not wait in the queue, or nobody waits for it.
        """
        interval, ahead = self._interval(account, token), self._sites.throttle(account).ahead(account.id)
        return (interval, ahead) if interval and ahead is not None else None

    def clear_note(self, id: str) -> None:
        """Remove the note, because the old token was certainly not used or the sign-in ended."""
        self.notes.clear(id)

    def _interval(self, account: Account, token: Token) -> float:
        """Seconds that the provider wants between two renewals of one client."""
        interval = self._sites.of(account).server.dialect.refresh_interval
        if token.lifetime is not None and token.refresh is None:
            return min(interval, max(_SHORTEST_INTERVAL, renewal_rule.LEAD_SHARE * token.lifetime))
        return interval

    def _check_window(self, token: Token) -> None:
        ends = token.refresh_expires
        if not token.renewable or (ends is not None and self._clock.elapsed() >= ends):
            raise SignInLapsed

    @asynccontextmanager
    async def _turn(self, account: Account, interval: float) -> AsyncIterator[None]:
        self.queued.add(account.id)
        try:
            async with self._sites.throttle(account).turn(account.id, interval), self._sites.of(account).tokens_at_once:
                self.queued.discard(account.id)
                yield
        finally:
            self.queued.discard(account.id)

    async def _request(self, account: Account, token: Token, last_check: Callable[[], None] | None = None) -> Token:
        """The next token. Raises InvalidGrant for a dead refresh token, in whatever words the server says so."""
        try:
            client, endpoint = self._records.client(account), self._sites.of(account).endpoint
            return await endpoint.refresh(client, token, last_check=last_check)
        except (ClientRejected, RequestRefused) as why:
            if outcome(why) is not RenewalOutcome.ENDED:
                raise
            ended = in_plain_words(why)
        raise ended

    async def _refresh_with_note(self, account: Account, token: Token, *, unsaved: bool) -> Token:
        generation = self._records.generation(account.id)
        interrupted = not unsaved and self.notes.interrupted(account.id, generation)
        self._records.vault.prepare_save(account.id)
        await self.notes.write(account.id, generation + 1, None if unsaved else token.refresh)
        try:
            return await self._request(account, token, partial(self.notes.check, account.id))
        except InvalidGrant as why:
            if interrupted:
                raise Interrupted(detail=why.detail) from None
            self.notes.clear(account.id)
            raise
        except Failure as why:
            if not interrupted and not _may_have_rotated(why):
                self.notes.clear(account.id)
            raise


def _may_have_rotated(why: Failure) -> bool:
    """Whether the provider may have made a new token that did not arrive. One that asks to wait did not make any."""
    if isinstance(why, Transient):
        return why.retry_after is None
    return isinstance(why, NoResponse | TooLarge)
