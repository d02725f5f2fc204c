"""Seconds that pass also while the machine sleeps, for every room that waits."""

import time


def elapsed() -> float:
    """Seconds since an arbitrary moment, suspend included where the system counts it (S24, S80)."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(clock) if clock is not None else time.monotonic()
