"""Rate limits as token buckets on the sandbox's clock. They are never scaled."""

from dataclasses import dataclass

from keyrack.sandbox.state.sandbox_clock import Clock


@dataclass(frozen=True)
class Limit:
    """`rate` requests a second, and `burst` requests at once after a pause. Limits differ by name."""

    name: str
    rate: float
    burst: float


class Limits:
    """What is left in each bucket, per limit and caller (a client id, or the address)."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._left: dict[tuple[str, str], tuple[float, float]] = {}

    def allow(self, limit: Limit, caller: str) -> bool:
        """Take one request out of the bucket. False when it is empty: a refused request costs nothing."""
        now = self._clock.now()
        left, then = self._left.get((limit.name, caller), (limit.burst, now))
        left = min(limit.burst, left + (now - then) * limit.rate)
        allowed = left >= 1
        self._left[limit.name, caller] = (left - allowed, now)
        return allowed
