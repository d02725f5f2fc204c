"""What can be wrong with the history's file. None of it stops anything else."""

from pathlib import Path

from keyrack.primitives.failure import Failure


class HistoryFailure(Failure):
    """The history cannot be read or written now."""


class HistoryNewer(HistoryFailure):
    """A newer version wrote the file. It is left as it is."""

    def __init__(self, path: Path) -> None:
        super().__init__("history_newer", path=str(path))


class HistoryDamaged(HistoryFailure):
    """The file could not be read whole, and was put aside as `aside`. `kept` of its values are in the new one."""

    def __init__(self, aside: Path, kept: int = 0) -> None:
        if kept:
            super().__init__("history_partly_damaged", path=str(aside), count=str(kept))
        else:
            super().__init__("history_damaged", path=str(aside))


class NotExported(HistoryFailure):
    """The file of an export could not be written, for a reason in words."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__("history_not_exported", path=str(path), reason=reason)


class HistoryNotKept(HistoryFailure):
    """The disk refused, for a reason in words. What would have been written is a gap."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__("history_not_kept", path=str(path), reason=reason)
