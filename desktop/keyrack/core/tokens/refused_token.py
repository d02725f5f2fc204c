"""Handles a 401 on a token that was believed valid: one new token, and never a loop (S81)."""

from keyrack.core.accounts.account import Account
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.tokens.token_source import TokenSource
from keyrack.primitives.secret import Secret


class RefusedTokens:
    """Notes for which accounts a token was already renewed in vain. Each kind of request has its own object."""

    def __init__(self, refresher: Refresher, token_source: TokenSource) -> None:
        self._refresher = refresher
        self._token_source = token_source
        self._renewed: set[str] = set()

    async def replacement(self, account: Account, refused: Secret) -> Secret | None:
        """Another token than the refused one. It is renewed at most once until `accepted` is called.

        Returns None where there is no other token. Raises Failure where the account has no token.
        """
        token = await self._token_source.fresh(account, 0.0)
        if token == refused and self.is_first_refusal(account):
            await self._refresher.renew(account)
            token = await self._token_source.fresh(account, 0.0)
        return token if token != refused else None

    def is_first_refusal(self, account: Account) -> bool:
        """Whether this is the first refusal since `accepted`. Notes the refusal."""
        if account.id in self._renewed:
            return False
        self._renewed.add(account.id)
        return True

    def accepted(self, account: Account) -> None:
        """A token of the account was accepted. The next refusal counts as the first again."""
        self._renewed.discard(account.id)
