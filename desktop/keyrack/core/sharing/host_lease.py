"""The lease of this host in the shared store: while it lives, the accounts that hang on it are renewed here."""

import asyncio
import logging
from typing import Protocol

from keyrack.core.shared_store.shared_store import Put, SharedStore
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.signal import Signal

LEASE_SECONDS = 10
_log = logging.getLogger(__name__)


class Lease(Protocol):
    """What the writes of this host hang on."""

    @property
    def current(self) -> int | None:
        """The lease, None where by this host's own clock it may be over."""


class HostLease:
    """Keeps one lease alive at a third of its time. `changed` announces that there is another one, or none.

    Its end is counted from before the request was sent, by a clock that counts suspend. So this host takes it as over
    before the store does, whatever the network and the store's clock did.
    """

    def __init__(self, store: SharedStore, clock: Clock, seconds: int = LEASE_SECONDS) -> None:
        self.changed: Signal[[]] = Signal()
        self.seconds = seconds
        self._store = store
        self._clock = clock
        self._id = 0
        self._ends = 0.0

    @property
    def current(self) -> int | None:
        """The lease, None where by this host's own clock it may be over."""
        return self._id if self._id and self._clock.elapsed() < self._ends else None

    async def run(self, entry: tuple[str, bytes]) -> None:
        """Keep a lease alive until cancelled. `entry` is the key and value that tell the others of this host."""
        while True:
            try:
                await self._keep(entry)
            except Failure as why:
                _log.info("the lease of this host could not be kept alive: %s", why.in_english())
            await asyncio.sleep(self.seconds / (3 if self.current is not None else 10))

    async def _keep(self, entry: tuple[str, bytes]) -> None:
        asked = self._clock.elapsed()
        if self.current is not None:
            left = await self._store.keep_alive(self._id)
            if left > 0:
                self._ends = asked + left
                return
        self._id = 0
        self.changed.emit()
        asked = self._clock.elapsed()
        lease = await self._store.grant(self.seconds)
        await self._store.commit((), (Put(*entry, lease=lease),))
        self._id, self._ends = lease, asked + self.seconds
        self.changed.emit()

    async def close(self) -> None:
        """End the lease, so that another host goes on at once."""
        lease, self._id = self._id, 0
        if lease:
            try:
                await self._store.revoke(lease)
            except Failure as why:
                _log.info("the lease of this host could not be ended: %s", why.in_english())
