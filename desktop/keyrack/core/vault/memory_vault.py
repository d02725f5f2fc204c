"""A vault for one session. It deletes all records at its end (S57)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from keyrack.core.system.private_file import checked_id
from keyrack.core.vault import keyring_items
from keyrack.core.vault.record import Record
from keyrack.primitives.secret import Secret


@dataclass
class MemoryVault:
    """Keeps the records in memory, for this session only."""

    name: str = "memory"
    persistent: bool = False
    texts: dict[str, Secret] = field(default_factory=dict, repr=False)

    async def load(self, account: str, *, prompt: bool = False) -> Record:  # noqa: ARG002 - it never asks
        """The account's record. Raises Missing when there is none."""
        return keyring_items.load(_MemoryItems(self.texts), checked_id(account))

    async def load_together(self, accounts: Iterable[str], *, prompt: bool = False) -> dict[str, Record]:  # noqa: ARG002 - it never asks
        """None: memory is read one by one."""
        return {}

    def prepare_save(self, account: str) -> None:
        """Nothing can be prepared."""

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:  # noqa: ARG002 - it never asks
        """Keep the record."""
        keyring_items.save(_MemoryItems(self.texts), checked_id(account), record)

    async def delete(self, account: str, *, prompt: bool = False) -> None:  # noqa: ARG002 - it never asks
        """Delete the record."""
        keyring_items.delete(_MemoryItems(self.texts), checked_id(account))

    async def discard(self, account: str) -> None:
        """Delete what a save that failed may have left."""
        await self.delete(account)

    async def close(self) -> None:
        """Delete all records."""
        self.texts.clear()


@dataclass(frozen=True)
class _MemoryItems:
    texts: dict[str, Secret]

    def get(self, name: str) -> Secret | None:
        return self.texts.get(name)

    def set(self, name: str, text: Secret) -> None:
        self.texts[name] = text

    def delete(self, name: str) -> None:
        del self.texts[name]

    def renew(self) -> bool:
        return False
