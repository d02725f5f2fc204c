"""What of an account's view changes from second to second while all else stays."""

import math
from operator import is_
from typing import TYPE_CHECKING

from keyrack.core.status import REMINDED_SHARE, words_hold_for
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.widgets.ring_kind import SOON, URGENT

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.primitives.clock import Clock

_MINUTE = 60.0


class Countdown:
    """The time left of a view, in elapsed seconds of `clock`, for as long as its words and its colour are the same.

    What shows many accounts counts them with this, and makes a new view only when something else changes as well: the
    state, the kind at 20 % and 10 % of the life, and the whole minutes that a screen reader is told.
    """

    def __init__(self, view: AccountView, account: "Account", clock: "Clock") -> None:
        self._account = account
        self._clock = clock
        self._parts = account.status_parts
        status = view.status
        counts = view.name == "ready" and not status.is_key and not view.endless and self._parts[2] is None
        self._lifetime = status.lifetime or 0.0
        self._ends = self._renews = self._until = -math.inf
        if counts and status.left and self._lifetime:
            now = clock.elapsed()
            self._ends = now + status.left
            self._until = now + min(words_hold_for(status), *self._steps(status.left))
            if status.renews_in is not None:
                self._renews = now + status.renews_in
                self._until = min(self._until, self._renews)

    def _steps(self, left: float) -> tuple[float, ...]:
        """In how many seconds the kind changes, and the minute."""
        kinds = (left - share * self._lifetime for share in (SOON, URGENT, 0.0))
        return (*(seconds for seconds in kinds if seconds >= 0), left - (math.ceil(left / _MINUTE) - 1) * _MINUTE)

    def left(self) -> float | None:
        """The seconds left of the token. None where something else is another than in the view as well."""
        now = self._clock.elapsed()
        if now >= self._until or not all(map(is_, self._account.status_parts, self._parts)):
            return None
        return self._ends - now

    def share_of(self, left: float) -> float:
        """The share of its life that so many seconds are, 0 to 1."""
        return min(1.0, left / self._lifetime)

    @property
    def renews_in(self) -> float | None:
        """The seconds until it is renewed, None where nothing renews it."""
        return self._renews - self._clock.elapsed() if self._renews > -math.inf else None


def group_holds_for(view: AccountView) -> float:
    """For how many seconds the summary counts an account of the same state as it does now."""
    status = view.status
    if view.name != "ready" or status.left is None or not status.lifetime:
        return math.inf
    seconds = status.left - status.lifetime * (REMINDED_SHARE if status.is_key else SOON)
    if not status.is_key:
        seconds = max(seconds, status.renews_in or -math.inf)
    return seconds if seconds >= 0 else math.inf
