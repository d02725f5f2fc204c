"""Notices that the wall clock was set while Keyrack runs."""

from keyrack.primitives.clock import Clock

SMALLEST_STEP = 60.0


class ClockSteps:
    """Compares the wall clock with the one that nobody sets. A time server sets a wrong clock soon after a start."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._difference = clock.wall() - clock.elapsed()

    def taken(self) -> float:
        """The seconds by which the wall clock was set since the last call, 0 for less than a minute."""
        step = self._clock.wall() - self._clock.elapsed() - self._difference
        if abs(step) < SMALLEST_STEP:
            return 0.0
        self._difference += step
        return step
