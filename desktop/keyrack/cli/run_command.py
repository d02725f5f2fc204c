"""`keyrack run`: becomes a command that finds a fresh token in its environment."""

import os
import re
import signal

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.exit_codes import UNEXPECTED, CommandFailed, plain
from keyrack.cli.socket_client import SocketClient
from keyrack.cli.token_commands import MIN_VALID, MIN_VALID_HELP, ask, visible_ascii
from keyrack.language.translation import mark, tr

NOT_EXECUTABLE, NOT_FOUND = 126, 127  # as shells have them
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]*_TOKEN")  # as in providers.files.check
_USAGE = Usage(
    "run NAME [--min-valid S] -- COMMAND…",
    mark("""Runs COMMAND with a fresh access token of the account NAME in one more variable of its environment.
The provider's file names the variable: WHITEBIT_TOKEN. Whatever COMMAND starts sees it too, and nobody
renews it there."""),
    MIN_VALID_HELP,
    names=1,
    values=(MIN_VALID,),
    command=True,
)


def run(client: SocketClient, words: list[str]) -> int:
    """Become the command. Raises CommandFailed, with 126 or 127 when the command itself cannot be run."""
    arguments = parse(_USAGE, words)
    answer = ask(client, _USAGE, arguments)
    environment = {**os.environ, _variable(answer): visible_ascii(answer, "access_token")}
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # by Python, and the command would inherit that
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execvpe(arguments.command[0], arguments.command, environment)  # noqa: S606 - arguments as given, no shell
    except OSError as error:
        code = NOT_FOUND if isinstance(error, FileNotFoundError | NotADirectoryError) else NOT_EXECUTABLE
        said = tr("“{command}” could not be run: {why}.", command=plain(arguments.command[0]), why=error.strerror)
        raise CommandFailed(code, said) from None


def _variable(answer: dict[str, object]) -> str:
    """The name of the variable, which is never one that already means something, such as PATH."""
    name = answer.get("variable")
    if not isinstance(name, str) or not _VARIABLE.fullmatch(name):
        raise CommandFailed(UNEXPECTED, tr("Keyrack named a variable that cannot hold a token."))
    return name


VERBS = {"run": run}
