"""The place of the environment, and the stamps that say what it was made from."""

import os
import sys

VERSION = 1
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "Scripts", "python.exe") if os.name == "nt" else os.path.join(VENV, "bin", "python")
RUNTIME = "requirements.txt"
TESTS = "requirements-tests.txt"
PACKAGES = "requirements-packages.txt"


def locks(*, tests: bool, packages: bool = False) -> tuple[str, ...]:
    """Name the lock files an environment has to satisfy, in the order they are installed."""
    if packages:
        return (RUNTIME, TESTS, PACKAGES)
    return (RUNTIME, TESTS) if tests else (RUNTIME,)


def stamp_path(lock: str) -> str:
    """The path of the stamp of one lock file."""
    return os.path.join(VENV, f"keyrack-{lock}.stamp")


def stamp_text(lock: str) -> bytes:
    """The stamp of a finished environment: what it was made from, with the whole lock in it.

    It holds the lock itself and not its digest, because comparing it costs less than importing a digest.
    """
    head = f"bootstrap {VERSION}\nroot {ROOT}\npython {sys.version} {sys.base_prefix}\n"
    with open(os.path.join(ROOT, "packaging", lock), "rb") as file:
        return os.fsencode(head) + file.read()


def is_current(lock: str) -> bool:
    """Whether the environment was finished from exactly this lock, Python and place."""
    try:
        with open(stamp_path(lock), "rb") as file:
            return file.read() == stamp_text(lock)
    except OSError:
        return False


def qt_mark() -> str:
    """The file which notes that Qt's system libraries were found. Those of X are checked only with a display."""
    wants_xcb = sys.platform == "linux" and "DISPLAY" in os.environ and "QT_QPA_PLATFORM" not in os.environ
    return os.path.join(VENV, "keyrack-qt-xcb" if wants_xcb else "keyrack-qt")
