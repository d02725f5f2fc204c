"""The records of shared accounts: loaded from what the group has, and written for all hosts."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import replace

import msgspec

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.masking import mask
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import SharedStore
from keyrack.core.sharing.group_entries import GroupEntries, Held
from keyrack.core.sharing.group_writes import GroupWrites
from keyrack.core.sharing.shared_record import Intent, SharedRecord, SharedSettings
from keyrack.core.sharing.sharing_failures import SharedChangeNotStored, SharedNotStored, SharedOutrun
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_token import moved, past_moment
from keyrack.core.vault.shared_records import SharedNotRead
from keyrack.core.vault.vault_errors import Missing, VaultFailure
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

_log = logging.getLogger(__name__)
# The ends of a sign-in that are told to the other hosts: a refresh token that is of no more use.
REFUSED = (Reason.REFRESH_REJECTED, Reason.REFRESH_EXPIRED, Reason.INTERRUPTED_REFRESH)


class GroupRecords(GroupWrites):
    """The records of the group, as `RecordStore` and the notes of renewals write them.

    `adopt` is told of an account whose record another host wrote, and returns when the account here has it.
    """

    def __init__(
        self,
        store: SharedStore,
        seal: Seal,
        entries: GroupEntries,
        lease: HostLease,
        accounts: Accounts,
        clock: Clock,
        host: str,
    ) -> None:
        super().__init__(store, seal, entries, lease, clock, host)
        self.adopt: Callable[[str], Awaitable[None]] = _nobody
        self._accounts = accounts
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def holds(self, id: str) -> bool:
        """Whether the account is shared."""
        account = self._accounts.kept.get(id)
        return account is not None and bool(account.settings.group)

    async def load(self, id: str) -> Record:
        """The record as the group has it, by this host's clock.

        Raises SharedNotRead, Missing, or VaultFailure for a record that is not believed.
        """
        held = self._entries.accounts.get(id)
        if held is not None:
            return self.by_own_clock(held.entry)
        why = self._entries.refused.get(id)
        if isinstance(why, VaultFailure):
            raise why
        if self._entries.revision:
            raise Missing
        raise SharedNotRead

    def by_own_clock(self, entry: SharedRecord) -> Record:
        """The record with wall times of this host's clock."""
        offset = self._offset(entry)
        return moved(entry.record, offset, self._clock) if offset else entry.record

    def with_access(self, id: str, token: Token) -> Token:
        """The token with the access token that the group has of the same renewal."""
        held = self._entries.accounts.get(id)
        if held is None or held.entry.access is None or held.entry.record.refresh != token.refresh:
            return token
        entry = held.entry
        wall = entry.access_issued
        issued = token.issued if wall is None else past_moment(wall + self._offset(entry), self._clock)
        return replace(token, access=entry.access, issued=issued, lifetime=entry.access_lifetime)

    def _offset(self, entry: SharedRecord) -> float:
        return 0.0 if entry.writer == self.host else self._entries.offset(entry.writer)

    async def put(self, id: str, record: Record, token: Token | None, settings: Settings | None = None) -> None:
        """Store a record and read it back. A host that does not renew the account takes that over with it.

        Where the store does not answer, a renewal that used nothing up goes on without it. Raises SharedNotStored for
        anything else, SharedOutrun where another host was faster, or SharedNotRead.
        """
        async with self._locks[id]:
            held = await self._known(id, token=token is not None)
            new = self._with(held.entry, record, token)
            if settings is not None:
                new = replace(new, settings=_shared_of(settings, self._accounts.kept[id].settings, held.entry.settings))
            if _says_the_same(new, held.entry):
                return
            brings_token = token is not None or record.refresh != held.entry.record.refresh
            if record.generation < held.entry.generation + brings_token:
                await self._follow_outrun(id)
                raise SharedOutrun
            try:
                await self._commit_result(id, new)
            except Failure as why:
                if isinstance(why, VaultFailure):
                    raise
                if token is not None and record.refresh is not None and record.refresh == held.entry.record.refresh:
                    _log.info("a token that used nothing up is not in the shared store yet: %s", why.in_english())
                    return
                raise _not_stored(why, token=token is not None) from None

    async def _commit_result(self, id: str, new: SharedRecord) -> None:
        """Write what a renewal or a person brought. A note of this host that arrived late is no newer record."""
        try:
            await self.store(id, new)
        except SharedOutrun:
            found = self._entries.accounts[id].entry
            if found.generation >= new.generation:
                await self._follow_outrun(id)
                raise
            if found.intent is not None and found.intent.host != self.host:
                raise
            await self.store(id, new)

    async def _follow_outrun(self, id: str) -> None:
        """Have the account here get the record that was faster. One that was removed goes once its record is free."""
        if self._entries.accounts[id].entry.removed:
            self._entries.changed.emit(frozenset({id}))
        else:
            await self.adopt(id)

    async def remove(self, id: str, *, kept: SharedRecord | None = None) -> None:
        """Take the account away from all hosts. `kept` is the record with which it becomes this host's own.

        Raises SharedOutrun where there is a newer one, and then nothing was done.
        """
        async with self._locks[id]:
            held = await self._known(id)
            if kept is not None and held.entry != kept:
                raise SharedOutrun
            if self._entries.forget_lost(id):
                return
            gone = replace(
                held.entry,
                record=Record(generation=held.entry.generation + 1),
                written=self._clock.wall(),
                writer=self.host,
                removed=True,
                kept=kept is not None,
            )
            try:
                await self.store(id, replace(gone, access=None, intent=None))
            except VaultFailure:
                raise
            except Failure as why:
                raise _not_stored(why, token=False) from None

    def end_untold(self, id: str) -> bool:
        """Whether a refusal ended the sign-in on this host, which renews the account, and the group does not know."""
        held = self._entries.accounts.get(id)
        return held is not None and self.leads(id) and self._ended(id, held.entry) != held.entry.ended

    def _ended(self, id: str, entry: SharedRecord) -> str:
        account = self._accounts.kept.get(id)
        state = account.state if account is not None and entry.record.signed_in else None
        told = isinstance(state, LoggedOut) and state.why is not None and state.reason in REFUSED
        return state.reason if told and isinstance(state, LoggedOut) else entry.ended

    async def settle(self, id: str, former: Intent | None = None) -> None:
        """In one write, take this host's note away and tell how the sign-in ended here. Raises Failure.

        `former` is the note of another host that this one replaced, if that host is to be awaited again.
        """
        async with self._locks[id]:
            old = (await self._known(id)).entry
            ended = self._ended(id, old)
            mine = old.intent is not None and old.intent.host == self.host
            intent = (former if ended == old.ended else None) if mine else old.intent
            if (intent, ended) != (old.intent, old.ended):
                await self.commit(id, replace(old, intent=intent, ended=ended))

    async def tell_ends(self) -> None:
        """Tell the other hosts that a sign-in ended here by a refusal. Until it is told, it is tried every second."""
        for id in [id for id in self._entries.accounts if self.end_untold(id)]:
            try:
                await self.settle(id)
            except Failure as why:
                _log.info("the end of a sign-in is not in the shared store yet: %s", why.in_english())

    async def _known(self, id: str, *, token: bool = False) -> Held:
        try:
            if id in self._unsure:
                await self.look(id)
        except VaultFailure:
            raise
        except Failure as why:
            raise _not_stored(why, token=token) from None
        held = self._entries.accounts.get(id)
        if held is None:
            raise SharedNotRead
        return held

    def _with(self, old: SharedRecord, record: Record, token: Token | None) -> SharedRecord:
        settings = msgspec.structs.replace(old.settings, identity=mask(record.identity) or old.settings.identity)
        new = replace(
            old, settings=settings, record=record, written=self._clock.wall(), writer=self.host, intent=None, ended=""
        )
        if token is not None and token.access is not None and token.renewable:
            issued = self._clock.wall_at(token.issued)
            return replace(new, access=token.access, access_issued=issued, access_lifetime=token.lifetime)
        if old.access is None or record.refresh is None or record.refresh != old.record.refresh:
            return replace(new, access=None, access_issued=None, access_lifetime=None)
        issued_there = old.access_issued
        return replace(new, access_issued=None if issued_there is None else issued_there + self._offset(old))

    def new(self, id: str, record: Record, token: Token | None) -> SharedRecord:
        """The first record of an account that was this host's own."""
        settings = SharedSettings.of(self._accounts.kept[id].settings)
        empty = SharedRecord(settings=settings, record=record, written=self._clock.wall(), writer=self.host)
        return self._with(empty, record, token)


def _shared_of(new: Settings, old: Settings, held: SharedSettings) -> SharedSettings:
    """What all hosts get of changed settings. A name that this host alone has, beside its own "X", stays here."""
    shared = SharedSettings.of(new)
    return msgspec.structs.replace(shared, name=held.name) if new.name == old.name else shared


def _says_the_same(new: SharedRecord, old: SharedRecord) -> bool:
    return (new.record, new.access, new.settings, old.intent, old.ended) == (
        old.record,
        old.access,
        old.settings,
        None,
        "",
    )


def _not_stored(why: Failure, *, token: bool) -> VaultFailure:
    kind = SharedNotStored if token else SharedChangeNotStored
    return kind(detail=why.said, why=why.phrases.happened)


async def _nobody(_: str) -> None:
    return None
