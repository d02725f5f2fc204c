"""Runs a verb: finds the running Keyrack, prints what it says, and ends with the verb's exit code."""

from collections.abc import Callable

from keyrack.cli.arguments import Help, before_command
from keyrack.cli.exit_codes import INTERRUPTED, USAGE, CommandFailed, plain
from keyrack.cli.output import put, say
from keyrack.cli.socket_client import SocketClient

Verb = Callable[[SocketClient, list[str]], int]
_LONGEST_WORD = 60


def run(arguments: list[str], verb: Verb) -> int:
    """Have `verb`, the first of the arguments, do what the others say; returns the exit code.

    Unless that is 0, one sentence was said on stderr. `--sandbox` may stand anywhere before a command.
    """
    ours = before_command(arguments)
    _, *words = [word for word in ours if word != "--sandbox"] + arguments[len(ours) :]
    try:
        return _run(verb, words, sandbox="--sandbox" in ours)
    except CommandFailed as problem:
        say(problem.text)
        return problem.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(verb: Verb, words: list[str], *, sandbox: bool) -> int:
    try:
        return verb(SocketClient(sandbox=sandbox), words)
    except Help as asked:
        put(asked.text)
        return 0


def unknown(word: str) -> int:
    """Refuse a verb that there is not."""
    say(f"There is no verb “{plain(word, _LONGEST_WORD)}”. `keyrack --help` lists them.")
    return USAGE
