"""The one place that imports what shares accounts between hosts, and only where this host is or comes into a group."""

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from keyrack.core.vault.record_store import RecordStore

if TYPE_CHECKING:
    from keyrack.core.group.entrances import Entrances
    from keyrack.core.group.membership import Membership

FILE = "sharing.toml"


class SharingGate:
    """Makes the parts of the room `group` when they are first asked for."""

    def __init__(self, records: RecordStore, config: Path, state: Path) -> None:
        self._records, self._config, self._state = records, config, state
        self._membership: Membership | None = None
        self._entrances: Entrances | None = None

    @property
    def in_group(self) -> bool:
        """Whether this host belongs to a group, as far as the folder says."""
        path = self._config / FILE
        return path.exists() or path.is_symlink()

    @property
    def membership(self) -> "Membership":
        """Whether this host belongs to a group, and how it enters, changes and leaves one."""
        if self._membership is None:
            connect: Any = importlib.import_module("keyrack.core.group.etcd_connection").connect_to_etcd
            make: Any = importlib.import_module("keyrack.core.group.membership").Membership
            made: Membership = make(self._records, self._config, self._state, connect)
            self._membership = made
        return self._membership

    @property
    def entrances(self) -> "Entrances":
        """What is under way while a host joins."""
        if self._entrances is None:
            make: Any = importlib.import_module("keyrack.core.group.entrances").Entrances
            made: Entrances = make(self.membership)
            self._entrances = made
        return self._entrances

    async def close(self) -> None:
        """End what was made."""
        if self._entrances is not None:
            await self._entrances.close()
        if self._membership is not None:
            await self._membership.close()
