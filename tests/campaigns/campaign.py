"""What every campaign is given: the seed of its random numbers, and how much of its full length it runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`seed` makes a run repeatable. `share` is 1 for the full length that the README names.

    `release` is that of the clean system, "" for the one of this computer.
    """

    seed: int
    share: float
    release: str = ""
