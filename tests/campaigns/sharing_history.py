"""Writes down every version of the shared record as etcd has it, and checks that they are one history.

The checker knows the rules and nothing of the program: each record follows the one before it, the generation grows by
one and only after a note of the host that renews, and nobody else notes anything.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import StoreChange
from keyrack.core.sharing.shared_record import SharedRecord
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record. `leader` is the host that the store named when it was written.

    After a version that says how the sign-in `ended`, a person may have signed in anew.
    """

    modified: int
    follows: int
    generation: int
    writer: str
    intent: tuple[int, str] | None
    leader: str
    access: str = ""
    written: float = 0.0
    ended: str = ""


def faults(history: Sequence[Version]) -> list[str]:
    """What is wrong with it, one line for each."""
    found = []
    for before, after in pairwise(history):
        at = f"revision {after.modified}"
        if after.follows != before.modified:
            found.append(f"{at} follows {after.follows}, but {before.modified} was the last")
        if after.generation not in (before.generation, before.generation + 1):
            found.append(f"{at} has generation {after.generation} after {before.generation}")
        if (
            after.generation > before.generation
            and not before.ended
            and before.intent != (after.generation, after.writer)
        ):
            found.append(f"{at} was renewed by {after.writer}, and the note was {before.intent}")
        if after.generation > before.generation and after.writer != after.leader:
            found.append(f"{at} was stored by {after.writer}, while {after.leader} renewed")
        if after.intent is not None and after.intent != before.intent and after.intent[1] != after.leader:
            found.append(f"{at} notes a renewal of {after.intent[1]}, while {after.leader} renewed")
    return found


class Recorder:
    """Watches one account in a thread of its own. `history` is what was written so far."""

    def __init__(self, addresses: Sequence[str], prefix: str, keys: Sequence[tuple[int, str]]) -> None:
        self.history: list[Version] = []
        self._addresses = tuple(addresses)
        self._prefix = prefix
        self._seal = Seal([GroupKey(number, Secret(text)) for number, text in keys], None)
        self._leaders: dict[str, str] = {}
        self._ended = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching."""
        self._ended.set()
        self._thread.join(30)

    def stored(self) -> Mapping[str, float]:
        """The earliest moment at which the store can have had each access token: its host began to write it then."""
        first: dict[str, float] = {}
        for version in self.history:
            if version.access:
                first.setdefault(version.access, version.written)
        return first

    async def _run(self) -> None:
        store = EtcdStore(EtcdSettings(self._addresses))
        watching = asyncio.create_task(self._watch(store))
        while not self._ended.is_set():
            await asyncio.sleep(0.1)
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        await store.close()

    async def _watch(self, store: EtcdStore) -> None:
        after = 0
        while True:
            try:
                if not after:
                    snapshot = await store.read(self._prefix)
                    after = snapshot.revision
                    self._take([StoreChange(e.key, e.value, e.created, e.modified, e.lease) for e in snapshot.entries])
                async for changes in store.watch(self._prefix, after):
                    self._take(changes)
                    after = max(after, *(change.modified for change in changes))
            except Failure:
                await asyncio.sleep(0.2)

    def _take(self, changes: Sequence[StoreChange]) -> None:
        kinds = [(change, *change.key.removeprefix(self._prefix).partition("/")[::2]) for change in changes]
        for change, kind, id in kinds:
            if kind == "leaders":
                self._leaders[id] = (change.value or b"").decode()
        for change, kind, id in kinds:
            if kind == "accounts" and change.value is not None:
                opened = self._seal.open(change.key, change.value)
                record = SharedRecord.decode(opened.plain)
                intent = record.intent
                self.history.append(
                    Version(
                        change.modified,
                        opened.revision,
                        record.generation,
                        record.writer,
                        (intent.generation, intent.host) if intent is not None else None,
                        self._leaders.get(id, ""),
                        record.access.reveal() if record.access is not None else "",
                        record.written,
                        record.ended,
                    )
                )
