"""The lease of this host in the shared store: while it lives, this host leads what hangs on it."""

import logging
from typing import NoReturn

from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.core.shared_store.shared_store import Put, SharedStore
from keyrack.core.shared_store.store_failures import SharedStoreFailure
from keyrack.net.network_errors import NetworkFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.signal import Signal

LEASE_SECONDS = 10
_ROUNDS = 3  # renewed at a third of its time
_TRY_AGAIN = 1.0

_log = logging.getLogger(__name__)


class HostLease:
    """Keeps one lease alive. `changed` announces that there is another one, or none.

    Its end is counted from before each request was sent, by a clock that counts suspend (S80). So this host takes it as
    over before the store does, whatever the network and the other clocks did. `trouble` is why it could not be kept the
    last time, None where it could.
    """

    def __init__(self, store: SharedStore, clock: Clock, seconds: int = LEASE_SECONDS) -> None:
        self.changed: Signal[[]] = Signal()
        self.seconds = seconds
        self.trouble: SharedStoreFailure | NetworkFailure | None = None
        self._store = store
        self._clock = clock
        self._sleeper = Sleeper(clock)
        self._id = 0
        self._ends = 0.0

    @property
    def current(self) -> int | None:
        """The lease, None where by this host's own clock it may be over."""
        return self._id if self.left > 0 else None

    @property
    def left(self) -> float:
        """The seconds that it lives at least, 0 where there is none."""
        return max(0.0, self._ends - self._clock.elapsed()) if self._id else 0.0

    def wake(self) -> None:
        """Look at the lease at once, as after a sleep or when the network came back."""
        self._sleeper.wake()

    async def run(self, entry: tuple[str, bytes]) -> NoReturn:
        """Keep a lease alive until cancelled. `entry` is the key and value that tell the others of this host."""
        while True:
            await self.keep(entry)
            every = self.seconds / _ROUNDS if self.trouble is None else _TRY_AGAIN
            await self._sleeper.sleep_until(self._clock.elapsed() + every)

    async def keep(self, entry: tuple[str, bytes]) -> None:
        """Renew the lease, or take a new one where it has ended."""
        try:
            if not await self._renewed():
                await self._take(entry)
            self.trouble = None
        except (SharedStoreFailure, NetworkFailure) as why:
            if self.trouble is None:
                _log.warning("this host's lease could not be renewed: %s", why.in_english())
            self.trouble = why
            if self._id and self.current is None:
                self._let_go()

    async def _renewed(self) -> bool:
        lease, asked = self._id, self._clock.elapsed()
        if self.current is None:
            if lease:
                self._let_go()
            return False
        left = await self._store.keep_alive(lease)
        if left <= 0:
            self._let_go()
            return False
        self._ends = asked + min(left, float(self.seconds))
        return True

    async def _take(self, entry: tuple[str, bytes]) -> None:
        asked = self._clock.elapsed()
        lease = await self._store.grant(self.seconds)
        await self._store.commit((), (Put(*entry, lease=lease),))
        self._id, self._ends = lease, asked + self.seconds
        self.changed.emit()

    def _let_go(self) -> None:
        self._id, self._ends = 0, 0.0
        self.changed.emit()

    async def close(self) -> None:
        """End the lease, so that another host goes on at once."""
        lease = self._id
        if not lease:
            return
        self._let_go()
        try:
            await self._store.revoke(lease)
        except (SharedStoreFailure, NetworkFailure) as why:
            _log.info("this host's lease ends by itself: %s", why.in_english())
