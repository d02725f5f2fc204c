"""Keeps every token fresh: one task that sleeps until the next is due, one attempt per account."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, Idle, LoggedOut, Reason, Retrying, Running, Unsaved
from keyrack.core.failures import Interrupted, SignInLapsed, Unexpected
from keyrack.core.scheduling.background_tasks import CLOSING_SECONDS, end_within
from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.rotation import Rotation
from keyrack.core.tokens.schedule import Schedule
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Stuck, VaultFailure
from keyrack.oauth.oauth_errors import ClientRejected, InvalidGrant
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

_log = logging.getLogger(__name__)

LONGEST_SILENT_WAIT = 900.0


class Refresher:
    """Renews tokens before they end; nothing else in the program does (S70, S71).

    A token becomes visible only after it was stored and read back (S72).
    """

    def __init__(
        self, accounts: Accounts, sites: Sites, records: RecordStore, rotation: Rotation, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._sites = sites
        self._records = records
        self._rotation = rotation
        self._clock = clock
        self._schedule = Schedule(clock)
        self._attempts: dict[str, asyncio.Task[None]] = {}
        self._paused: set[str] = set()
        self._sleeper = Sleeper(clock)

    def wake(self) -> None:
        """Look again at once: something changed."""
        self._sleeper.wake()

    async def run(self) -> None:
        """Start what is due, sleep until the next due moment, for ever."""
        while True:
            now, nearest = self._clock.elapsed(), None
            for account in self._accounts:
                at = None if account.id in self._paused else self._schedule.due(account)
                if at is not None and at <= now:
                    self._start(account)
                elif at is not None:
                    nearest = at if nearest is None else min(nearest, at)
            await self._sleeper.sleep_until(nearest)

    async def renew(self, account: Account, *, by_hand: bool = False) -> None:
        """Ask for a new token now, or join the attempt that is under way; the outcome is in the state.

        After a failure nothing is asked before the next try is due, unless a person insists; and
        even then not while the provider asked to wait for up to 15 minutes (R23).
        """
        state = account.state
        if not isinstance(state, Active) or account.id in self._paused:
            return
        if not state.token.renewable and not isinstance(state.renewal, Unsaved):
            return
        if isinstance(state.renewal, Retrying) and self._must_wait(state.renewal, by_hand):
            return
        if by_hand and isinstance(state.renewal, Unsaved):
            # An attempt under way asked the keyring without the person, and before whatever they mended.
            await self._joined(account)
        await asyncio.wait({self._start(account, by_hand=by_hand)})

    async def _joined(self, account: Account) -> None:
        if account.id in self._attempts:
            await asyncio.wait({self._attempts[account.id]})

    def ends_old(self, account: Account) -> bool:
        """Whether a renewal ends the running access token at once."""
        return self._sites.of(account).server.dialect.old_access_dies

    def _must_wait(self, retrying: Retrying, by_hand: bool) -> bool:
        left = retrying.at - self._clock.elapsed()
        if not by_hand or left <= 0:
            return left > 0
        return retrying.why.retry_after is not None and left <= LONGEST_SILENT_WAIT

    def _start(self, account: Account, *, by_hand: bool = False) -> asyncio.Task[None]:
        running = self._attempts.get(account.id)
        if running is None or running.done():
            running = self._attempts[account.id] = asyncio.create_task(self._attempt(account, by_hand))
            running.add_done_callback(lambda ended: self._ended(account, ended))
        return running

    def _ended(self, account: Account, attempt: asyncio.Task[None]) -> None:
        if self._attempts.get(account.id) is attempt:
            del self._attempts[account.id]
        self.wake()

    async def _attempt(self, account: Account, by_hand: bool) -> None:
        before = account.state
        if not isinstance(before, Active):
            return
        # An unsaved token stays shown as unsaved while it is tried again: it has left the process (S72).
        unsaved = isinstance(before.renewal, Unsaved)
        current = before if unsaved else replace(before, renewal=Running())
        if not unsaved and not account.become(current, expected=before):
            return
        try:
            if not unsaved or await self._still_unsaved(account, current, by_hand):
                new = await self._rotation.next(account, current.token, unsaved=unsaved)
                await self._store(account, current, new)
        except Failure as why:
            self._failed(account, current, why)
        except asyncio.CancelledError:
            account.become(replace(current, renewal=before.renewal if unsaved else Idle()), expected=current)
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, this account must go on being renewed
            _log.exception("a renewal broke: %s", type(problem).__name__)
            self._failed(account, current, Unexpected())

    async def _still_unsaved(self, account: Account, current: Active, by_hand: bool) -> bool:
        """Try to store an unsaved token; whether it must be renewed although that failed."""
        try:
            await self._records.save_token(account.id, current.token, prompt=by_hand)
        except VaultFailure as why:
            due = self._schedule.renewal_due(account, current.token)
            if due is not None and due <= self._clock.elapsed():
                return True
            self._schedule.failed(account)
            account.become(Active(current.token, Unsaved(why)), expected=current)
            return False
        self._stored(account, current, current.token, "token_stored")
        return False

    async def _store(self, account: Account, current: Active, new: Token) -> None:
        if account.state is not current:
            return
        try:
            await self._records.save_token(account.id, new)
        except VaultFailure as why:
            self._schedule.failed(account)
            if account.become(Active(new, Unsaved(why)), expected=current):
                account.note("token_not_stored", why=why)
        except asyncio.CancelledError:
            # The old token is used up by now, so the new one is never let go (S74).
            account.become(Active(new, Unsaved(Stuck())), expected=current)
            raise
        else:
            self._stored(account, current, new, "token_renewed")

    def _stored(self, account: Account, current: Active, token: Token, code: str) -> None:
        self._rotation.settled(account.id)
        self._schedule.worked(account)
        if account.become(Active(token), expected=current):
            account.note(code)

    def _failed(self, account: Account, current: Active, why: Failure) -> None:
        reason = self._end_of(account, why)
        if reason is not None:
            if account.become(LoggedOut(reason, why), expected=current):
                account.note("sign_in_ended", why=why)
            return
        at, window = self._schedule.failed(account, why.retry_after), current.token.refresh_expires
        if isinstance(current.renewal, Unsaved):
            moved = account.become(replace(current, renewal=Unsaved(current.renewal.why)), expected=current)
        else:
            at = at if window is None else min(at, window)
            moved = account.become(replace(current, renewal=Retrying(at, why)), expected=current)
        if moved:
            account.note("renewal_failed", why=why)

    def _end_of(self, account: Account, why: Failure) -> Reason | None:
        if isinstance(why, SignInLapsed):
            return Reason.REFRESH_EXPIRED
        if isinstance(why, Interrupted):
            return Reason.INTERRUPTED_REFRESH
        if isinstance(why, InvalidGrant):
            return Reason.REFRESH_REJECTED
        again = self._sites.of(account).server.renews_again
        return Reason.REFRESH_REJECTED if again and isinstance(why, ClientRejected) else None

    async def stop(self, account: Account, *, grace: float = CLOSING_SECONDS) -> None:
        """Give the attempt of one account, if one is under way, `grace` seconds to end, then end it."""
        attempt = self._attempts.get(account.id)
        if attempt is not None:
            self._end_queued({account.id})
            await end_within(grace, {attempt})

    def _end_queued(self, ids: set[str]) -> None:
        """End what has sent nothing yet: waiting for it would help nobody."""
        for id in ids & self._rotation.queued:
            self._attempts[id].cancel()

    @asynccontextmanager
    async def paused(self, account: Account, *, grace: float) -> AsyncIterator[None]:
        """Have no attempt of an account run meanwhile, so that none stores a token behind the caller's back."""
        self._paused.add(account.id)
        try:
            await self.stop(account, grace=grace)
            yield
        finally:
            self._paused.discard(account.id)
            self.wake()

    def forget(self, id: str) -> None:
        """Forget the failures and the note of an account whose sign-in was replaced or ended by its person."""
        self._schedule.forget(id)
        self._rotation.settled(id)

    async def close(self) -> None:
        """Let attempts end within 3 s, then leave their intent notes to the next start (S73)."""
        self._end_queued(set(self._attempts))
        await end_within(CLOSING_SECONDS, set(self._attempts.values()))
