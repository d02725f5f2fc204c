"""The shared store on etcd, by its gRPC gateway, which speaks JSON over HTTP."""

import json
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from keyrack.core.shared_store import etcd_wire as wire
from keyrack.core.shared_store.etcd_members import KEEP_ALIVE, EtcdMembers
from keyrack.core.shared_store.etcd_settings import EtcdSettings
from keyrack.core.shared_store.etcd_watch import Watch
from keyrack.core.shared_store.etcd_wire import Json, NotEtcd
from keyrack.core.shared_store.newest_revision import NewestRevision
from keyrack.core.shared_store.shared_store import (
    Condition,
    Put,
    Removal,
    StoreChange,
    StoredEntry,
    StoreSnapshot,
    Transaction,
    TransactionResult,
)
from keyrack.core.shared_store.store_failures import AnswerLost, LeaseGone, OtherStore, StoreAway, StoreUnreadable
from keyrack.net.client.http_client import ClientLimits
from keyrack.net.proxy.proxies import Proxies
from keyrack.primitives.clock import Clock

MOST_OPERATIONS = 128  # of one branch of a transaction, unless the operator says otherwise (--max-txn-ops)
MOST_BYTES = 1_400_000  # of one request, of the 1.5 MiB of --max-request-bytes
_PAGE = 200
_MOST_READ = 64 * 1024 * 1024  # of one reading, in bytes of keys and values
_TERMS = 3  # a new term between the two answers of a renewal is tried again so often


