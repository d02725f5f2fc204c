"""Tells the other hosts that a renewal is under way, before its request is sent (S73).

The note is part of the account's record, with the generation that is being made. A host that finds the note of another
one does not know whether that one still lives and only lost the store. So it gives it time: it tries in the last
quarter of the lead, when the token that all hosts serve is about to end.
"""

import asyncio
from dataclasses import replace

from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import renewed_of
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.sharing.group_entries import GroupEntries
from keyrack.core.sharing.group_records import GroupRecords
from keyrack.core.sharing.shared_record import Intent
from keyrack.core.sharing.sharing_failures import AnswerAwaited, NotTheRenewer, SharedOutrun
from keyrack.core.tokens.renewal_notes import RenewalNotes
from keyrack.core.tokens.renewal_rule import lead
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

WAITED_SHARE = 0.25


class GroupNotes:
    """The notes of shared accounts in the shared store, and of all others on this host's disk."""

    def __init__(
        self, own: RenewalNotes, records: GroupRecords, entries: GroupEntries, accounts: Accounts, clock: Clock
    ) -> None:
        self._own = own
        self._records = records
        self._entries = entries
        self._accounts = accounts
        self._clock = clock
        self._tasks = BackgroundTasks()
        self._led_since: dict[str, int | None] = {}

    async def write(self, id: str, generation: int, refresh: Secret | None) -> None:
        """Note that `generation` is being made, where the group has no other refresh token than this one.

        Raises NotTheRenewer, AnswerAwaited, or the failure of the store. In each case nothing may be sent.
        """
        if not self._records.holds(id):
            await self._own.write(id, generation, refresh)
            return
        held = self._entries.accounts.get(id)
        leads_since = self._entries.election.mine(id)
        if held is None or leads_since is None:
            raise NotTheRenewer
        if generation <= held.entry.generation or (refresh is not None and refresh != held.entry.record.refresh):
            await self._records.adopt(id)  # a record came that the account here does not have yet
            raise NotTheRenewer
        self._led_since[id] = leads_since
        self._give_time(id, held.entry.intent)
        mine = Intent(generation, self._records.host, self._clock.wall())
        try:
            await self._records.commit(id, replace(held.entry, intent=mine), may_wait=True)
        except (SharedOutrun, NotTheRenewer):
            await self._records.adopt(id)
            raise NotTheRenewer from None
        except Failure:
            await self._records.look(id)
            if not self._is_noted(id, mine):
                raise
        except asyncio.CancelledError:
            self._tasks.start(self._settle(id, held.entry.intent))
            raise
        self.check(id)  # the store's answer may have come after the lease

    def check(self, id: str) -> None:
        """Raise NotTheRenewer where this host has not led all the time since the note was written.

        Another host may then have used the refresh token, even where this one leads again.
        """
        since = self._entries.election.mine(id)
        if self._records.holds(id) and (since is None or since != self._led_since.get(id)):
            raise NotTheRenewer

    def _is_noted(self, id: str, mine: Intent) -> bool:
        held = self._entries.accounts.get(id)
        return held is not None and held.entry.intent == mine

    def _give_time(self, id: str, found: Intent | None) -> None:
        account = self._accounts.kept.get(id)
        token = renewed_of(account.state) if account is not None else None
        if found is None or found.host == self._records.host or token is None or token.access is None:
            return
        if token.expires is None or token.lifetime is None:
            return
        wait = token.expires - WAITED_SHARE * lead(token.lifetime) - self._clock.elapsed()
        if wait > 0:
            raise AnswerAwaited(host=self._entries.hosts.get(found.host, found.host), retry_after=wait)

    def interrupted(self, id: str, generation: int) -> bool:
        """Whether a note names a generation that is not stored."""
        if not self._records.holds(id):
            return self._own.interrupted(id, generation)
        held = self._entries.accounts.get(id)
        return held is not None and held.entry.intent is not None and held.entry.intent.generation > generation

    def clear(self, id: str) -> None:
        """Remove this host's note, as soon as the store answers."""
        if not self._records.holds(id):
            self._own.clear(id)
            return
        held = self._entries.accounts.get(id)
        if held is not None and held.entry.intent is not None and held.entry.intent.host == self._records.host:
            self._tasks.start(self._settle(id))

    async def _settle(self, id: str, former: Intent | None = None) -> None:
        try:
            await self._records.settle(id, former)
        except Failure:
            return  # the note stays. It makes the next host wait, and costs nothing else.

    async def close(self) -> None:
        """End what is under way."""
        await self._tasks.close()
