"""What an account holds: one snapshot, replaced whole."""

from dataclasses import dataclass
from typing import Literal

from keyrack.primitives.failure import Failure
from keyrack.providers.holding import Holding, Storage


@dataclass(frozen=True, slots=True)
class Balances:
    """A snapshot: `taken` in wall seconds, `failure` when a later fetch did not succeed."""

    holdings: tuple[Holding, ...]
    taken: float
    source: Literal["poll", "push"]
    storage: Storage | None = None
    leaves_out: str = ""
    failure: Failure | None = None
