"""Runs what several hosts share: the watch, the lease, the claims, and the verbs of a person."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, LoggedOut, Reason, renewed_of
from keyrack.core.accounts.store import AccountStore
from keyrack.core.scheduling.background_tasks import BackgroundTasks
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import Condition, Put, SharedStore
from keyrack.core.sharing.followers import Followers
from keyrack.core.sharing.group_entries import HOSTS, LEADERS, GroupEntries
from keyrack.core.sharing.group_notes import GroupNotes
from keyrack.core.sharing.group_records import GroupRecords
from keyrack.core.sharing.host_lease import HostLease
from keyrack.core.sharing.sharing_failures import NotTheRenewer
from keyrack.core.sharing.wishes import Wishes
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.vault.record_store import RecordStore
from keyrack.primitives.failure import Failure

# Of the 128 operations that etcd takes in one transaction, a claim and its reading back are two.
CLAIMS_AT_ONCE = 60
_PAUSES = (0.2, 0.5, 1.0, 2.0)
_log = logging.getLogger(__name__)


class Sharing:
    """The shared accounts of this host. Everything is in `run` until it is cancelled."""

    def __init__(
        self,
        store: SharedStore,
        seal: Seal,
        host: tuple[str, str],
        entries: GroupEntries,
        lease: HostLease,
        group_records: GroupRecords,
        notes: GroupNotes,
        followers: Followers,
        wishes: Wishes,
        accounts: Accounts,
        account_store: AccountStore,
        records: RecordStore,
        refresher: Refresher,
        group: str,
    ) -> None:
        self.group = group
        self.host, self.host_name = host
        self.entries = entries
        self.lease = lease
        self._store = store
        self._seal = seal
        self._group_records = group_records
        self._notes = notes
        self._followers = followers
        self._wishes = wishes
        self._accounts = accounts
        self._account_store = account_store
        self._records = records
        self._refresher = refresher
        self._tasks = BackgroundTasks()
        self._due: set[str] = set()
        self._work = asyncio.Event()
        self.read = asyncio.Event()

    async def run(self) -> None:
        """Follow the store and keep the lease until cancelled."""
        key = self.entries.key(HOSTS, self.host)
        self.entries.changed.connect(self._changed)
        self.lease.changed.connect(self._work.set)
        sealed = self._seal.close(key, self.entries.revision, self.host_name.encode())
        await asyncio.gather(self._watch(), self.lease.run((key, sealed)), self._follow(), self._look_often())

    async def _watch(self) -> None:
        failures = 0
        while True:
            try:
                snapshot = await self._store.read(self.entries.prefix)
                self.entries.replace(snapshot)
                self.read.set()
                self._is_away(None)
                async for changes in self._store.watch(self.entries.prefix, snapshot.revision):
                    self.entries.apply(changes)
                    failures = 0
            except Failure as why:
                self._is_away(why)
            await asyncio.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
            failures += 1

    def _is_away(self, why: Failure | None) -> None:
        if (why is None) != (self._followers.away is None):
            self._followers.away = why
            self._work.set()

    def _changed(self, ids: frozenset[str]) -> None:
        self._due.update(ids)
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
            await self._claim()
            self._followers.show_all()
            self._wishes.look(self._accounts.kept.get)

    async def _claim(self) -> None:
        """Become the one that renews, wherever nobody is."""
        lease = self.lease.current
        if lease is None or self._followers.away is not None:
            return
        free = []
        for id, held in self.entries.accounts.items():
            leader = self.entries.leaders.get(id)
            mine = leader is not None and leader.host == self.host and leader.lease != lease
            if (leader is None or mine) and not held.entry.removed and id not in self.entries.refused:
                free.append((id, leader.modified if leader is not None else 0))
        for start in range(0, len(free), CLAIMS_AT_ONCE):
            await self._claim_together(free[start : start + CLAIMS_AT_ONCE], lease)

    async def _claim_together(self, free: Sequence[tuple[str, int]], lease: int) -> None:
        conditions = [Condition(self.entries.key(LEADERS, id), modified=seen) for id, seen in free]
        writes = [Put(self.entries.key(LEADERS, id), self.host.encode(), lease) for id, _ in free]
        try:
            result = await self._store.commit(conditions, writes)
        except Failure as why:
            _log.info("accounts without a renewer could not be claimed: %s", why.in_english())
            return
        self.entries.wrote(result.entries)

    async def share(self, account: Account) -> None:
        """Share an account of this host. Raises Failure, and then it is this host's own as before."""
        if account.settings.group:
            return
        own = account.settings
        async with self._refresher.paused(account, grace=1.0):
            record = await self._records.load(account.id, prompt=True)
            self._account_store.change(account, replace(own, group=self.group))
            try:
                new = self._group_records.new(account.id, record, renewed_of(account.state))
                await self._group_records.commit(account.id, new, take=True)
            except BaseException:
                self._account_store.change(account, own)
                raise
        self._changed(frozenset({account.id}))

    async def take(self, account: Account) -> None:
        """Renew the account here from now on. Raises Failure where the store or another host is faster."""
        held = self.entries.accounts.get(account.id)
        if held is None or held.entry.intent is not None:
            raise NotTheRenewer
        await self._group_records.commit(account.id, held.entry, take=True)
        self._changed(frozenset({account.id}))

    def note_ends(self, account: Account | None) -> None:
        """Tell the other hosts that a sign-in ended here by a refusal."""
        if account is None or not account.settings.group or not self._group_records.leads(account.id):
            return
        state, held = account.state, self.entries.accounts.get(account.id)
        ended = state.reason if isinstance(state, LoggedOut) and state.why is not None else None
        if ended is None or held is None or held.entry.ended == ended or not held.entry.record.signed_in:
            return
        if ended in (Reason.REFRESH_REJECTED, Reason.REFRESH_EXPIRED, Reason.INTERRUPTED_REFRESH):
            self._tasks.start(self._group_records.commit(account.id, replace(held.entry, intent=None, ended=ended)))

    async def close(self) -> None:
        """End the lease, so that another host goes on at once."""
        await self._wishes.close()
        await self._notes.close()
        await self._tasks.close()
        await self.lease.close()
        await self._store.close()
