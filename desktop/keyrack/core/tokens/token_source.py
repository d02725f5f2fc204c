"""Finds an access token that lives long enough, renewing it first where it does not."""

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Active, Closed, Retrying, Running, Unreadable, Unsaved, key_of, token_of
from keyrack.core.failures import ExchangeClosed, LifetimeTooShort, NotSignedIn
from keyrack.core.tokens import renewal_rule
from keyrack.core.tokens.refresher import Refresher
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret


class TokenSource:
    """The fresh tokens of all accounts for Keyrack's own requests. `GuardedTokens` gives them to programs."""

    def __init__(self, refresher: Refresher, clock: Clock) -> None:
        self._refresher = refresher
        self._clock = clock

    async def fresh(self, account: Account, at_least: float | None = None, *, asked: bool = False) -> Secret:
        """An access token that still lives for `at_least` seconds, by default min(30 s, half its lifetime).

        It is renewed once if less is left, before others that are only due where somebody waits for it (`asked`). For
        an account with a key this is the key's public part. Raises NotSignedIn, LifetimeTooShort, or why the renewal
        failed.
        """
        key = key_of(account.state)
        if key is not None:
            return key.public
        await self._wait_for_renewal(account, asked=asked)
        token = self._token_of(account)
        _check_lifetime(account, token, at_least)
        if not self._lives_long_enough(token, at_least):
            await self._refresher.renew(account, asked=asked)
            before, token = token, self._token_of(account)
            if token is not before:
                _check_lifetime(account, token, at_least)
                at_least = None  # some of its life passed on the way here, and nothing fresher can be had
        if self._lives_long_enough(token, at_least) and token.access is not None:
            return token.access
        raise self.why_missing(account)

    async def _wait_for_renewal(self, account: Account, *, asked: bool) -> None:
        """Wait for the end of a renewal that ends the running token at once (Kraken Q6)."""
        state = account.state
        if isinstance(state, Active) and isinstance(state.renewal, Running) and self._refresher.old_token_ends(account):
            await self._refresher.renew(account, asked=asked)

    def _token_of(self, account: Account) -> Token:
        token = token_of(account.state)
        if token is None:
            raise self.why_missing(account)
        return token

    def _lives_long_enough(self, token: Token, at_least: float | None) -> bool:
        least = renewal_rule.least_left(token.lifetime) if at_least is None else at_least
        return renewal_rule.has_left(token, self._clock.elapsed(), least)

    def why_missing(self, account: Account) -> Failure:
        """Why there is no token of the account now."""
        state = account.state
        if isinstance(state, Active) and isinstance(state.renewal, Retrying | Unsaved):
            return state.renewal.why
        if isinstance(state, Unreadable):
            return state.why
        if isinstance(state, Closed):
            return state.why or ExchangeClosed()
        return NotSignedIn("not_signed_in", account=account.settings.name)


def _check_lifetime(account: Account, token: Token, at_least: float | None) -> None:
    if at_least is not None and token.lifetime is not None and at_least > token.lifetime:
        raise LifetimeTooShort(account=account.settings.name, seconds=f"{token.lifetime:.0f}")
