"""Reads a secret from the terminal, from stdin where there is no terminal, or from a descriptor (S90)."""

import getpass
import os
import sys

from keyrack.cli.arguments import Arguments, Usage
from keyrack.cli.exit_codes import USAGE, CommandFailed
from keyrack.language.translation import tr

PASSPHRASE_FD = "--passphrase-fd"
_LONGEST = 32_768
_MOST_DIGITS = 6


def secret(prompt: str, descriptor: int | None = None) -> str:
    """The secret, typed at the terminal without echo, else one line of stdin. It may be empty.

    With a `descriptor` it is one line of that, and nobody is asked.
    A secret is never an argument or a variable of the environment. Raises CommandFailed (2) where nothing can be read.
    """
    if descriptor is not None:
        try:
            return _line(descriptor)
        except (EOFError, OSError, UnicodeError):
            said = tr("{asked}: nothing could be read from descriptor {number}.", asked=prompt, number=descriptor)
            raise CommandFailed(USAGE, said) from None
    if sys.stdin is None:
        raise CommandFailed(USAGE, tr("{asked}: there is no terminal to ask, and stdin is closed.", asked=prompt))
    try:
        return getpass.getpass(tr("{asked}: ", asked=prompt)) if sys.stdin.isatty() else _line(sys.stdin.fileno())
    except (EOFError, OSError, UnicodeError):
        raise CommandFailed(USAGE, tr("{asked}: nothing could be read.", asked=prompt)) from None


def descriptor_of(usage: Usage, arguments: Arguments) -> int | None:
    """The descriptor that `--passphrase-fd` names, None without it. Raises CommandFailed (2) for what is no number."""
    given = arguments.options.get(PASSPHRASE_FD)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= _MOST_DIGITS):
        raise usage.wrong(tr("{option} needs the number of an open descriptor.", option=PASSPHRASE_FD))
    return int(given)


def _line(descriptor: int) -> str:
    """The next line and no byte after it, so that another reader can continue. Raises EOFError at the end."""
    line = b""
    while not line.endswith(b"\n") and len(line) < _LONGEST:
        byte = os.read(descriptor, 1)
        if not byte and not line:
            raise EOFError
        if not byte:
            break
        line += byte
    return line.decode().rstrip("\r\n")
