"""What every vault can do, whatever keeps the records."""

from typing import Protocol

from keyrack.core.vault.record import Record


class Vault(Protocol):
    """Where the records of all accounts are kept; every call raises VaultFailure when it cannot.

    `name` is for the person. `persistent` is False when all ends with the session. `prompt` is
    True when the person pressed a button and may be asked to unlock (120 s instead of 5 s).
    """

    name: str
    persistent: bool

    async def load(self, account: str, *, prompt: bool = False) -> Record:
        """The account's record; Missing when there is none."""

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:
        """Write the record, read it back and compare (S58)."""

    async def delete(self, account: str, *, prompt: bool = False) -> None:
        """Remove the record; a missing one is fine."""

    async def close(self) -> None:
        """End; calls under way are given a second."""
