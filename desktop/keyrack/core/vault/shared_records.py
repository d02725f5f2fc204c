"""What the store of records needs to know of those that several hosts share."""

from typing import Protocol

from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Missing
from keyrack.oauth.token import Token


class SharedRecords(Protocol):
    """The records of the accounts that several hosts share. Every method that waits raises VaultFailure."""

    def holds(self, id: str) -> bool:
        """Whether the account is one of them."""

    async def load(self, id: str) -> Record:
        """The record as the group has it. Raises Missing when there is none."""

    def with_access(self, id: str, token: Token) -> Token:
        """The token of the account's record, with the access token that its renewal brought to the group."""

    async def put(self, id: str, record: Record, token: Token | None) -> None:
        """Store a record for all hosts and read it back. `token` is the one that it was made of.

        Without one the access token stays, as long as the refresh token is the same.
        """

    async def remove(self, id: str) -> None:
        """Take the account away from all hosts."""


class NothingShared:
    """The records of a host that shares no account."""

    def holds(self, id: str) -> bool:  # noqa: ARG002 - none
        """No account is shared."""
        return False

    async def load(self, id: str) -> Record:  # noqa: ARG002 - none
        """There is no such record."""
        raise Missing

    def with_access(self, id: str, token: Token) -> Token:  # noqa: ARG002 - none
        """The token as it is."""
        return token

    async def put(self, id: str, record: Record, token: Token | None) -> None:
        """Nothing is stored."""

    async def remove(self, id: str) -> None:
        """Nothing is taken away."""
