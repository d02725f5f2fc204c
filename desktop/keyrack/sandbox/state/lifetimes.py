"""How long tokens live: the documented times, divided and capped for a demonstration."""

from dataclasses import dataclass

CODE_LIFETIME = 60.0
CONSENT_LIFETIME = 600.0
# For a token without a lifetime, or one that is never reached.
ENDLESS = 315_360_000


@dataclass(frozen=True)
class Lifetimes:
    """How long tokens live. `speed` divides and the caps (seconds) limit every renewable lifetime.

    What no client can renew keeps its documented lifetime.
    """

    speed: float = 1.0
    cap_access: int | None = None
    cap_refresh: int | None = None

    def access(self, documented: int) -> int:
        """Seconds that a renewable access token lives, at least 1."""
        return self._scaled(documented, self.cap_access)

    def refresh(self, documented: int) -> int:
        """Seconds that a refresh token lives, at least 1."""
        return self._scaled(documented, self.cap_refresh)

    def pause(self, documented: int) -> int:
        """Seconds between two polls, at least 1."""
        return max(1, int(documented / self.speed))

    def _scaled(self, documented: int, cap: int | None) -> int:
        seconds = max(1, int(documented / self.speed))
        return seconds if cap is None else min(seconds, cap)
