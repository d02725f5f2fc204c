"""What the store of records needs to know of those that several hosts share."""

from typing import Protocol

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.collection import Accounts
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.oauth.token import Token


class SharedRecords(Protocol):
    """The records of the accounts that several hosts share. Every method that waits raises VaultFailure."""

    def holds(self, id: str) -> bool:
        """Whether the account is one of them."""

    async def load(self, id: str) -> Record:
        """The record as the group has it. Raises Missing when there is none."""

    def with_access(self, id: str, token: Token) -> Token:
        """The token of the account's record, with the access token that its renewal brought to the group."""

    async def put(self, id: str, record: Record, token: Token | None, settings: Settings | None = None) -> None:
        """Store a record for all hosts and read it back. `token` is the one that it was made of.

        Without one the access token stays, as long as the refresh token is the same. `settings` are newer ones.
        """

    async def remove(self, id: str) -> None:
        """Take the account away from all hosts."""


class SharedNotRead(VaultFailure):
    """The shared store has not been read yet."""

    code = "shared_not_read"
    technical = False


class AwaitedRecords:
    """The records of shared accounts before the group is open. What this host's keyring has of them may be old."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts

    def holds(self, id: str) -> bool:
        """Whether the account is shared."""
        account = self._accounts.kept.get(id)
        return account is not None and bool(account.settings.group)

    async def load(self, id: str) -> Record:  # noqa: ARG002 - none is there
        """Raises SharedNotRead."""
        raise SharedNotRead

    def with_access(self, id: str, token: Token) -> Token:  # noqa: ARG002 - none is there
        """The token as it is."""
        return token

    async def put(
        self,
        id: str,  # noqa: ARG002 - there is no place
        record: Record,  # noqa: ARG002
        token: Token | None,  # noqa: ARG002
        settings: Settings | None = None,  # noqa: ARG002
    ) -> None:
        """Raises SharedNotRead."""
        raise SharedNotRead

    async def remove(self, id: str) -> None:  # noqa: ARG002 - there is no place
        """Raises SharedNotRead."""
        raise SharedNotRead
