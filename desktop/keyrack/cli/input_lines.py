"""Reads lines from the terminal or from a pipe without blocking the rest of the verb, and asks for a yes."""

import os
import select
import sys

from keyrack.cli.exit_codes import USAGE, CommandFailed
from keyrack.cli.output import print_message
from keyrack.language.translation import tr

LONGEST = 65_536


def means_yes(line: str) -> bool:
    """Whether this is a yes, in English or in the language of this moment."""
    return line.lower() in {"y", "yes", *tr("y, yes").lower().split(", ")}


def means_no(line: str) -> bool:
    """Whether this is a no. An empty line is one too."""
    return line.lower() in {"", "n", "no", *tr("n, no").lower().split(", ")}


class InputLines:
    """The lines of standard input."""

    def __init__(self) -> None:
        self._buffer = b""
        self._ended = sys.stdin is None

    def ended(self) -> bool:
        """Whether standard input has ended."""
        return self._ended

    def next(self, seconds: float) -> str | None:
        """The next line without its end, or None when none arrived within `seconds` or standard input has ended."""
        if not self._ended and b"\n" not in self._buffer and select.select([sys.stdin], [], [], seconds)[0]:
            self._read()
        if b"\n" not in self._buffer and not (self._ended and self._buffer):
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "replace").strip()

    def _read(self) -> None:
        try:
            found = os.read(sys.stdin.fileno(), LONGEST)
        except OSError:
            found = b""
        self._buffer = (self._buffer + found)[:LONGEST]
        self._ended = not found


def confirm(question: str, declined: str) -> None:
    """Return after a yes at the terminal. Raises CommandFailed (2) after another answer, and without a terminal."""
    if sys.stdin is None or not sys.stdin.isatty():
        no_terminal = tr("There is no terminal to ask at: say so with --yes.")
        raise CommandFailed(USAGE, f"{question}\n{no_terminal}")
    print_message(tr("{question} [y/N]", question=question))
    lines = InputLines()
    while (line := lines.next(60.0)) is None and not lines.ended():
        pass
    if not means_yes(line or ""):
        raise CommandFailed(USAGE, declined)
