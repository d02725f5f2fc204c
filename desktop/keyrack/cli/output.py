"""The output of the command line: results go to stdout, sentences go to stderr."""

import os
import sys

from keyrack.cli.exit_codes import UNEXPECTED, CommandFailed, plain
from keyrack.command_name import command_name
from keyrack.language.translation import tr

_COMMAND = "`keyrack"


def print_result(text: str) -> None:
    """Write a result to stdout, without a buffer that could fail later.

    Raises CommandFailed (1) when stdout is closed or full.
    """
    try:
        if sys.stdout is None:
            raise OSError(None, tr("it is closed"))
        data = memoryview(text.encode(sys.stdout.encoding, "replace"))
        while data:
            data = data[os.write(sys.stdout.fileno(), data) :]
    except OSError as error:
        said = tr("The answer could not be written to stdout: {why}.", why=error.strerror)
        raise CommandFailed(UNEXPECTED, said) from None


def columns() -> int:
    """The width of the terminal at stdout, 0 where there is none."""
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns
    except (AttributeError, OSError, ValueError):
        return 0


def print_message(text: str) -> None:
    """Write lines to stderr without control characters, and commands in them as they are called on this computer.

    A line that cannot be written is dropped.
    """
    if sys.stderr is None:
        return
    text = as_called(text)
    try:
        sys.stderr.write("".join(f"{plain(line)}\n" for line in text.split("\n")))
        sys.stderr.flush()
    except OSError:
        return


def as_called(text: str) -> str:
    """The text with its commands as they are called on this computer."""
    return text.replace(_COMMAND, f"`{command_name(_here())}") if _COMMAND in text else text


def _here() -> str:
    """The folder in which the person is, "" where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""
