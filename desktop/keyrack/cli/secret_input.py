"""Reads a secret from the terminal, or from stdin when that is none (S90)."""

import getpass
import os
import sys

from keyrack.cli.exit_codes import USAGE, CommandFailed

_LONGEST = 32_768


def secret(prompt: str) -> str:
    """What is typed at the terminal without echo, else one line of stdin; it may be empty.

    Never an argument or a variable of the environment. Raises Problem (2) where nothing can be read.
    """
    if sys.stdin is None:
        raise CommandFailed(USAGE, f"{prompt}: there is no terminal to ask, and stdin is closed.")
    try:
        return getpass.getpass(f"{prompt}: ") if sys.stdin.isatty() else _line()
    except (EOFError, OSError, UnicodeError):
        raise CommandFailed(USAGE, f"{prompt}: nothing could be read.") from None


def _line() -> str:
    """The next line of stdin and not a byte more, so that others can read what follows; raises EOFError at the end."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST:
        byte = os.read(sys.stdin.fileno(), 1)
        if not byte and not line:
            raise EOFError
        if not byte:
            break
        line += byte
    return line.decode().rstrip("\r\n")
