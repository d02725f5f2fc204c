"""Lines that a person types, or that are piped in, read without keeping anybody else waiting."""

import os
import select
import sys

LONGEST = 65_536


class InputLines:
    """The lines of standard input."""

    def __init__(self) -> None:
        self._kept = b""
        self._over = sys.stdin is None

    def over(self) -> bool:
        """Whether nothing more comes."""
        return self._over

    def next(self, seconds: float) -> str | None:
        """The next line without its end; None when none came in time, or none will."""
        if not self._over and b"\n" not in self._kept and select.select([sys.stdin], [], [], seconds)[0]:
            self._read()
        if b"\n" not in self._kept and not (self._over and self._kept):
            return None
        line, _, self._kept = self._kept.partition(b"\n")
        return line.decode("utf-8", "replace").strip()

    def _read(self) -> None:
        try:
            found = os.read(sys.stdin.fileno(), LONGEST)
        except OSError:
            found = b""
        self._kept = (self._kept + found)[:LONGEST]
        self._over = not found
