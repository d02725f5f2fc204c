"""The two clocks: elapsed seconds that count suspend, and wall time for display and records."""

import time
from collections.abc import Callable
from dataclasses import dataclass

EARLIEST_WALL = 1_767_225_600.0  # 1 January 2026
LATEST_WALL = 2_524_608_000.0  # 1 January 2050


def believable(wall: float) -> bool:
    """Whether a wall time can be true.

    One from before Keyrack existed comes from a computer that starts in 1970 or 2000 until the network tells it the
    time. One decades ahead comes from a clock whose battery is empty, or that was set wrong.
    """
    return EARLIEST_WALL <= wall < LATEST_WALL


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
