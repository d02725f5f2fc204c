"""The loop for work that is due at moments: starts what is due and sleeps until the next moment."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

from keyrack.core.scheduling.sleeper import Sleeper
from keyrack.primitives.clock import Clock

VISIBLE_SECONDS = 60.0
HIDDEN_SECONDS = 300.0

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

    def due(self, *, visible: bool, least: float = 0.0) -> float:
        """When to poll again: sooner while the window shows, and never after less than `least` seconds."""
        if self.again is not None:
            return max(self.again, self.last_poll + least, self.not_before)
        return max(self.last_poll + max(least, VISIBLE_SECONDS if visible else HIDDEN_SECONDS), self.not_before)


class PollLoop:
    """Runs one kind of repeated work. `due` lists what is to be done and when, again at each turn."""

    def __init__(self, clock: Clock, due: Callable[[], Iterable[Due]]) -> None:
        self._clock = clock
        self._due = due
        self._sleeper = Sleeper(clock)

    def wake(self) -> None:
        """Look again at once, because something changed."""
        self._sleeper.wake()

    async def run(self) -> NoReturn:
        """Start what is due and sleep until the next moment, until cancelled."""
        while True:
            now, nearest = self._clock.elapsed(), None
            for moment, start in self._due():
                if moment <= now:
                    start()
                else:
                    nearest = moment if nearest is None else min(nearest, moment)
            await self._sleeper.sleep_until(nearest)
