"""What the command line writes: results to stdout, sentences to stderr."""

import os
import sys

from keyrack.cli.exit_codes import UNEXPECTED, CommandFailed, plain


def put(text: str) -> None:
    """Write a result to stdout, past any buffer that could fail later; raises Problem (1) when it is closed or full."""
    try:
        if sys.stdout is None:
            raise OSError(None, "it is closed")
        data = memoryview(text.encode(sys.stdout.encoding, "replace"))
        while data:
            data = data[os.write(sys.stdout.fileno(), data) :]
    except OSError as error:
        raise CommandFailed(UNEXPECTED, f"The answer could not be written to stdout: {error.strerror}.") from None


def columns() -> int:
    """How wide the terminal at stdout is, 0 where there is none."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (AttributeError, OSError, ValueError):
        return 0


def say(text: str) -> None:
    """Write lines to stderr without control characters; what cannot be written is not."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("".join(f"{plain(line)}\n" for line in text.split("\n")))
        sys.stderr.flush()
    except OSError:
        return
