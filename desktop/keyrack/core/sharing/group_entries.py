"""This host's picture of what the group stores: opened, checked, and kept by a watch."""

import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from keyrack.core.shared_store.election import Election
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import StoreChange, StoredEntry, StoreSnapshot
from keyrack.core.sharing.shared_record import SharedRecord
from keyrack.core.sharing.sharing_failures import NotTheRenewer, RenewalUnderWay, SharedRecordGone
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.signal import Signal

ACCOUNTS, LEADERS, HOSTS, WISHES, FIGURES = "accounts", "leaders", "hosts", "wishes", "figures"
# Clocks of hosts that differ by less are taken as equal.
EQUAL_SECONDS = 1.0
_SAMPLES = 8

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """A record of the group and the revision that wrote it."""

    entry: SharedRecord
    modified: int


class GroupEntries:
    """Everything under the group's prefix. `changed` announces the ids of accounts of which anything is new.

    `refused` says of each account why its newest record is not believed. The one before it stays in force.
    """

    def __init__(self, prefix: str, seal: Seal, election: Election, clock: Clock) -> None:
        self.prefix = prefix
        self.changed: Signal[[frozenset[str]]] = Signal()
        self.accounts: dict[str, Held] = {}
        self.hosts: dict[str, str] = {}
        self.wishes: dict[str, StoreChange] = {}
        self.figures: dict[str, StoreChange] = {}
        self.refused: dict[str, Failure] = {}
        self.revision = 0
        self.election = election
        self._seal = seal
        self._clock = clock
        self._offsets: dict[str, deque[float]] = {}

    def key(self, kind: str, id: str) -> str:
        """The key of an entry."""
        return f"{self.prefix}{kind}/{id}"

    def has_seen(self, id: str) -> bool:
        """Whether this host has ever read a record of an account."""
        return self._seal.has_seen(self.key(ACCOUNTS, id))

    def settled(self, id: str) -> Held:
        """What the group has of an account that a host may take over. Raises RenewalUnderWay or NotTheRenewer."""
        held = self.accounts.get(id)
        if held is None or held.entry.removed:
            raise NotTheRenewer
        intent = held.entry.intent
        if intent is not None:
            raise RenewalUnderWay(host=self.hosts.get(intent.host, intent.host))
        return held

    def replace(self, snapshot: StoreSnapshot) -> None:
        """Take over everything that stands there now. What is no longer there is forgotten, but no record is."""
        there = {entry.key for entry in snapshot.entries}
        before = {
            *(self.key(WISHES, id) for id in self.wishes),
            *(self.key(HOSTS, id) for id in self.hosts),
        }
        gone = (StoreChange(key, None, 0, snapshot.revision) for key in before - there)
        leaders = self.key(LEADERS, "")
        self.election.saw_all({e.key: e for e in snapshot.entries if e.key.startswith(leaders)}, snapshot.revision)
        self._apply((*gone, *map(change_of, snapshot.entries)), live=False)
        for id in [id for id in self.accounts if self.key(ACCOUNTS, id) not in there]:
            self._lost(id)
        self.revision = max(self.revision, snapshot.revision)
        self.changed.emit(frozenset(self.accounts))

    def apply(self, changes: Iterable[StoreChange]) -> None:
        """Take over what the watch tells."""
        touched = self._apply(tuple(changes), live=True)
        if touched:
            self.changed.emit(frozenset(touched))

    def wrote(self, entries: Iterable[StoredEntry]) -> None:
        """Take over what a transaction of this host read back. Nobody is told, because its caller knows."""
        self._apply(tuple(map(change_of, entries)), live=False)

    def offset(self, writer: str) -> float:
        """By how many seconds this host's wall clock goes before that of another host, as far as it is known.

        A record that arrives tells the other host's time. It is at least as old as the way here took.
        """
        seen = self._offsets.get(writer)
        least = min(seen) if seen else 0.0
        return least if abs(least) > EQUAL_SECONDS else 0.0

    def _apply(self, changes: tuple[StoreChange, ...], *, live: bool) -> set[str]:
        touched: set[str] = set()
        self.election.saw(changes)
        for change in changes:
            kind, _, id = change.key.removeprefix(self.prefix).partition("/")
            if self._take(kind, id, change, live=live):
                touched.add(id)
            self.revision = max(self.revision, change.modified)
        return touched

    def _take(self, kind: str, id: str, change: StoreChange, *, live: bool) -> bool:
        match kind:
            case "accounts":
                return self._take_account(id, change, live=live)
            case "leaders":
                return True
            case "hosts":
                return self._take_host(id, change)
            case "wishes" | "figures":
                return self._take_sealed(self.wishes if kind == WISHES else self.figures, id, change)
        return False

    def _take_account(self, id: str, change: StoreChange, *, live: bool) -> bool:
        held = self.accounts.get(id)
        if held is not None and change.modified <= held.modified:
            return False
        if change.value is None:
            return self._lost(id)
        try:
            entry = SharedRecord.decode(self._seal.open(change.key, change.value).plain)
        except Failure as why:
            self.refused[id] = why
            return True
        self.refused.pop(id, None)
        if live and (held is None or held.entry.written != entry.written):
            self._offsets.setdefault(entry.writer, deque(maxlen=_SAMPLES)).append(self._clock.wall() - entry.written)
        self.accounts[id] = Held(entry, change.modified)
        return True

    def _lost(self, id: str) -> bool:
        """A record was deleted in the store itself. Nothing of this program does that."""
        if id in self.accounts:
            self.refused[id] = SharedRecordGone()
        return id in self.accounts

    def forget_lost(self, id: str) -> bool:
        """Forget an account whose record was deleted in the store. Returns whether it was."""
        lost = isinstance(self.refused.get(id), SharedRecordGone)
        if lost:
            del self.refused[id], self.accounts[id]
        return lost

    def _take_sealed(self, kept: dict[str, StoreChange], id: str, change: StoreChange) -> bool:
        before = kept.get(id)
        if before is not None and change.modified <= before.modified:
            return False
        if change.value is None:
            return kept.pop(id, None) is not None
        kept[id] = change
        return True

    def _take_host(self, id: str, change: StoreChange) -> bool:
        if change.value is None:
            self.hosts.pop(id, None)
            return False
        try:
            self.hosts[id] = self._seal.open(change.key, change.value).plain.decode("utf-8", "replace")
        except Failure as why:
            _log.warning("%s", why.in_english())
        return False


def change_of(entry: StoredEntry) -> StoreChange:
    """An entry that was read, as the change that wrote it."""
    return StoreChange(entry.key, entry.value, entry.created, entry.modified, entry.lease)
