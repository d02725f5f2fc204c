"""A file lock for one instance. The system releases it when its process ends, however it ends (S86)."""

import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_TRIES = 10


def lock(path: Path) -> int | None:
    """Take the lock. Returns a descriptor to keep open, or None when another process holds the lock.

    The file is made if needed and never removed. Its content means nothing. Raises OSError when it cannot be made.
    """
    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o600)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return None
        if _same_file(descriptor, path):
            return descriptor
        os.close(descriptor)  # the file was removed or replaced meanwhile: the lock was on the old one
    raise OSError(f"{path} is replaced again and again")


def release(descriptor: int) -> None:
    """Release the lock."""
    os.close(descriptor)


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
