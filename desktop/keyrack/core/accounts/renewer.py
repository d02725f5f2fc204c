"""Which host renews an account that several hosts share."""

from dataclasses import dataclass

from keyrack.primitives.failure import Failure


@dataclass(frozen=True, slots=True)
class Renewer:
    """The host that renews a shared account, by its name, "" while none is known.

    `here` says that it is this one. `since` is the wall time at which it became the one, None while it is unknown.
    `away` says what is wrong with the shared store, None while it answers.
    """

    host: str
    here: bool
    since: float | None = None
    away: Failure | None = None