class EtcdStore:
    """A SharedStore. `cluster` is the id of its cluster, "" before the first answer.

    A store that is older than `newest` says is refused.
    """

    def __init__(
        self,
        settings: EtcdSettings,
        *,
        newest: NewestRevision | None = None,
        proxies: Proxies | None = None,
        limits: ClientLimits | None = None,
        silence: float = 5.0,
        clock: Clock | None = None,
    ) -> None:
        self._members = EtcdMembers(settings, proxies=proxies, limits=limits)
        self._silence = silence
        self._clock = clock or Clock()
        self.newest = newest or NewestRevision()
        self._readable: Json | None = None

    @property
    def cluster(self) -> str:
        """The id of the cluster in decimal digits."""
        return self._members.cluster

    @property
    def version(self) -> str:
        """The version of the member that was asked last, such as 3.4.23, or ""."""
        return self._members.version

    async def read(self, prefix: str) -> StoreSnapshot:
        """As in SharedStore. A page holds 200 entries, and all pages are of one revision."""
        question: Json = {**wire.under(prefix), "limit": str(_PAGE)}
        found: list[StoredEntry] = []
        size, last = 0, b""
        while True:
            answer, revision = await self._ask("/v3/kv/range", question)
            with _strict():
                pairs = wire.several(answer.get("kvs"))
                page = [wire.entry(pair) for pair in pairs]
                keys = [wire.raw(pair.get("key")) for pair in pairs]
                if keys and keys[-1] <= last:
                    raise NotEtcd
            found += page
            size += sum(map(len, keys)) + sum(len(each.value) for each in page)
            if size > _MOST_READ:
                raise StoreUnreadable("shared_store_too_large")
            at = int(question.setdefault("revision", str(revision)))
            if not answer.get("more") or not page:
                self._readable = wire.one(prefix)
                return StoreSnapshot(tuple(found), at)
            last = keys[-1]
            question["key"] = wire.encoded(last + b"\0")

    async def commit(self, conditions: Sequence[Condition], writes: Sequence[Put | Removal]) -> TransactionResult:
        """As in SharedStore. The keys of the conditions are read too, so that it is seen which did not hold.

        At most 128 keys and writes together. Raises AnswerLost where it may have happened.
        """
        transaction = Transaction(tuple(conditions), tuple(writes))
        answer, revision = await self._commit(_question(transaction), len(_keys(transaction)) + len(writes))
        self._readable = wire.one(_keys(transaction)[0])
        return _result(transaction, answer, revision)

    async def commit_each(self, transactions: Sequence[Transaction]) -> tuple[TransactionResult, ...]:
        """As in SharedStore. Each one is nested in a transaction without conditions."""
        if len(transactions) == 1:
            return (await self.commit(transactions[0].conditions, transactions[0].writes),)
        nested = [{"request_txn": _question(each)} for each in transactions]
        most = max(len(_keys(each)) + len(each.writes) for each in transactions)
        answer, revision = await self._commit({"success": nested}, len(nested) + most)
        try:
            answers = wire.several(answer.get("responses"))
            if len(answers) != len(nested):
                raise AnswerLost
            inner = [wire.mapping(each.get("response_txn")) for each in answers]
        except NotEtcd:
            raise AnswerLost from None
        return tuple(_result(each, said, revision) for each, said in zip(transactions, inner, strict=True))

    async def _commit(self, question: Json, operations: int) -> tuple[Json, int]:
        if operations > MOST_OPERATIONS or len(json.dumps(question)) > MOST_BYTES:
            raise StoreUnreadable("shared_request_too_large")
        return await self._ask("/v3/kv/txn", question, repeatable=False)

    def watch(self, prefix: str, after: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        """As in SharedStore. Raises ChangesGone where they were compacted, and StoreAway where no member answers."""
        return Watch(self._members, prefix, self._silence, self._clock).changes(after)

    async def grant(self, seconds: int) -> int:
        """As in SharedStore."""
        answer = await self._members.ask("/v3/lease/grant", {"TTL": str(seconds)})
        with _strict():
            return wire.whole(answer.get("ID"))

    async def keep_alive(self, lease: int) -> float:
        """As in SharedStore.

        A member that was the leader renews leases until it hears of the next one, which ends them nevertheless (etcd
        issue 15247). Its header is written before it renews. So a lease counts as renewed only where the majority
        answers afterwards, in the same term.
        """
        for _ in range(_TERMS):
            answer = await self._members.ask(KEEP_ALIVE, {"ID": str(lease)})
            with _strict():
                renewed = wire.mapping(answer.get("result"))
                left = float(wire.whole(renewed.get("TTL")))
                if await self._still_in(wire.whole(wire.mapping(renewed.get("header")).get("raft_term"))):
                    return left
        raise StoreAway(addresses=self._members.named)

    async def _still_in(self, term: int) -> bool:
        """Whether the majority answers in this term, asked for a key that this host may read."""
        if self._readable is None:
            return True
        answer, _revision = await self._ask("/v3/kv/range", {**self._readable, "count_only": True})
        return wire.whole(wire.mapping(answer.get("header")).get("raft_term")) == term

    async def revoke(self, lease: int) -> None:
        """As in SharedStore. One that has ended is no failure."""
        try:
            await self._members.ask("/v3/lease/revoke", {"ID": str(lease)})
        except LeaseGone:
            return

    async def close(self) -> None:
        """As in SharedStore."""
        await self._members.close()

    async def _ask(self, path: str, question: Json, *, repeatable: bool = True) -> tuple[Json, int]:
        """The answer and its revision, which is never older than one that was known before it was asked.

        Both kinds of request go through the majority, so only another store or an older one can be behind.
        """
        known = self.newest.revision
        answer = await self._members.ask(path, question, repeatable=repeatable)
        revision = wire.whole(answer["header"].get("revision"))
        if revision < known:
            raise OtherStore("shared_store_older", seen=str(known), revision=str(revision))
        self.newest.saw(revision)
        return answer, revision


def _keys(transaction: Transaction) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.key for each in (*transaction.writes, *transaction.conditions)))


def _question(transaction: Transaction) -> Json:
    reads = [{"request_range": wire.one(key)} for key in _keys(transaction)]
    return {
        "compare": [wire.comparison(each) for each in transaction.conditions],
        "success": [*(wire.operation(each) for each in transaction.writes), *reads],
        "failure": reads,
    }


def _result(transaction: Transaction, answer: Mapping[str, Any], revision: int) -> TransactionResult:
    """What became of it. Raises AnswerLost for an answer that does not say."""
    reads = len(_keys(transaction))
    try:
        happened = answer.get("succeeded", False) is True
        answers = wire.several(answer.get("responses"))
        if len(answers) != reads + (len(transaction.writes) if happened else 0):
            raise AnswerLost
        entries = [
            wire.entry(pair)
            for each in answers[-reads:]
            for pair in wire.several(wire.mapping(each.get("response_range")).get("kvs"))
        ]
    except NotEtcd:
        raise AnswerLost from None
    return TransactionResult(happened, revision, tuple(entries))


@contextmanager
def _strict() -> Iterator[None]:
    """Turn a value that etcd does not write into the failure that says so."""
    try:
        yield
    except NotEtcd:
        raise StoreUnreadable("shared_store_unreadable", address="etcd") from None
