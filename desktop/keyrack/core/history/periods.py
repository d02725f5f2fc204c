"""The stretches of time that a picture shows, each cut into slots."""

from dataclasses import dataclass
from typing import Literal

PeriodName = Literal["day", "week", "month", "year"]

MINUTES_10 = 600
HOUR = 3_600
DAY = 86_400
YEAR = 366 * DAY


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time that ends now, cut into `count` slots of `slot` seconds each, counted from 1970 (UTC)."""

    name: PeriodName
    slot: int
    count: int

    def first_slot(self, now: float) -> int:
        """The number of the oldest slot."""
        return int(now) // self.slot - self.count + 1

    def next_slot(self, at: float) -> int:
        """When the slot after that of a moment begins, in wall seconds."""
        return (int(at) // self.slot + 1) * self.slot

    def begin(self, now: float) -> int:
        """Where the oldest slot begins, in wall seconds."""
        return self.first_slot(now) * self.slot


# A slot is never shorter than what the file still keeps of that age.
PERIODS: dict[PeriodName, Period] = {
    "day": Period("day", MINUTES_10, 144),
    "week": Period("week", HOUR, 168),
    "month": Period("month", 4 * HOUR, 180),
    "year": Period("year", DAY, 365),
}
