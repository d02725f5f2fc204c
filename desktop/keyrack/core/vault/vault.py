"""The interface of every vault."""

from collections.abc import Iterable
from typing import Protocol

from keyrack.core.vault.record import Record


class Vault(Protocol):
    """Stores the records of all accounts. Every method raises VaultFailure when it fails.

    `name` is shown to the person. `persistent` is False when the records end with the session. `prompt` is True when
    the person pressed a button and may be asked to unlock the keyring (deadline 120 s instead of 5 s).
    """

    name: str
    persistent: bool

    async def load(self, account: str, *, prompt: bool = False) -> Record:
        """The account's record. Raises Missing when there is none."""

    async def load_together(self, accounts: Iterable[str], *, prompt: bool = False) -> dict[str, Record]:
        """The records that can be read together, by account. Any other account is to be loaded by itself."""

    def prepare_save(self, account: str) -> None:
        """Do now what a save within seconds can do without its record. Nothing is raised, and nothing is waited for."""

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:
        """Write the record, read it back and compare (S58)."""

    async def delete(self, account: str, *, prompt: bool = False) -> None:
        """Delete the record. It is no error when there is none."""

    async def discard(self, account: str) -> None:
        """Delete what a save that failed may have left. When the caller's wait ends it is still done."""

    async def close(self) -> None:
        """End. Calls under way have one second to finish."""
