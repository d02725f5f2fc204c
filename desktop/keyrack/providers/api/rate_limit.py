"""Keeps the number of requests to an API below the provider's limit."""

import asyncio
from collections import deque

from keyrack.primitives.clock import elapsed
from keyrack.providers.schema import RequestRate


class RateLimit:
    """A queue. A caller waits in it while the allowed number of requests lies within the last `rate.seconds`."""

    def __init__(self, rate: RequestRate | None) -> None:
        self._rate = rate
        self._sent: deque[float] = deque(maxlen=rate.requests if rate else 1)
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Return when one more request may be sent. Without a limit, return at once."""
        rate = self._rate
        if rate is None:
            return
        async with self._queue:
            if len(self._sent) == rate.requests:
                await asyncio.sleep(max(0.0, self._sent[0] + rate.seconds - elapsed()))
            self._sent.append(elapsed())
