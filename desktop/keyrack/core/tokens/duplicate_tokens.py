"""Finds a refresh token that a provider gave to two accounts, because each would end the other's sign-in."""

from collections import defaultdict

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import renewed_of


class DuplicateTokens:
    """Adds a line to the activity of both accounts, once for each pair (security C2.26)."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._reported: set[frozenset[str]] = set()

    def check(self) -> None:
        """Compare the refresh tokens of all accounts."""
        for found in self._shared():
            ids = frozenset(account.id for account in found)
            if ids not in self._reported:
                self._reported.add(ids)
                for account in found:
                    others = ", ".join(f"“{other.settings.name}”" for other in found if other is not account)
                    account.note("refresh_token_shared", others=others)

    def _shared(self) -> list[list[Account]]:
        accounts_by_token: defaultdict[tuple[str, str], list[Account]] = defaultdict(list)
        for account in self._accounts:
            token = renewed_of(account.state)
            if token is not None and token.refresh is not None:
                accounts_by_token[account.settings.provider, token.refresh.reveal()].append(account)
        return [found for found in accounts_by_token.values() if len(found) > 1]
