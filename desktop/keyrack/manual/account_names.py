"""`keyrack completion accounts`: the names that a shell completes. It says nothing where no Keyrack answers at once."""

from keyrack.cli.exit_codes import CommandFailed, plain
from keyrack.cli.output import print_result
from keyrack.cli.socket_client import SocketClient

WORD = "accounts"
# The person waits at the prompt.
SECONDS = 1.0


def run(*, sandbox: bool) -> int:
    """Print one name a line. Returns 0 always, because a shell could do nothing about a failure."""
    try:
        answer = SocketClient(sandbox=sandbox, seconds=SECONDS).call("GET", "/v1/status")
        accounts = answer.get("accounts")
        names = [each.get("name") for each in accounts if isinstance(each, dict)] if isinstance(accounts, list) else []
        print_result("".join(f"{plain(name)}\n" for name in names if isinstance(name, str)))
    except (CommandFailed, KeyboardInterrupt):
        pass
    return 0
