"""The balances of an account: one snapshot, which is replaced as a whole."""

from dataclasses import dataclass
from typing import Literal

from keyrack.primitives.failure import Failure
from keyrack.providers.holding import Holding, Storage


@dataclass(frozen=True, slots=True)
class Balances:
    """A snapshot of balances. `taken` is in wall seconds. `failure` is set when a later request failed."""

    holdings: tuple[Holding, ...]
    taken: float
    source: Literal["poll", "push"]
    storage: Storage | None = None
    leaves_out: str = ""
    failure: Failure | None = None
