"""The group as a running Keyrack has it open: the store, the seal, and what was read before."""

from dataclasses import dataclass

from keyrack.core.group.sharing_file import SharingSettings
from keyrack.core.shared_store.newest_revision import NewestRevision
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seen_revisions import SeenRevisions
from keyrack.core.shared_store.shared_store import SharedStore


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """Everything that is put into the store goes through `seal`. The seal stays the same when the key is changed."""

    settings: SharingSettings
    store: SharedStore
    seal: Seal
    seen: SeenRevisions
    newest: NewestRevision

    @property
    def prefix(self) -> str:
        """What every key of the group begins with."""
        return self.settings.prefix

    async def close(self) -> None:
        """End the connection and have on the disk what was read."""
        self.seen.close()
        await self.store.close()
