"""Runs a verb: connects it to the running Keyrack, prints its failure, and returns its exit code."""

from collections.abc import Callable

from keyrack.cli.arguments import HelpRequested, before_command
from keyrack.cli.exit_codes import INTERRUPTED, USAGE, CommandFailed, plain
from keyrack.cli.output import print_message, print_result
from keyrack.cli.socket_client import SocketClient
from keyrack.language.translation import tr

Verb = Callable[[SocketClient, list[str]], int]
_LONGEST_WORD = 60


def run(arguments: list[str], verb: Verb) -> int:
    """Run `verb`, the first of the arguments, with the other arguments. Returns the exit code.

    A code other than 0 comes with one sentence on stderr. `--sandbox` may stand anywhere before a command.
    """
    ours = before_command(arguments)
    _, *words = [word for word in ours if word != "--sandbox"] + arguments[len(ours) :]
    try:
        return _run(verb, words, sandbox="--sandbox" in ours)
    except CommandFailed as problem:
        print_message(problem.text)
        return problem.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(verb: Verb, words: list[str], *, sandbox: bool) -> int:
    try:
        return verb(SocketClient(sandbox=sandbox), words)
    except HelpRequested as asked:
        print_result(asked.text)
        return 0


def unknown(word: str) -> int:
    """Refuse a verb that does not exist."""
    print_message(tr("There is no verb “{word}”. `keyrack --help` lists them.", word=plain(word, _LONGEST_WORD)))
    return USAGE
