"""Whether the files that this program runs from were replaced or removed since it began, by a package for example."""

import os
import re
from enum import Enum
from pathlib import Path

import keyrack

_LONGEST = 4_096
_VERSION = re.compile(r'^__version__ = "([^"\n]{1,64})"', re.MULTILINE)


class Change(Enum):
    """What became of the files."""

    UPDATED = "another release is in their place"
    REMOVED = "they are gone"


class ProgramFiles:
    """Looks at the one file that names the release.

    A look is one call of the system, until the file is another one: then it is read. Where the same release was
    installed again nothing has changed. Files that are gone count as removed at the second look that misses them, which
    comes long after the first, because an installer may remove the old ones before it has the new ones.
    `release` is the one that runs.
    """

    def __init__(self, file: Path = Path(keyrack.__file__), release: str = keyrack.__version__) -> None:
        self._file = file
        self._release = release
        self._known = _identity(file)
        self._change: Change | None = None
        self._missed = False

    def look(self) -> Change | None:
        """What became of them, None for nothing."""
        now = _identity(self._file)
        if now is None:
            missed, self._missed = self._missed, True
            return Change.REMOVED if missed else self._change
        self._missed = False
        if now != self._known:
            self._known, self._change = now, self._read()
        return self._change

    def _read(self) -> Change | None:
        try:
            with self._file.open("rb") as file:
                found = _VERSION.search(file.read(_LONGEST).decode("utf-8", "replace"))
        except OSError:
            return self._change
        return Change.UPDATED if found is None or found[1] != self._release else None


def _identity(file: Path) -> tuple[int, int, int, int] | None:
    try:
        known = os.stat(file)
    except OSError:
        return None
    return known.st_dev, known.st_ino, known.st_mtime_ns, known.st_size
