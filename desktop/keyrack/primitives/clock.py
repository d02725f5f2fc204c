"""Time: elapsed seconds that count suspend, and wall time for display and records."""

import time
from collections.abc import Callable
from dataclasses import dataclass


def elapsed() -> float:
    """Seconds since an arbitrary moment, suspend included where the system counts it (S24, S80)."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.monotonic()


@dataclass(frozen=True, slots=True)
class Clock:
    """Both clocks; a test passes its own functions.

    `elapsed` is in seconds and counts suspend (S80; Windows and macOS count it in `monotonic`
    as far as their kernels do). `wall` is in seconds since 1970, for display and records only.
    """

    elapsed: Callable[[], float] = elapsed
    wall: Callable[[], float] = time.time

    def wall_at(self, elapsed: float) -> float:
        """The wall time that belongs to a moment of `elapsed`, as it looks now."""
        return self.wall() + (elapsed - self.elapsed())

    def elapsed_at(self, wall: float) -> float:
        """The moment of `elapsed` that belongs to a wall time, as it looks now."""
        return self.elapsed() + (wall - self.wall())
