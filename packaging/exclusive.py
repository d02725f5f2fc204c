"""Lets one set-up run at a time. A second one waits and prints that it does."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_held: list[int] = []


def held() -> tuple[int, ...]:
    """Name the descriptors a child must inherit so that the lock lasts as long as the child. None on Windows."""
    return tuple(_held) if os.name != "nt" else ()


@contextmanager
def hold(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock while the block runs. The system releases it however the process ends."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        if not taken(descriptor):
            say("Another start is setting Keyrack up; waiting for it…")
            wait(descriptor)
        _held.append(descriptor)
        yield
    finally:
        _held.clear()
        os.close(descriptor)


if os.name == "nt":
    import msvcrt

    def taken(descriptor: int) -> bool:
        """Try to take the lock."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True

    def wait(descriptor: int) -> None:
        """Wait until the lock is ours."""
        while not taken(descriptor):
            time.sleep(0.2)

else:
    import fcntl

    def taken(descriptor: int) -> bool:
        """Try to take the lock."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def wait(descriptor: int) -> None:
        """Wait until the lock is ours."""
        fcntl.flock(descriptor, fcntl.LOCK_EX)
