"""Runs what several hosts share: the watch, the lease, the claims, and the verbs of a person."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing, renewed_of
from keyrack.core.shared_store.election import Election
from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import SharedStore, StoreSnapshot
from keyrack.core.sharing.figures import Figures
from keyrack.core.sharing.followers import Followers
from keyrack.core.sharing.group_entries import HOSTS, LEADERS, GroupEntries
from keyrack.core.sharing.group_notes import GroupNotes
from keyrack.core.sharing.group_records import GroupRecords
from keyrack.core.sharing.own_parts import OwnParts
from keyrack.core.sharing.sharing_failures import CannotShare
from keyrack.core.sharing.wishes import Wishes
from keyrack.core.tokens.elsewhere import Nowhere
from keyrack.core.vault.shared_records import AwaitedRecords
from keyrack.primitives.failure import Failure

_PAUSES = (0.2, 0.5, 1.0, 2.0)
# How long each of the two steps of the end may take, in seconds.
_ENDING = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class GroupPlace:
    """Where the group is and who this host is in it. `group` and `host` are random ids, `prefix` begins every key."""

    store: SharedStore
    seal: Seal
    prefix: str
    group: str
    host: str
    host_name: str


class Sharing:
    """The shared accounts of this host. Everything is in `run` until it is cancelled."""

    def __init__(self, parts: OwnParts, place: GroupPlace) -> None:
        clock, accounts = parts.clock, parts.accounts
        store, seal = place.store, place.seal
        self.place = place
        self.lease = HostLease(store, clock)
        election = Election(store, self.lease, prefix=f"{place.prefix}{LEADERS}/", host=place.host)
        self.entries = GroupEntries(place.prefix, seal, election, clock)
        self._records = GroupRecords(store, seal, self.entries, self.lease, accounts, clock, place.host)
        self._own_notes = parts.rotation.notes
        self._notes = GroupNotes(self._own_notes, self._records, self.entries, accounts, clock)
        self._wishes = Wishes(store, seal, self.entries, self._records, parts.refresher, clock)
        self._followers = Followers(place.group, self.entries, self._records, parts)
        self.figures = Figures(store, seal, self.entries, parts, place.host)
        self._parts = parts
        self._disconnect: list[Callable[[], None]] = []
        self._due: set[str] = set()
        self._work = asyncio.Event()
        self.read = asyncio.Event()

    def connect(self) -> None:
        """Have the renewals of this host ask the group from now on."""
        self._disconnect = [
            self._parts.accounts.touched.connect(self._touched),
            self.entries.changed.connect(self._changed),
            self.lease.changed.connect(self._work.set),
        ]
        self._records.adopt = self._followers.adopt
        self._parts.records.shared, self._parts.rotation.notes = self._records, self._notes
        self._parts.refresher.elsewhere = self._wishes

    def disconnect(self) -> None:
        """Have the renewals of this host as they were before."""
        for stop in self._disconnect:
            stop()
        self._parts.records.shared, self._parts.rotation.notes = AwaitedRecords(self._parts.accounts), self._own_notes
        self._parts.refresher.elsewhere = Nowhere()

    async def run(self) -> None:
        """Follow the store and keep the lease until cancelled. Raises what no loop expects, and then all have ended."""
        self.read.clear()
        async with asyncio.TaskGroup() as tasks:
            for loop in (self._watch, self._keep_lease, self._follow, self._look_often, self.figures.run):
                tasks.create_task(loop())

    async def _keep_lease(self) -> None:
        """Keep the lease once the store was read: before that nobody knows which revision this host's entry follows."""
        await self.read.wait()
        key = self.entries.key(HOSTS, self.place.host)
        await self.lease.run((key, self.place.seal.close(key, self.entries.revision, self.place.host_name.encode())))

    async def _watch(self) -> None:
        failures = 0
        while True:
            try:
                snapshot = await self._read_all()
                self.entries.replace(snapshot)
                self.read.set()
                self._is_away(None)
                async for changes in self.place.store.watch(self.entries.prefix, snapshot.revision):
                    self.entries.apply(changes)
                    failures = 0
            except Failure as why:
                self._is_away(why)
                if not self.read.is_set():
                    await self._parts.restorer.shared_are_away()
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    async def _read_all(self) -> StoreSnapshot:
        """All that is there. At first without a lease of this host before its restart: what that sent is told by then.

        A transaction whose lease has ended cannot happen any more.
        """
        snapshot = await self.place.store.read(self.entries.prefix)
        key, own = self.entries.key(HOSTS, self.place.host), (0, self.lease.current)
        former = [entry.lease for entry in snapshot.entries if entry.key == key and entry.lease not in own]
        if self.read.is_set() or not former:
            return snapshot
        for lease in former:
            await self.place.store.revoke(lease)
        return await self.place.store.read(self.entries.prefix)

    def _is_away(self, why: Failure | None) -> None:
        if (why is None) != (self._followers.away is None):
            self._followers.away = why
            self._work.set()

    def _changed(self, ids: frozenset[str]) -> None:
        self._due.update(ids)
        self._work.set()

    def _touched(self, account: Account | None) -> None:
        """A sign-in that ended without a token left the state from before it, and a refused renewal is to be told."""
        if account is None or not account.settings.group or isinstance(account.state, Authorizing):
            return
        if self._followers.is_late(account):
            self._changed(frozenset({account.id}))
        elif self._records.end_untold(account.id):
            self._work.set()

    async def _look_often(self) -> None:
        """A lease ends without a word from anyone."""
        while True:
            await asyncio.sleep(1.0)
            self._work.set()

    async def _follow(self) -> None:
        while True:
            await self._work.wait()
            self._work.clear()
            ids, self._due = self._due, set()
            await self._followers.follow(ids)
            self.figures.show(ids)
            await self._followers.decide()
            if self.read.is_set():
                await self._followers.take_marks_back()
            await self._records.tell_ends()
            await self._claim()
            self._followers.show_all()
            self._wishes.look(self._parts.accounts.kept.get)

    async def _claim(self) -> None:
        """Become the one that renews, wherever nobody is."""
        if self.lease.current is None or self._followers.away is not None:
            return
        shared = [id for id, held in self.entries.accounts.items() if not held.entry.removed]
        try:
            await self._end_former_life(shared)
            free = self.entries.election.free(id for id in shared if id not in self.entries.refused)
            if free:
                await self.entries.election.claim(free)
        except Failure as why:
            _log.info("accounts that nobody renews could not be claimed: %s", why.in_english())

    async def _end_former_life(self, shared: Iterable[str]) -> None:
        """End the leases of this host before its restart, so that nobody waits for them."""
        leaders = [leader for id in shared if (leader := self.entries.election.leader(id)) is not None]
        for lease in {leader.lease for leader in leaders if leader.host == self.place.host} - {self.lease.current, 0}:
            await self.place.store.revoke(lease)

    async def share(self, account: Account) -> None:
        """Share an account of this host. Raises Failure, and then it is this host's own as before."""
        if account.settings.group:
            return
        own = account.settings
        if self._parts.sites.of(account).keys is not None:
            raise CannotShare("shared_key_account", account=own.name)
        async with self._parts.refresher.paused(account, grace=1.0):
            record = await self._parts.records.load(account.id, prompt=True)
            self._followers.begun.add(account.id)
            try:
                self._parts.account_store.change(account, replace(own, group=self.place.group))
                new = self._records.new(account.id, record, renewed_of(account.state))
                await self._records.store(account.id, new)
            except BaseException:
                if not self._records.unsure(account.id):
                    self._followers.begun.discard(account.id)
                    self._parts.account_store.change(account, own)
                raise
        self._followers.begun.discard(account.id)
        self._followers.show_renewer(account)
        self._changed(frozenset({account.id}))

    def renewed_elsewhere(self) -> list[Account]:
        """The accounts of the group that this host does not renew, and could."""
        could = self.entries.accounts.keys() - self.entries.refused.keys()
        kept = [each for each in self._parts.accounts.kept.values() if each.settings.group and each.id in could]
        return [each for each in kept if not self._records.leads(each.id)]

    async def take(self, account: Account) -> None:
        """Renew the account here from now on. Raises Failure where the store or another host is faster."""
        held = self.entries.settled(account.id)
        await self._records.commit(account.id, held.entry, take=True)
        self._followers.show_renewer(account)
        self._changed(frozenset({account.id}))

    async def unshare(self, account: Account) -> None:
        """Make the account this host's own. It leaves all others. Raises Failure, and then it is shared as before."""
        async with self._parts.refresher.paused(account, grace=1.0):
            await self._followers.adopt(account.id)
            held = self.entries.settled(account.id)
            record = self._records.by_own_clock(held.entry)
            await self._parts.records.vault.save(account.id, record, prompt=True)
            await self._records.remove(account.id, kept=held.entry)
            await self._followers.make_own(account)

    async def close(self) -> None:
        """End the lease, so that another host goes on at once. Neither what is under way nor the store can keep it."""
        parts = (self._wishes, self._notes, self._records.commits)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                await asyncio.gather(*(part.close() for part in parts), return_exceptions=True)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ENDING):
                await self.lease.close()
