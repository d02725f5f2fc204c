"""One Keyrack at a time: a file lock that the system releases when its holder ends, however it ends (S86)."""

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
    """Hold the lock: a descriptor to keep open for life, or None when somebody else holds it.

    The file is made if needed, never removed, and its content means nothing. OSError when it
    cannot be made.
    """
    for _ in range(_TRIES):
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o600)
        if not _take(descriptor):
            os.close(descriptor)
            return None
        if _same_file(descriptor, path):
            return descriptor
        os.close(descriptor)  # somebody removed or replaced the file meanwhile: the lock was on the old one
    raise OSError(f"{path} is replaced again and again")


def release(descriptor: int) -> None:
    """Let the lock go."""
    os.close(descriptor)


def _same_file(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except FileNotFoundError:
        return False


if sys.platform == "win32":

    def _take(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:

    def _take(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
