"""The one clock of the tests. It stands still until a test moves it, or it runs and a test moves it further."""

import time
from typing import Self

from keyrack.primitives.clock import Clock


class FakeClock:
    """A clock for the program under test.

    `elapsed` and `wall` are in seconds, as in `keyrack.primitives.clock.Clock`. A clock made by `FakeClock()` stands
    still until `move`. A clock made by `FakeClock.running()` follows the computer's clocks and adds what it was moved
    by. `wall_offset` moves the wall clock alone, as a person or a time server does. `asked` counts how often the
    program under test asked for the elapsed time.
    """

    def __init__(self, elapsed: float = 5_000.0, wall: float = 1_790_000_000.0, *, source: Clock | None = None) -> None:
        self.wall_offset = 0.0
        self.asked = 0
        self._moved = 0.0
        self._source = source or Clock(lambda: elapsed, lambda: wall)

    @classmethod
    def running(cls, ahead: float = 0.0) -> Self:
        """A clock that runs, `ahead` seconds before the computer's clocks."""
        clock = cls(source=Clock(time.monotonic, time.time))
        clock.move(ahead)
        return clock

    @property
    def elapsed(self) -> float:
        """Seconds since an arbitrary moment."""
        return self._source.elapsed() + self._moved

    @property
    def wall(self) -> float:
        """Seconds since 1970."""
        return self._source.wall() + self._moved + self.wall_offset

    @property
    def clock(self) -> Clock:
        """What the program under test is given."""
        return Clock(self._answer, lambda: self.wall)

    def move(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._moved += seconds

    def _answer(self) -> float:
        self.asked += 1
        return self.elapsed
