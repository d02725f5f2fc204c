"""After a resume: the time until the network is back."""

import asyncio
from collections.abc import Callable

from keyrack.net.internet_route import has_route
from keyrack.primitives.clock import Clock

LONGEST = 30.0
_LOOK = 0.5


class NetworkReturn:
    """Holds work back after a resume while there is no route, for 30 s at most.

    A laptop that wakes has its network some seconds later. Until then each attempt would fail, and the pauses after
    failures would grow past the moment when the network is back. `route` says whether there is a route.
    """

    def __init__(self, clock: Clock, route: Callable[[], bool] = has_route) -> None:
        self._clock = clock
        self.route = route
        self._until = 0.0

    def resumed(self) -> None:
        """Note that the computer woke just now."""
        self._until = self._clock.elapsed() + LONGEST

    @property
    def awaited(self) -> bool:
        """Whether the computer woke just now and has no route yet."""
        return self._clock.elapsed() < self._until and not self.route()

    async def wait(self) -> None:
        """Return as soon as there is a route, or when the time after the last resume is over."""
        while self.awaited:  # noqa: ASYNC110 - no event tells of a route
            await asyncio.sleep(_LOOK)
