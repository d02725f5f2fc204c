"""Follows the changes under a prefix for as long as one member tells them."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from itertools import groupby

from keyrack.core.shared_store import etcd_wire as wire
from keyrack.core.shared_store.etcd_answer import EtcdError, EtcdTrouble, error_of, parsed
from keyrack.core.shared_store.etcd_members import EtcdMembers
from keyrack.core.shared_store.etcd_wire import NotEtcd
from keyrack.core.shared_store.shared_store import StoreChange
from keyrack.core.shared_store.store_failures import ChangesGone, StoreAway, StoreUnreadable
from keyrack.net.client.line_stream import LineStream
from keyrack.net.network_errors import NetworkFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure

_MOST_IN_ONE = 10_000
_MOST_BYTES = 24 * 1024 * 1024
# A wait that took so many seconds longer than it may was one in which this computer slept.
_SLEPT = 5.0

_log = logging.getLogger(__name__)


class Watch:
    """One watch of a prefix.

    A member that lost the others goes on with a watch and tells nothing, and up to 3.4.30 and 3.5.12 one may lose an
    event after a compaction (etcd pull request 17610). So after `silence` seconds the member is asked for something
    newer than it told, which needs the majority. It is left when it cannot answer, or has something newer twice.
    After a sleep of this computer it is left too: what it tells then happened long ago.
    """

    def __init__(self, members: EtcdMembers, prefix: str, silence: float, clock: Clock) -> None:
        self._members = members
        self._prefix = prefix
        self._silence = silence
        self._clock = clock

    async def changes(self, after: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        """The changes after this revision, those of one transaction together, until its member falls silent.

        The next watch then asks that member last. Raises a SharedStoreFailure.
        """
        question = {**wire.under(self._prefix), "start_revision": str(after + 1), "fragment": True}
        address, stream = await self._members.stream("/v3/watch", {"create_request": question})
        try:
            async for together in self._of_one(address, stream, after):
                yield together
        except StoreUnreadable:
            self._members.leave(address)
            raise
        except (StoreAway, NetworkFailure) as why:
            self._members.leave(address)
            _log.info("the changes are no longer told by %s: %s", address, why.detail)
        finally:
            await stream.close()

    async def _of_one(self, address: str, stream: LineStream, told: int) -> AsyncGenerator[tuple[StoreChange, ...]]:
        pending: list[StoreChange] = []
        while True:
            found, more = await self._next(address, stream, told)
            pending += found
            if len(pending) > _MOST_IN_ONE or sum(len(each.value or b"") for each in pending) > _MOST_BYTES:
                raise StoreUnreadable("shared_store_too_large")
            if more:
                continue
            for revision, together in groupby(pending, key=lambda each: each.modified):
                yield tuple(together)
                told = revision
            pending = []

    async def _next(self, address: str, stream: LineStream, told: int) -> tuple[list[StoreChange], bool]:
        """The changes in the next answer of the stream, and whether the next one goes on with them.

        Raises a failure that ends it.
        """
        line = parsed(await self._line(address, stream, told), address)
        try:
            error = error_of(line, stream.status)
            if error is not None:
                raise self._ended(error, address)
            result = wire.mapping(line.get("result"))
            self._members.check(address, result)
            if result.get("canceled"):
                if wire.whole(result.get("compact_revision")):
                    raise ChangesGone
                raise self._ended(EtcdError(str(result.get("cancel_reason", "")), stream.status), address)
            return [wire.change(event) for event in wire.several(result.get("events"))], bool(result.get("fragment"))
        except NotEtcd:
            raise StoreUnreadable("shared_store_unreadable", address=address) from None

    def _ended(self, error: EtcdError, address: str) -> Failure:
        if error.trouble is EtcdTrouble.LOGIN:
            self._members.forget_login()
        return error.refusal() or StoreAway(addresses=address, detail=error.words)

    async def _line(self, address: str, stream: LineStream, told: int) -> bytes:
        newer = {**wire.under(self._prefix), "min_mod_revision": str(told + 1), "keys_only": True, "limit": "1"}
        reading, late = asyncio.ensure_future(stream.line()), False
        began = self._clock.elapsed()
        try:
            while True:
                done, _ = await asyncio.wait({reading}, timeout=self._silence)
                now = self._clock.elapsed()
                if now - began > self._silence + _SLEPT:
                    raise StoreAway(addresses=address, detail="this computer slept")
                began = now
                if done:
                    return reading.result()
                answer = await self._members.ask_member(address, "/v3/kv/range", newer)
                if answer.get("kvs") and late:
                    raise StoreAway(addresses=address, detail="an event was lost")
                late = bool(answer.get("kvs"))
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
