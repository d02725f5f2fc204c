"""Renews every token in time: one loop that sleeps until the next is due, and one attempt at a time for each account.

What an attempt leads to, by what it ended with:

    a new token, stored             Active
    a new token, not stored         Active with Unsaved. Storing it is tried again (S74).
    SignInLapsed                    LoggedOut with REFRESH_EXPIRED. Nothing was sent.
    Interrupted                     LoggedOut with INTERRUPTED_REFRESH (S73)
    ENDED (`renewal_answers.py`)    LoggedOut with REFRESH_REJECTED
    ClientRejected                  the same where the renewal is a sign-in by client credentials, else as the next line
    ServiceEnded                    Closed
    KEEP                            as RETRY with longer pauses, until the token is dead and the server has refused
                                    for 5 min. Then the same as ENDED.
    RETRY, or any other exception   Active with Retrying. The next attempt waits longer each time (S79), as long as
                                    the server asks up to 15 min, and never beyond the refresh token's end.
    cancelled while storing         Active with Unsaved, since the old token is used up (S74)
    cancelled before that           the state before the attempt

An account with a key renews the token that made the key. Where that token ends, the key stays Active without it.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.credential import Credential, with_renewed
from keyrack.core.accounts.state import (
    Active,
    Closed,
    Idle,
    LoggedOut,
    Reason,
    Retrying,
    Running,
    State,
    Unsaved,
    key_of,
    renewed_of,
)
from keyrack.core.failures import Interrupted, SignInLapsed, Unexpected
from keyrack.core.scheduling.asked_wait import LONGEST_WAIT
from keyrack.core.scheduling.background_tasks import CLOSING_SECONDS, end_within
from keyrack.core.scheduling.poll_loop import Due, PollLoop
from keyrack.core.scheduling.running_tasks import RunningTasks
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.elsewhere import Elsewhere, Nowhere
from keyrack.core.tokens.lapse import with_last_seen
from keyrack.core.tokens.renewal_answers import RenewalOutcome, outcome
from keyrack.core.tokens.rotation import Rotation
from keyrack.core.tokens.schedule import Schedule
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Stuck, VaultFailure
from keyrack.oauth.oauth_errors import ClientRejected, ServiceEnded
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

_log = logging.getLogger(__name__)


class Refresher:
    """Renews tokens before they expire. Nothing else in the program does (S70, S71).

    A new token is used only after its record was stored and read back (S72), or as unsaved if the keyring fails (S74).
    """

    def __init__(
        self, accounts: Accounts, sites: Sites, records: RecordStore, rotation: Rotation, clock: Clock
    ) -> None:
        self._accounts = accounts
        self._sites = sites
        self._records = records
        self._rotation = rotation
        self._clock = clock
        self._schedule = Schedule(clock, rotation.reserve)
        self.elsewhere: Elsewhere = Nowhere()
        self._paused: set[str] = set()
        self._loop = PollLoop(clock, lambda: tuple(accounts.kept), self._due)  # a removal may be undone
        self.attempts: RunningTasks[str] = RunningTasks(self._loop.wake)

    def wake(self, id: str | None = None) -> None:
        """Look at this account again at once, because something changed. Without an id, look at all."""
        self._loop.wake(id)

    @property
    def busy(self) -> bool:
        """Whether a renewal is under way."""
        return len(self.attempts) > 0

    async def run(self) -> None:
        """Start what is due and sleep until the next moment, until cancelled."""
        await self._loop.run()

    def _due(self, id: str) -> Due | None:
        account = self._accounts.kept.get(id)
        if account is None or id in self._paused or _is_elsewhere(account):
            return None
        moment = self._schedule.due(account)
        return None if moment is None else (moment, partial(self._start, account))

    async def renew(self, account: Account, *, by_hand: bool = False, asked: bool = False) -> None:
        """Request a new token now, or wait for the attempt that is under way. The outcome is in the account's state.

        After a failure nothing is requested before the next try is due, unless the person insists (`by_hand`). Even
        then nothing is requested while the provider asked to wait for up to 15 minutes (R23). A longer wait is cut
        short by hand. What a person or a program waits for (`asked`, `by_hand`) goes before what is only due.
        """
        state = account.state
        if not isinstance(state, Active) or account.id in self._paused:
            return
        if _is_elsewhere(account):
            await self.elsewhere.renew(account)
            return
        token = renewed_of(state)
        if (token is None or not token.renewable) and not isinstance(state.renewal, Unsaved):
            return
        if isinstance(state.renewal, Retrying) and _must_wait(state.renewal, self._clock.elapsed(), by_hand=by_hand):
            return
        if by_hand and isinstance(state.renewal, Unsaved):
            # An attempt under way reads the keyring without a prompt, and began before the person repaired something.
            await self.attempts.join(account.id)
        if asked or by_hand:
            self._rotation.hurry(account)
        await asyncio.wait({self._start(account, by_hand=by_hand)})

    def old_token_ends(self, account: Account) -> bool:
        """Whether a renewal ends the access token in use at once."""
        return self._sites.of(account).server.dialect.old_access_dies

    def _start(self, account: Account, *, by_hand: bool = False) -> asyncio.Task[None]:
        return self.attempts.start(account.id, partial(self._attempt, account, by_hand))

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
            due, token = not unsaved or await self._still_unsaved(account, current, by_hand), renewed_of(current)
            if due and token is not None:
                new = await self._rotation.next(account, token, unsaved=unsaved)
                await self._store(account, current, with_renewed(current.credential, new))
        except Failure as why:
            tries = self._schedule.failures(account.id)
            self._failed(account, current, with_last_seen(why, before.renewal, tries, self._clock))
            await self._forget_grant(account)
        except asyncio.CancelledError:
            account.become(replace(current, renewal=before.renewal if unsaved else Idle()), expected=current)
            raise
        except Exception as problem:  # noqa: BLE001 - whatever it is, this account must go on being renewed
            _log.exception("a renewal broke: %s", type(problem).__name__)
            self._failed(account, current, Unexpected())

    async def _still_unsaved(self, account: Account, current: Active, by_hand: bool) -> bool:
        """Try to store an unsaved token. Returns whether it must be renewed although storing it failed."""
        try:
            await self._records.save_credential(account.id, current.credential, prompt=by_hand, renewal=True)
        except VaultFailure as why:
            token = renewed_of(current)
            due = self._schedule.renewal_due(account, token) if token is not None else None
            if due is not None and due <= self._clock.elapsed():
                return True
            self._schedule.failed(account)
            account.become(Active(current.credential, Unsaved(why)), expected=current)
            return False
        self._stored(account, current, current.credential, "token_stored")
        return False

    async def _store(self, account: Account, current: Active, new: Credential) -> None:
        if account.state is not current:
            return
        try:
            await self._records.save_credential(account.id, new, renewal=True)
        except VaultFailure as why:
            self._schedule.failed(account)
            if account.become(Active(new, Unsaved(why)), expected=current):
                account.note("token_not_stored", why=why)
        except asyncio.CancelledError:
            # The old token is used up by now, so the new one is kept in any case (S74).
            account.become(Active(new, Unsaved(Stuck())), expected=current)
            raise
        else:
            self._stored(account, current, new, "token_renewed")

    def _stored(self, account: Account, current: Active, credential: Credential, code: str) -> None:
        self._schedule.succeeded(account)
        if account.become_silently(Active(credential), code, expected=current):
            _soon(account.changed.emit)

    def _failed(self, account: Account, current: Active, why: Failure) -> None:
        token, refused = renewed_of(current), outcome(why) is RenewalOutcome.KEEP
        at = self._schedule.failed(account, why.retry_after, refused=refused)
        until = self._schedule.refused_until(account, token) if token is not None and refused else None
        key, end = key_of(current), _end(why, again=self._sites.of(account).server.renews_again)
        if until is not None and self._clock.elapsed() >= until:
            end = end or LoggedOut(Reason.REFRESH_REJECTED, why)
        if end is not None and key is not None:
            # The key goes on working without the token that made it.
            if account.become(Active(replace(key, grant=None)), expected=current):
                account.note("key_grant_over", why=why)
            return
        if end is not None:
            if account.become(end, expected=current):
                account.note("sign_in_ended", why=why)
            return
        if isinstance(current.renewal, Unsaved):
            changed = account.become(replace(current, renewal=Unsaved(current.renewal.why)), expected=current)
        else:
            limits = (token.refresh_expires if token is not None else None, until)
            at = min([at, *(limit for limit in limits if limit is not None)])
            changed = account.become(replace(current, renewal=Retrying(at, why)), expected=current)
        if changed:
            account.note("renewal_failed", why=why)

    async def _forget_grant(self, account: Account) -> None:
        """Take a token that made a key and has ended out of the record. What fails is tried with the next token."""
        state, key = account.state, key_of(account.state)
        if isinstance(state, Active) and key is not None and key.grant is None:
            with suppress(VaultFailure):
                await self._records.save_credential(account.id, key, renewal=True)

    async def stop(self, account: Account, *, grace: float = CLOSING_SECONDS) -> None:
        """Give the attempt of an account `grace` seconds to end, then cancel it."""
        self._end_queued({account.id})
        await end_within(grace, self.attempts.tasks({account.id}))

    def _end_queued(self, ids: set[str]) -> None:
        """Cancel the attempts that have sent nothing yet. Waiting for them has no use."""
        for id in ids & self._rotation.queued:
            self.attempts.cancel(id)

    @asynccontextmanager
    async def paused(self, account: Account, *, grace: float) -> AsyncIterator[None]:
        """Run no attempt of an account while the context is open, so that none stores a token meanwhile."""
        self._paused.add(account.id)
        try:
            await self.stop(account, grace=grace)
            yield
        finally:
            self._paused.discard(account.id)
            self.wake(account.id)

    def forget(self, id: str) -> None:
        """Forget the failures and the note of an account, after the person signed in again or signed out."""
        self._schedule.forget(id)
        self._rotation.clear_note(id)

    async def close(self) -> None:
        """Give attempts 3 s to end. Those that are cancelled leave their notes for the next start (S73)."""
        self._end_queued(set(self.attempts))
        await end_within(CLOSING_SECONDS, self.attempts.tasks())


def _is_elsewhere(account: Account) -> bool:
    """Whether another host renews the account. A token that this one could not store is still its to store."""
    unsaved = isinstance(account.state, Active) and isinstance(account.state.renewal, Unsaved)
    return account.renewed_elsewhere and not unsaved


def _must_wait(retrying: Retrying, now: float, *, by_hand: bool) -> bool:
    left, asked = retrying.at - now, retrying.why.retry_after
    if not by_hand or left <= 0:
        return left > 0
    return asked is not None and asked <= LONGEST_WAIT


def _soon(announce: Callable[[], object]) -> None:
    """Call it three turns of the loop later.

    Who waits for the attempt goes on after two. A window takes milliseconds to show a change, and the token must not
    wait for that.
    """
    loop = asyncio.get_running_loop()
    loop.call_soon(loop.call_soon, loop.call_soon, announce)


def _end(why: Failure, *, again: bool) -> State | None:
    """The state of an account whose sign-in this failure ends, else None. `again` marks client credentials."""
    if isinstance(why, ServiceEnded):
        return Closed(why)
    if isinstance(why, SignInLapsed):
        return LoggedOut(Reason.REFRESH_EXPIRED, why)
    if isinstance(why, Interrupted):
        return LoggedOut(Reason.INTERRUPTED_REFRESH, why)
    rejected = outcome(why) is RenewalOutcome.ENDED or (again and isinstance(why, ClientRejected))
    return LoggedOut(Reason.REFRESH_REJECTED, why) if rejected else None
