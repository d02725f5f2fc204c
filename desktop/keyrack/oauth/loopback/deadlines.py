"""The deadlines of a sign-in by redirect, in seconds."""

from dataclasses import dataclass

from keyrack.oauth.authorization.response_check import AuthorizationRequest


@dataclass(frozen=True, slots=True)
class Deadlines:
    """The time that each step may take. Tests pass smaller ones.

    `stateless` is the window where no state comes back (S33). The status page waits `page` for the end of the
    sign-in (S20). The listener is closed `linger` after the callback, well within 12 s (S2).
    """

    window: float = 300.0
    longest_window: float = 600.0
    stateless: float = 120.0
    page: float = 10.0
    linger: float = 11.0

    def window_for(self, request: AuthorizationRequest, requested: float | None) -> float:
        """The time for which this sign-in may wait for its response."""
        most = self.longest_window if request.state_echo else min(self.stateless, self.longest_window)
        return min(self.window if requested is None else requested, most)
