"""The balances of an account: one snapshot, which is replaced as a whole."""

from dataclasses import dataclass
from typing import Literal

from keyrack.messages.catalogue import counted
from keyrack.primitives.failure import Failure
from keyrack.providers.holding import NOTHING_LEFT_OUT, Holding, LeftOut, Storage


@dataclass(frozen=True, slots=True)
class Balances:
    """A snapshot of balances. `taken` is in wall seconds. `failure` is set when a later request failed.

    `left_out` counts the rows that could not be read or shown.
    """

    holdings: tuple[Holding, ...]
    taken: float
    source: Literal["poll", "push"]
    storage: Storage | None = None
    leaves_out: str = ""
    failure: Failure | None = None
    left_out: LeftOut = NOTHING_LEFT_OUT

    @property
    def left_out_words(self) -> str:
        """How many rows are missing, and why. "" where none is."""
        rows = (("row_unread", self.left_out.unread), ("row_beyond", self.left_out.beyond))
        return " ".join(counted(one, count) for one, count in rows if count)
