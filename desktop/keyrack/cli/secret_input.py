"""Reads a secret from the terminal, or from stdin where there is no terminal (S90)."""

import getpass
import os
import sys

from keyrack.cli.exit_codes import USAGE, CommandFailed
from keyrack.language.translation import tr

_LONGEST = 32_768


def secret(prompt: str) -> str:
    """The secret, typed at the terminal without echo, else one line of stdin. It may be empty.

    A secret is never an argument or a variable of the environment. Raises CommandFailed (2) where nothing can be read.
    """
    if sys.stdin is None:
        raise CommandFailed(USAGE, tr("{asked}: there is no terminal to ask, and stdin is closed.", asked=prompt))
    try:
        return getpass.getpass(tr("{asked}: ", asked=prompt)) if sys.stdin.isatty() else _line()
    except (EOFError, OSError, UnicodeError):
        raise CommandFailed(USAGE, tr("{asked}: nothing could be read.", asked=prompt)) from None


def _line() -> str:
    """The next line of stdin and no byte after it, so that another reader can continue. Raises EOFError at the end."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST:
        byte = os.read(sys.stdin.fileno(), 1)
        if not byte and not line:
            raise EOFError
        if not byte:
            break
        line += byte
    return line.decode().rstrip("\r\n")
