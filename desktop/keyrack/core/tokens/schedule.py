"""When each account is due: its renewal, its next try after failures, its next try to store a token."""

import random
from collections.abc import Callable

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Retrying, Running, Unsaved, renewed_of
from keyrack.core.tokens import renewal_rule
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock


class Schedule:
    """Due moments in elapsed seconds. They derive from the account's state and its failures in a row.

    `reserve` gets an account, its token and the moment at which that is due, and returns the moment to renew it at.
    """

    def __init__(
        self, clock: Clock, reserve: Callable[[Account, Token, float], float], source: random.Random | None = None
    ) -> None:
        self._clock = clock
        self._reserve = reserve
        self._random = source or random.SystemRandom()
        self._failures: dict[str, int] = {}
        self._refused_since: dict[str, float] = {}
        self._last_try: dict[str, tuple[float, float]] = {}
        self._renewals: dict[str, tuple[Token, float]] = {}

    def due(self, account: Account) -> float | None:
        """The moment at which something is to be done. None while there is nothing, or while an attempt runs."""
        state = account.state
        if not isinstance(state, Active) or isinstance(state.renewal, Running):
            return None
        if isinstance(state.renewal, Retrying):
            return state.renewal.at
        token = renewed_of(state)
        at = self.renewal_due(account, token) if token is not None else None
        if not isinstance(state.renewal, Unsaved):
            return at
        tried, again = self._last_try.get(account.id, (-1.0, 0.0))
        # After a renewal that was tried and failed, the next one waits as long as storing does.
        return again if at is None or at <= tried else min(at, again)

    def renewal_due(self, account: Account, token: Token) -> float | None:
        """When this token is renewed. The jitter and the queue that move the moment do so once for one token."""
        at = renewal_rule.due(token)
        if at is None:
            return None if token.renewable else token.expires
        known = self._renewals.get(account.id)
        if known is None or known[0] is not token:
            wanted = at + renewal_rule.jitter(token, self._random)
            known = self._renewals[account.id] = (token, self._reserve(account, token, wanted))
            account.renewed_sooner = wanted - known[1]
        return known[1]

    def failed(self, account: Account, retry_after: float | None = None, *, refused: bool = False) -> float:
        """Count a failure. Returns the moment of the next try (S79).

        `refused` says that the provider refused, so that the pauses grow longer.
        """
        count = self._failures[account.id] = self._failures.get(account.id, 0) + 1
        now = self._clock.elapsed()
        if refused:
            self._refused_since.setdefault(account.id, now)
        again = now + renewal_rule.backoff(count, retry_after, self._random, refused=refused)
        self._last_try[account.id] = (now, again)
        return again

    def failures(self, id: str) -> int:
        """How many attempts in a row have failed."""
        return self._failures.get(id, 0)

    def refused_until(self, account: Account, token: Token) -> float | None:
        """When refusals without an end make this token's sign-in one that has ended.

        None where nothing was refused, or the token may live on.
        """
        since = self._refused_since.get(account.id)
        ends = self._clock.elapsed() if token.access is None else token.expires
        return None if since is None or ends is None else max(ends, since + renewal_rule.PATIENCE)

    def succeeded(self, account: Account) -> None:
        """Forget the failures."""
        self._forget_failures(account.id)

    def forget(self, id: str) -> None:
        """Forget an account."""
        self._forget_failures(id)
        self._renewals.pop(id, None)

    def _forget_failures(self, id: str) -> None:
        self._failures.pop(id, None)
        self._refused_since.pop(id, None)
        self._last_try.pop(id, None)
