"""The loop for work that is due at moments: starts what is due and sleeps until the next moment."""

import heapq
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, NoReturn, TypeVar

from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.primitives.clock import Clock

VISIBLE_SECONDS = 60.0
_LONGER_HIDDEN = 5
HIDDEN_SECONDS = VISIBLE_SECONDS * _LONGER_HIDDEN
_SPARE = 16

K = TypeVar("K", bound=Hashable)

# A moment in elapsed seconds, and what is to be started then.
Due = tuple[float, Callable[[], object]]


@dataclass(slots=True)
class PollTimes:
    """When something was polled last, and before when the provider accepts no request. In elapsed seconds.

    `again` is when to poll next whatever the window shows, None where the usual interval counts.
    """

    last_poll: float
    not_before: float = 0.0
    again: float | None = None

    def due(self, *, visible: bool, least: float = 0.0, every: float = VISIBLE_SECONDS) -> float:
        """When to poll again: after `every` seconds while the window shows, later else, never before `least`."""
        if self.again is not None:
            return max(self.again, self.last_poll + least, self.not_before)
        return max(self.last_poll + max(least, every if visible else every * _LONGER_HIDDEN), self.not_before)


class PollLoop(Generic[K]):
    """Runs one kind of repeated work, for each key on its own.

    `keys` lists every key. `due` returns what is to be done for a key and when, None while there is nothing. It is
    called again when the key is woken and when its moment has come, so that a turn costs the same with any number of
    keys. A wake that brings nothing nearer does not end the sleep.
    """

    def __init__(self, clock: Clock, keys: Callable[[], Iterable[K]], due: Callable[[K], Due | None]) -> None:
        self._clock = clock
        self._keys = keys
        self._due = due
        self._sleeper = Sleeper(clock)
        self._look_at_all = True
        self._sleeps_until: float | None = None
        self._queue: list[tuple[float, int, K]] = []
        self._moments: dict[K, tuple[float, int]] = {}
        self._count = 0

    def wake(self, key: K | None = None) -> None:
        """Look at this key again at once, because something changed. Without a key, look at all."""
        if key is None:
            self._look_at_all = True
        elif self._look_at_all:
            return
        else:
            self._schedule(key)
            nearest = self._moments[key][0] if key in self._moments else None
            if nearest is None or (self._sleeps_until is not None and nearest >= self._sleeps_until):
                return
        self._sleeper.wake()

    async def run(self) -> NoReturn:
        """Start what is due and sleep until the next moment, until cancelled."""
        while True:
            if self._look_at_all:
                self._look_at_all = False
                self._queue.clear()
                self._moments.clear()
                for key in self._keys():
                    self._schedule(key)
            self._sleeps_until = self._start_due()
            await self._sleeper.sleep_until(self._sleeps_until)

    def _start_due(self) -> float | None:
        """Start what is due. Returns the moment of the next key."""
        while self._queue:
            moment, number, key = self._queue[0]
            if self._moments.get(key) != (moment, number):
                heapq.heappop(self._queue)  # the key was scheduled anew
            elif moment > self._clock.elapsed():
                return moment
            else:
                heapq.heappop(self._queue)
                del self._moments[key]
                self._start(key)
        return None

    def _start(self, key: K) -> None:
        """Start the work of a key whose moment has come, unless it was put off without a wake."""
        found = self._due(key)
        if found is not None and found[0] <= self._clock.elapsed():
            found[1]()
        else:
            self._schedule(key)

    def _schedule(self, key: K) -> None:
        found = self._due(key)
        if found is None:
            self._moments.pop(key, None)
            return
        moment = found[0]
        if key in self._moments and self._moments[key][0] == moment:
            return
        self._count += 1
        self._moments[key] = (moment, self._count)
        heapq.heappush(self._queue, (moment, self._count, key))
        if len(self._queue) > 2 * len(self._moments) + _SPARE:
            self._queue = [(*place, key) for key, place in self._moments.items()]
            heapq.heapify(self._queue)
