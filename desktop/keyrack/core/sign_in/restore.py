"""Restores each account's state from its record in the vault: at the start, and again while the keyring is away."""

import asyncio
from contextlib import suppress
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, Authorizing, Closed, LoggedOut, Opening, Reason, State, Unreadable
from keyrack.core.api_keys.key_failures import SecretUnderWay
from keyrack.core.api_keys.key_records import KeyRecords
from keyrack.core.scheduling.clock_steps import ClockSteps
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.hand_over_notes import HandOverNotes
from keyrack.core.tokens.lapse import lapse_in
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.record_token import moved
from keyrack.core.vault.shared_records import SharedNotRead
from keyrack.core.vault.vault_errors import Corrupt, Missing, NewerSchema, VaultFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import plain

RETRY_SECONDS = 60.0


class Restorer:
    """Turns the record of each account into its first state.

    One read at a time goes to the keyring. A caller that waited while the read failed gets the same failure and reads
    nothing, so that a locked keyring prompts once and a hanging one costs one deadline (R7, R8).
    """

    def __init__(
        self,
        accounts: Accounts,
        sites: Sites,
        records: RecordStore,
        clock: Clock,
        keys: KeyRecords,
        hand_overs: HandOverNotes,
    ) -> None:
        self._accounts = accounts
        self._sites = sites
        self._records = records
        self._clock = clock
        self._keys = keys
        self.hand_overs = hand_overs
        self._steps = ClockSteps(clock)
        self._one_at_a_time = asyncio.Lock()
        self._failure_counts = {True: 0, False: 0}
        self._last_failure: VaultFailure | None = None
        self._awaits_shared = True

    async def run(self) -> None:
        """Read an unreadable keyring again every minute, without a prompt, until cancelled."""
        while True:
            await asyncio.sleep(RETRY_SECONDS)
            await self.look_at_clock()
            await self.restore_all()

    async def look_at_clock(self) -> None:
        """After the wall clock was set, judge anew what was judged by the wrong one.

        A sign-in that seemed to have lapsed is tried where it may hold. What was noted by a clock that was behind is
        noted anew, so that the next start does not believe it to be that old (S80).
        """
        step = self._steps.taken()
        for account in tuple(self._accounts.kept.values()) if step else ():
            if step > 0:
                with suppress(VaultFailure):
                    await self._records.update(account.id, partial(moved, step=step, clock=self._clock))
            state = account.state
            if isinstance(state, LoggedOut) and state.reason is Reason.REFRESH_EXPIRED:
                self._judge_again(account, state)

    def _judge_again(self, account: Account, state: LoggedOut) -> None:
        record = self._records.cached(account.id)
        if record is None or not record.signed_in:
            return
        token = self._records.token(account.id, renews_again=self._sites.of(account).server.renews_again)
        window = token.refresh_expires
        if (window is None or window > self._clock.elapsed()) and account.become(Active(token), expected=state):
            account.note("sign_in_judged_again")

    async def restore_all(self, *, prompt: bool = False) -> None:
        """Read every account that has not been read yet, with one request for all that the keyring hands out."""
        known = self._failures_known(prompt)
        async with self._one_at_a_time:
            await self._read_together(prompt)
        await asyncio.gather(*(self._restore(account, known, prompt) for account in self._accounts))

    async def shared_are_away(self) -> None:
        """Say of shared accounts that their store was not read. Until this they are still being opened."""
        if self._awaits_shared:
            self._awaits_shared = False
            await self.restore_all()

    async def restore(self, account: Account, *, prompt: bool = False) -> None:
        """Read one account, if it has not been read yet."""
        await self._restore(account, self._failures_known(prompt), prompt)

    async def judge(self, account: Account) -> bool:
        """Give an account anew the state that its record in memory says. Returns False where a sign-in is under way."""
        while not isinstance(before := account.state, Authorizing):
            if account.become(await self._state_in_vault(account, prompt=False), expected=before):
                return True
        return False

    async def _restore(self, account: Account, known: int, prompt: bool) -> None:
        """`known` is the number of failures that were known when the caller began to wait."""
        if _unread(account) is None:
            return
        async with self._one_at_a_time:
            before = _unread(account)
            if before is None:
                return
            last = self._last_failure if self._failures_known(prompt) > known else None
            new = await self._state_in_vault(account, prompt=prompt) if last is None else Unreadable(last)
            if not (self._awaits_shared and isinstance(new, Unreadable) and isinstance(new.why, SharedNotRead)):
                account.become(new, expected=before)

    def _failures_known(self, prompt: bool) -> int:
        """The failures that also hold for a read of this kind. A prompt may work where a read without one failed."""
        return self._failure_counts[True] if prompt else self._failure_counts[True] + self._failure_counts[False]

    async def _read_together(self, prompt: bool) -> None:
        unread = [account.id for account in self._accounts if _unread(account) is not None]
        if len(unread) < 2:
            return
        try:
            await self._records.load_together(unread, prompt=prompt)
        except VaultFailure as why:
            self._failed(why, prompt)

    def _failed(self, why: VaultFailure, prompt: bool) -> None:
        if isinstance(why, SharedNotRead):
            return  # it says nothing about the keyring
        self._failure_counts[prompt] += 1
        self._last_failure = why

    async def _finished(self, account: Account, record: Record) -> Record:
        """The record after the hand-over of an earlier run, if it was killed in the middle of one (S69).

        Nothing is renewed before this. Raises VaultFailure where the keyring does not take the end.
        """
        if not self.hand_overs.any_unfinished:
            return record
        unfinished = await asyncio.to_thread(self.hand_overs.concerning, account.id)
        if unfinished is None or unfinished.fate is None:
            return record
        file, noted = plain(unfinished.file.name, 100), unfinished.note.generations[account.id]
        if record.signed_in and record.generation == noted:
            if unfinished.fate == "handed_over":
                await self._records.delete_tokens(account.id, Reason.HANDED_OVER)
            account.note(unfinished.fate, file=file)
        elif record.ended == Reason.HANDED_OVER and record.generation == noted + 1:
            account.note("handed_over", file=file)
        await asyncio.to_thread(self.hand_overs.settle, account.id, frozenset(self._accounts.kept))
        return await self._records.load(account.id)

    async def _state_in_vault(self, account: Account, *, prompt: bool) -> State:
        site = self._sites.of(account)
        if site.region.closed:
            return Closed()
        try:
            record = await self._finished(account, await self._records.load(account.id, prompt=prompt))
        except Missing:
            return LoggedOut(Reason.ITEM_MISSING)
        except Corrupt:
            return LoggedOut(Reason.ITEM_CORRUPT)
        except NewerSchema as why:
            return LoggedOut(Reason.ITEM_NEWER, why)
        except VaultFailure as why:
            self._failed(why, prompt)
            return Unreadable(why)
        if record.fetching:
            return LoggedOut(Reason.INTERRUPTED_REFRESH, SecretUnderWay(provider=site.provider.company_name))
        if not record.signed_in:
            return LoggedOut(_ended(record))
        if site.keys is not None:
            key = self._keys.key(account.id, site.keys.idle_seconds)
            return Active(key) if key is not None else LoggedOut(Reason.ITEM_CORRUPT)
        token = self._records.token(account.id, renews_again=site.server.renews_again)
        window = token.refresh_expires
        if token.access is None and window is not None and window <= self._clock.elapsed():
            return LoggedOut(Reason.REFRESH_EXPIRED, lapse_in(account.activity))
        return Active(token)


def _unread(account: Account) -> Opening | Unreadable | None:
    return account.state if isinstance(account.state, Opening | Unreadable) else None


def _ended(record: Record) -> Reason:
    """Why nobody is signed in. A word that a newer Keyrack wrote counts as the plain end."""
    if record.generation == 0:
        return Reason.NEW
    known = record.ended in (Reason.HANDED_OVER, Reason.SANDBOX_RESTARTED)
    return Reason(record.ended) if known else Reason.SIGNED_OUT
