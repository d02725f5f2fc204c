"""Follows the changes under a prefix, on another member where the one that told them falls silent."""

import asyncio
from collections.abc import AsyncGenerator
from itertools import groupby

from keyrack.core.shared_store import etcd_wire as wire
from keyrack.core.shared_store.etcd_answer import EtcdError, error_of, parsed
from keyrack.core.shared_store.etcd_members import EtcdMembers
from keyrack.core.shared_store.etcd_wire import Json, NotEtcd
from keyrack.core.shared_store.shared_store import StoreChange
from keyrack.core.shared_store.store_failures import ChangesGone, StoreAway, StoreUnreadable
from keyrack.net.client.line_stream import LineStream
from keyrack.net.network_errors import NetworkFailure

_MOST_IN_ONE = 10_000


class Watch:
    """One watch of a prefix.

    A member that lost the others goes on with a watch and tells nothing, and up to 3.4.30 and 3.5.12 one may lose an
    event after a compaction (etcd pull request 17610). So after `silence` seconds the member is asked for something
    newer than it told, which needs the majority. It is left when it cannot answer, or has something newer twice.
    """

    def __init__(self, members: EtcdMembers, prefix: str, silence: float) -> None:
        self._members = members
        self._prefix = prefix
        self._silence = silence

    async def changes(self, after: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        """The changes after this revision, those of one transaction together. Raises a SharedStoreFailure."""
        while True:
            question = {**wire.under(self._prefix), "start_revision": str(after + 1), "fragment": True}
            address, stream = await self._members.stream("/v3/watch", {"create_request": question})
            try:
                async for together in self._of_one(address, stream, after):
                    yield together
                    after = together[0].modified
            except (StoreAway, NetworkFailure):
                self._members.leave(address)
            finally:
                await stream.close()

    async def _of_one(self, address: str, stream: LineStream, told: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        pending: list[StoreChange] = []
        while True:
            result = await self._next(address, stream, told)
            pending += [wire.change(event) for event in wire.several(result.get("events"))]
            if len(pending) > _MOST_IN_ONE:
                raise StoreUnreadable("shared_store_too_large")
            if result.get("fragment"):
                continue
            for revision, together in groupby(pending, key=lambda each: each.modified):
                yield tuple(together)
                told = revision
            pending = []

    async def _next(self, address: str, stream: LineStream, told: int) -> Json:
        """The next answer of the stream. Raises a failure that ends it."""
        line = parsed(await self._line(address, stream, told), address)
        try:
            error = error_of(line, stream.status)
            if error is not None:
                raise error.refusal() or StoreAway(addresses=address, detail=error.words)
            result = dict(wire.mapping(line.get("result")))
            self._members.check(address, result)
        except NotEtcd:
            raise StoreUnreadable("shared_store_unreadable", address=address) from None
        if result.get("canceled"):
            if wire.whole(result.get("compact_revision")):
                raise ChangesGone
            why = EtcdError(str(result.get("cancel_reason", "")), stream.status)
            raise why.refusal() or StoreAway(addresses=address, detail=why.words)
        return result

    async def _line(self, address: str, stream: LineStream, told: int) -> bytes:
        newer = {**wire.under(self._prefix), "min_mod_revision": str(told + 1), "keys_only": True, "limit": "1"}
        reading, late = asyncio.ensure_future(stream.line()), False
        try:
            while True:
                done, _ = await asyncio.wait({reading}, timeout=self._silence)
                if done:
                    return reading.result()
                answer = await self._members.ask_member(address, "/v3/kv/range", newer)
                if answer.get("kvs") and late:
                    raise StoreAway(addresses=address, detail="an event was lost")
                late = bool(answer.get("kvs"))
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
