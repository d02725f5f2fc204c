"""The two clocks: elapsed seconds that count suspend, and wall time for display and records."""

import time
from collections.abc import Callable
from dataclasses import dataclass


def elapsed() -> float:
    """Seconds since an arbitrary moment. Suspend is included where the system counts it (S24, S80)."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.monotonic()


@dataclass(frozen=True, slots=True)
class Clock:
    """Both clocks. A test passes its own functions.

    `elapsed` is in seconds and counts suspend (S80). On Windows and macOS it counts suspend as far as their kernels do
    in `monotonic`. `wall` is in seconds since 1970, for display and records only.
    """

    elapsed: Callable[[], float] = elapsed
    wall: Callable[[], float] = time.time

    def wall_at(self, elapsed: float) -> float:
        """The wall time at a moment of `elapsed`, by the present difference of the clocks."""
        return self.wall() + (elapsed - self.elapsed())

    def elapsed_at(self, wall: float) -> float:
        """The moment of `elapsed` at a wall time, by the present difference of the clocks."""
        return self.elapsed() + (wall - self.wall())
