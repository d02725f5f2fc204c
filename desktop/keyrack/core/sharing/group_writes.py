"""Writes entries of accounts in transactions that compare what this host last saw.

Two things are compared: the revision of the record, and that of the entry which says who renews the account. So a host
that slept through its lease writes nothing, and of two that write at the same time one is told so.
"""

from dataclasses import replace

from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import Condition, Put, Removal, SharedStore
from keyrack.core.shared_store.store_failures import LeaseGone, StoreAway, StoreFull, StoreRefused
from keyrack.core.sharing.group_entries import ACCOUNTS, GroupEntries
from keyrack.core.sharing.joined_commits import JoinedCommits
from keyrack.core.sharing.shared_record import SharedRecord
from keyrack.core.sharing.sharing_failures import NotTheRenewer, SharedOutrun
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure


class GroupWrites:
    """The transactions of this host, and what is known of those whose answer was lost."""

    def __init__(
        self, store: SharedStore, seal: Seal, entries: GroupEntries, lease: HostLease, clock: Clock, host: str
    ) -> None:
        self.host = host
        self.commits = JoinedCommits(store, clock)
        self._store = store
        self._seal = seal
        self._entries = entries
        self._lease = lease
        self._clock = clock
        self._unsure: set[str] = set()

    def leads(self, id: str) -> bool:
        """Whether this host renews the account: the entry that says so hangs on its lease, and that lives."""
        return self._entries.election.mine(id) is not None

    async def store(self, id: str, new: SharedRecord) -> None:
        """Write a record as `commit` does with `take`, and read what became of it where the answer was lost.

        Raises Failure. Nothing was written then, unless the account is `unsure`.
        """
        try:
            await self.commit(id, new, take=True)
        except Failure:
            if id in self._unsure:
                await self.look(id)
            if not self._wrote(id, new):
                raise

    def unsure(self, id: str) -> bool:
        """Whether a transaction had no answer, and the store was not read since."""
        return id in self._unsure

    def _wrote(self, id: str, new: SharedRecord) -> bool:
        held = self._entries.accounts.get(id)
        there = held.entry if held is not None else None
        return there is not None and replace(there, host=new.host, since=new.since) == new

    async def commit(self, id: str, new: SharedRecord, *, take: bool = False, may_wait: bool = False) -> None:
        """Write a record in place of the one that this host last saw.

        `take` says that this host becomes the one that renews it. `may_wait` lets it wait for others, a second at most
        and only on a busy host. Raises NotTheRenewer without a request, SharedOutrun where another host was faster, or
        the failure of the store, after which it may have happened.
        """
        lease, held = self._lease.current, self._entries.accounts.get(id)
        leader, leads = self._entries.election.leader(id), self.leads(id)
        if lease is None or not (take or leads) or id in self._entries.refused:
            raise NotTheRenewer
        key, leader_key = self._entries.key(ACCOUNTS, id), self._entries.election.key(id)
        modified = held.modified if held is not None else 0
        conditions = (
            Condition(key, modified=modified),
            Condition(leader_key, modified=leader.began if leader is not None else 0),
        )
        if not leads:
            new = replace(new, host=self.host, since=self._clock.wall())
        writes: list[Put | Removal] = [
            Put(key, self._seal.close(key, modified or self._entries.revision, new.encode()))
        ]
        if not leads:
            writes.append(Put(leader_key, self.host.encode(), lease))
        try:
            result = await self.commits.commit(conditions, writes, may_wait=may_wait)
        except (StoreAway, StoreRefused, StoreFull, LeaseGone):
            raise  # it did not happen
        except BaseException:
            self._unsure.add(id)
            raise
        self._entries.wrote(result.entries)
        if not result.happened:
            raise SharedOutrun

    async def look(self, id: str) -> None:
        """Read what the store has of an account, after a transaction without an answer. Raises Failure."""
        key = self._entries.key(ACCOUNTS, id)
        leader_key = self._entries.election.key(id)
        found = [*(await self._store.read(key)).entries, *(await self._store.read(leader_key)).entries]
        self._entries.wrote(entry for entry in found if entry.key in (key, leader_key))
        self._unsure.discard(id)
