"""Handles a 401 on a token that was believed valid: one new token, and never a loop (S81)."""

from dataclasses import dataclass

from keyrack.core.accounts.account import Account
from keyrack.core.tokens import renewal_rule
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.token_source import TokenSource
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret

ONE_EVENT = 1.0
PAUSES = (10.0, 20.0, 40.0, 80.0, 160.0, 300.0)


@dataclass(slots=True)
class _Refusals:
    """The refusals in a row of a token that nothing renews. `first` and `last` are in elapsed seconds."""

    first: float
    last: float
    count: int = 1


class RefusedTokens:
    """Notes for which accounts a token was already renewed in vain, or is refused and cannot be renewed.

    Each kind of request has its own object.
    """

    def __init__(self, refresher: Refresher, token_source: TokenSource, clock: Clock) -> None:
        self._refresher = refresher
        self._token_source = token_source
        self._clock = clock
        self._renewed: set[str] = set()
        self._refusals: dict[str, _Refusals] = {}

    async def replacement(self, account: Account, refused: Secret) -> Secret | None:
        """Another token than the refused one. It is renewed at most once until `accepted` is called.

        Returns None where there is no other token. Raises Failure where the account has no token.
        """
        token = await self._token_source.fresh(account, 0.0)
        if token == refused and account.id not in self._renewed:
            self._renewed.add(account.id)
            await self._refresher.renew(account)
            token = await self._token_source.fresh(account, 0.0)
        return token if token != refused else None

    def is_final(self, account: Account, *, least: int) -> bool:
        """Note a refusal of what nothing renews. Returns whether it is believed: for minutes, `least` times in a row.

        Two within a second are one event (report 8).
        """
        now = self._clock.elapsed()
        found = self._refusals.get(account.id)
        if found is None:
            found = self._refusals[account.id] = _Refusals(now, now)
        elif now - found.last >= ONE_EVENT:
            found.last, found.count = now, found.count + 1
        return found.count >= least and now - found.first >= renewal_rule.PATIENCE

    def pause(self, account: Account) -> float:
        """Seconds until the refused token is tried again. They grow with each refusal."""
        found = self._refusals.get(account.id)
        return PAUSES[min(found.count if found is not None else 1, len(PAUSES)) - 1]

    def accepted(self, account: Account) -> None:
        """A token of the account was accepted. The next refusal counts as the first again."""
        self._renewed.discard(account.id)
        self._refusals.pop(account.id, None)
