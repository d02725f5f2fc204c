"""One host of the campaign: a process that renews what it leads, and writes down all that it did.

It has the lease, the election and the store of Keyrack, and the order of a shared renewal: note, request, result, and
only then handed out. The accounts are numbers. Run it as `python -m tests.campaigns.sharing.host NAME LOG ...`.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from keyrack.core.shared_store.election import Election
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_store import EtcdStore
from keyrack.core.shared_store.host_lease import HostLease
from keyrack.core.shared_store.shared_store import Condition, Put, StoreChange, StoredEntry
from keyrack.core.shared_store.store_failures import AnswerLost, SharedStoreFailure
from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.net.network_errors import NetworkFailure
from keyrack.primitives.clock import Clock

PREFIX = "/keyrack/campaign/"
LIMITS = ClientLimits(connect=0.4, total=0.8, body=4 * 1024 * 1024, kept=30.0)
# Longer than a request to the provider may take. A note of another host is left alone for so long besides its lease.
_PROVIDER = ClientLimits(connect=0.4, total=0.8)


@dataclass(frozen=True)
class Plan:
    """What the host was told at its start. Without `compares` it does not compare the lease, as a broken build does.

    `stalls` is the longest that it does nothing between the provider's answer and the write, in seconds.
    """

    name: str
    log: Path
    addresses: tuple[str, ...]
    provider: str
    accounts: int
    lease: int
    seed: int
    compares: bool
    stalls: float


class CampaignHost:
    """One host, from its start to its kill."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._store = EtcdStore(EtcdSettings(plan.addresses), limits=LIMITS, silence=1.0)
        self._clock = Clock()
        self._lease = HostLease(self._store, self._clock, plan.lease)
        self._election = Election(self._store, self._lease, prefix=PREFIX + "leaders/", host=f"{plan.name}.{plan.seed}")
        self._http = HttpClient(limits=_PROVIDER)
        self._random = random.Random(plan.seed)
        self._records: dict[str, StoredEntry] = {}
        self._noticed: dict[str, tuple[int, float]] = {}
        self._claimed: dict[str, int] = {}
        self._log = plan.log.open("a", encoding="utf-8")
        self._name = f"{plan.name}.{plan.seed}"
        self._number = 0

    async def run(self) -> None:
        """Everything, until it is killed."""
        ids = [str(number) for number in range(self._plan.accounts)]
        entry = (f"{PREFIX}hosts/{self._plan.name}", self._plan.name.encode())
        await asyncio.gather(self._lease.run(entry), self._follow(), *(self._lead(id) for id in ids))

    def _write_down(self, **what: Any) -> None:
        self._log.write(json.dumps({"host": self._name, "at": time.monotonic(), **what}) + "\n")
        self._log.flush()

    async def _follow(self) -> None:
        while True:
            try:
                began = time.monotonic()
                found = await self._store.read(PREFIX)
                for entry in found.entries:
                    self._saw(entry, began)
                    self._take(entry)
                leaders = {each.key: each for each in found.entries if "/leaders/" in each.key}
                self._election.saw_all(leaders, found.revision)
                async for changes in self._store.watch(PREFIX, found.revision):
                    self._election.saw(changes)
                    for change in changes:
                        self._changed(change)
            except (SharedStoreFailure, NetworkFailure):
                await asyncio.sleep(0.3)

    def _saw(self, entry: StoredEntry, began: float) -> None:
        if entry.key.startswith(PREFIX + "accounts/"):
            self._write_down(kind="read", id=entry.key.rpartition("/")[2], began=began, new=_value(entry)["id"])

    def _changed(self, change: StoreChange) -> None:
        if change.value is not None:
            self._take(StoredEntry(change.key, change.value, change.created, change.modified, change.lease))

    def _take(self, entry: StoredEntry) -> None:
        if not entry.key.startswith(PREFIX + "accounts/"):
            return
        id = entry.key.rpartition("/")[2]
        before = self._records.get(id)
        if before is None or entry.modified > before.modified:
            self._records[id] = entry
            if "note" not in _value(entry):
                self._write_down(kind="served", id=id, token=_value(entry)["token"])

    async def _lead(self, id: str) -> None:
        while True:
            await asyncio.sleep(0.3 + 0.6 * self._random.random())
            began = time.monotonic()
            try:
                if self._election.free([id]) and self._lease.current is not None:
                    await self._election.claim([id])
                leadership = self._election.mine(id)
                if leadership is not None:
                    if self._claimed.get(id) != leadership:
                        self._claimed[id] = leadership
                        self._write_down(kind="claim", id=id, began=began, leadership=leadership)
                    await self._renew(id, leadership)
            except (SharedStoreFailure, NetworkFailure):
                continue

    async def _renew(self, id: str, leadership: int) -> None:
        held = self._records.get(id)
        value = _value(held)
        note = value.get("note")
        if note not in (None, self._name) and not self._waited(id, held):
            return
        noted = await self._put(id, leadership, held, {"token": value["token"], "note": self._name})
        if noted is None or (self._plan.compares and self._election.mine(id) != leadership):
            return
        answer = await self._asked(id, value["token"], after_a_note=note is not None)
        await asyncio.sleep(self._plan.stalls * self._random.random())
        stored = await self._put(id, leadership, noted, {"token": answer["token"], "lost": answer.get("lost", False)})
        if stored is not None:
            self._write_down(kind="handed", id=id, token=answer["token"])

    def _waited(self, id: str, held: StoredEntry | None) -> bool:
        """Whether the host that left a note has had the time for its request, and its lease is over."""
        assert held is not None
        modified, since = self._noticed.get(id, (0, 0.0))
        if modified != held.modified:
            self._noticed[id] = (held.modified, self._clock.elapsed())
            return False
        return self._clock.elapsed() - since > self._plan.lease + _PROVIDER.total + _PROVIDER.connect

    async def _put(
        self, id: str, leadership: int, held: StoredEntry | None, value: dict[str, Any]
    ) -> StoredEntry | None:
        """The record as it was written, None where the transaction did not happen."""
        self._number += 1
        key, name = f"{PREFIX}accounts/{id}", f"{self._name}.{self._number}"
        what = {"id": id, "leadership": leadership, "old": _value(held)["id"], "new": name, "token": value["token"]}
        began = time.monotonic()
        self._write_down(kind="writes", **what)
        lease = [Condition(self._election.key(id), modified=leadership)] if self._plan.compares else []
        put = Put(key, json.dumps({"id": name, **value}).encode())
        try:
            result = await self._store.commit(
                [*lease, Condition(key, modified=held.modified if held is not None else 0)], [put]
            )
            entries, known = result.entries, True
        except AnswerLost:
            entries, known = (await self._store.read(key)).entries, False
        stored = next((each for each in entries if each.key == key), None)
        happened = stored is not None and _value(stored)["id"] == name
        if happened or known:
            self._write_down(kind="wrote", began=began, happened=happened, **what)
        if stored is not None:
            self._take(stored)
        return stored if happened else None

    async def _asked(self, id: str, token: int, *, after_a_note: bool) -> dict[str, Any]:
        body = json.dumps({"account": id, "token": token, "after_a_note": after_a_note}).encode()
        response = await self._http.send(Request("POST", self._plan.provider, body=body, plain_http_allowed=True))
        answer: dict[str, Any] = json.loads(response.body)
        return answer


def _value(entry: StoredEntry | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(entry.value) if entry is not None else {"id": "", "token": 0}
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one host."""
    parser = argparse.ArgumentParser()
    parser.add_argument("name")
    parser.add_argument("log", type=Path)
    parser.add_argument("provider")
    parser.add_argument("addresses", nargs="+")
    parser.add_argument("--accounts", type=int, default=3)
    parser.add_argument("--lease", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-lease-comparison", action="store_true")
    parser.add_argument("--stalls", type=float, default=0.0)
    given = parser.parse_args(arguments)
    plan = Plan(
        given.name,
        given.log,
        tuple(given.addresses),
        given.provider,
        given.accounts,
        given.lease,
        given.seed,
        not given.without_lease_comparison,
        given.stalls,
    )
    asyncio.run(CampaignHost(plan).run())


if __name__ == "__main__":
    main()
