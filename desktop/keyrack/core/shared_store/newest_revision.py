"""The newest revision at which the shared store was seen, because an older store is refused."""

from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seen_revisions import SeenRevisions


class NewestRevision:
    """It is in memory alone. `revision` is 0 where nothing was seen yet."""

    def __init__(self, revision: int = 0) -> None:
        self.revision = revision

    def saw(self, revision: int) -> None:
        """Remember that the store answered at a revision."""
        self.revision = max(self.revision, revision)

    def begin_anew(self) -> None:
        """Take the store as it is now."""
        self.revision = 0


class KeptRevision(NewestRevision):
    """It is kept on this host's disk too, beside what was read at each address.

    It stands there under the prefix of the group, with the number of the group's key. So a changed key begins anew on
    every host that has it, as after a backup that was restored on purpose.
    """

    def __init__(self, prefix: str, seal: Seal, seen: SeenRevisions) -> None:
        super().__init__(seen.newest(prefix, seal.newest))
        self._prefix, self._seal, self._seen = prefix, seal, seen

    def saw(self, revision: int) -> None:
        """Remember it over a restart. What the disk has of a newer state stays until the key is changed."""
        super().saw(revision)
        self._seen.note(self._prefix, self._seal.newest, self.revision)
