"""The sandbox's clock: seconds since it started, which can be moved forward."""

import time


class Clock:
    """Monotonic seconds since the start plus what `advance` added, so that lifetimes end without waiting."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._added = 0.0

    def now(self) -> float:
        """Seconds since the sandbox started, as the sandbox counts them."""
        return time.monotonic() - self._started + self._added

    def advance(self, seconds: float) -> float:
        """Move forward. The new time. Raises ValueError for a step back."""
        if not 0 <= seconds < 1e9:
            raise ValueError("the clock only moves forward")
        self._added += seconds
        return self.now()

    def wall(self) -> float:
        """The same moment as Unix seconds, for responses that carry a time of day."""
        return time.time() + self._added
