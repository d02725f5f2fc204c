"""`keyrack diagnostics`: asks the Keyrack that runs, and where none does says what can be told without it."""

from keyrack.cli.arguments import HelpRequested, parse
from keyrack.cli.exit_codes import NOT_RUNNING, CommandFailed
from keyrack.cli.output import print_message, print_result
from keyrack.cli.socket_client import SocketClient
from keyrack.core.diagnostics.diagnostic_report import diagnostics_without_rack
from keyrack.core.system.paths import paths
from keyrack.manual.command_table import DIAGNOSTICS


def run(words: list[str], *, sandbox: bool) -> int:
    """Print the report. Returns 0, or the exit code of what kept it from being printed."""
    try:
        print_result(_text(words, sandbox=sandbox))
    except CommandFailed as problem:
        print_message(problem.text)
        return problem.exit_code
    return 0


def _text(words: list[str], *, sandbox: bool) -> str:
    try:
        parse(DIAGNOSTICS, words)
        return str(SocketClient(sandbox=sandbox).call("GET", "/v1/diagnostics")["diagnostics"])
    except HelpRequested as asked:
        return asked.text
    except CommandFailed as problem:
        if problem.exit_code != NOT_RUNNING:
            raise
        return diagnostics_without_rack(paths(sandbox))
