"""Finds a refresh token that a provider gave to two accounts, because each would end the other's sign-in."""

from collections import defaultdict

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import renewed_of

# The provider and the refresh token.
_Key = tuple[str, str]


class DuplicateTokens:
    """Adds a line to the activity of both accounts, once for each pair (security C2.26)."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._reported: set[frozenset[str]] = set()
        self._tokens: dict[str, _Key] = {}
        self._holders: defaultdict[_Key, set[str]] = defaultdict(set)

    def check(self, account: Account) -> None:
        """Compare the refresh token of an account that changed with those of all others."""
        there = self._accounts.find(account.id) is account
        token = renewed_of(account.state) if there else None
        key = None if token is None or token.refresh is None else (account.settings.provider, token.refresh.reveal())
        if key == self._tokens.get(account.id):
            return
        self._forget(account.id)
        if key is not None:
            self._tokens[account.id] = key
            self._holders[key].add(account.id)
            self._report(frozenset(self._holders[key]))

    def _forget(self, id: str) -> None:
        old = self._tokens.pop(id, None)
        if old is not None:
            self._holders[old].discard(id)
            if not self._holders[old]:
                del self._holders[old]

    def _report(self, ids: frozenset[str]) -> None:
        if len(ids) < 2 or ids in self._reported:
            return
        self._reported.add(ids)
        found = [account for account in self._accounts if account.id in ids]
        for account in found:
            others = ", ".join(f"“{other.settings.name}”" for other in found if other is not account)
            account.note("refresh_token_shared", others=others)
