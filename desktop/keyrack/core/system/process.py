"""Protects the process before it holds a secret: no core dump, no reading of its memory (S101)."""

import ctypes
import logging
import sys

if sys.platform != "win32":
    import resource

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_log = logging.getLogger(__name__)


def harden() -> bool:
    """Forbid core dumps and, on Linux, that other programs of this user read the memory of the process.

    Returns whether every protection of this platform took effect. A failure is logged and nothing else.
    xdg-desktop-portal refuses such a process, so the system's own file dialogs are not available.
    """
    done = [step() for step in (_no_core, _not_dumpable)]
    return all(done)


def _no_core() -> bool:
    if sys.platform == "win32":
        return True
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        return _verified("RLIMIT_CORE", good=resource.getrlimit(resource.RLIMIT_CORE) == (0, 0))
    except (OSError, ValueError) as error:
        return _verified("RLIMIT_CORE", good=False, error=error)


def _not_dumpable() -> bool:
    if sys.platform != "linux":
        return True
    try:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        return _verified("PR_SET_DUMPABLE", good=prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) == 0)
    except (OSError, AttributeError) as error:
        return _verified("PR_SET_DUMPABLE", good=False, error=error)


def _verified(what: str, *, good: bool, error: Exception | None = None) -> bool:
    if not good:
        _log.warning("the process could not be hardened: %s had no effect (%s)", what, type(error).__name__)
    return good
