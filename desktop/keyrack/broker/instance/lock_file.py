"""A file lock for one instance. The system releases it when its process ends, however it ends (S86)."""

import os
import sys
from pathlib import Path

from keyrack.language.translation import Phrase, mark
from keyrack.primitives.failure import Failure, plain

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_TRIES = 10


class NoInstanceLock(Failure):
    """There can be no lock, so nothing says that this instance is the only one."""

    @classmethod
    def for_error(cls, path: Path, error: OSError) -> "NoInstanceLock":
        """The failure for what the system said of the lock file or its folder."""
        return cls("lock_not_made", path=plain(str(path)), reason=plain(error.strerror or type(error).__name__))


def lock(path: Path) -> int | None:
    """Take the lock. Returns a descriptor to keep open, or None when another process holds the lock.

    The file is made if needed and never removed. Its content means nothing. Raises NoInstanceLock when it cannot be
    made, and on a file system without locks, as some homes on a network have it (flock(2): ENOLCK, EOPNOTSUPP).
    """
    for _ in range(_TRIES):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NOFOLLOW, 0o600)
        except OSError as error:
            raise NoInstanceLock.for_error(path, error) from error
        try:
            taken = _try_lock(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise NoInstanceLock("locks_missing", path=plain(str(path.parent))) from error
        if not taken:
            os.close(descriptor)
            return None
        if is_held(descriptor, path):
            return descriptor
        os.close(descriptor)  # the file was removed or replaced meanwhile: the lock was on the old one
    raise NoInstanceLock("lock_not_made", path=plain(str(path)), reason=Phrase(mark("it is replaced again and again")))


def release(descriptor: int) -> None:
    """Release the lock."""
    os.close(descriptor)


def is_held(descriptor: int, path: Path) -> bool:
    """Whether the lock of this descriptor is on the file that is now at the path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.lstat())
    except OSError:
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
