"""`keyrack status`, `refresh` and `socket`."""

import json
import sys

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.output import columns, print_message, print_result
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.cli.status_table import duration, table

_STATUS = Usage(
    "status [--json]",
    """Says how every account is and how long its token lives.

  --json  the same for programs, as the local socket answers it""",
    switches=("--json",),
)
_REFRESH = Usage("refresh NAME", "Renews the token of the account NAME now.", names=1)
_SOCKET = Usage(
    "socket",
    'Prints where the local socket is, as for `curl --unix-socket "$(keyrack socket)" http://keyrack/v1/status`.',
)


def status(client: SocketClient, words: list[str]) -> int:
    """Print the state of every account. Nothing in it needs a secret (R7)."""
    arguments = parse(_STATUS, words)
    answer = client.call("GET", "/v1/status")
    print_result(json.dumps(answer, indent=2) + "\n" if "--json" in arguments.options else table(answer, columns()))
    return 0


def refresh(client: SocketClient, words: list[str]) -> int:
    """Renew the token now. Print what was not as asked for, and at a terminal also when it worked."""
    (name,) = parse(_REFRESH, words).names
    response = client.call("POST", path_of("v1", "accounts", name, "refresh"))
    if response.get("joined"):
        print_message(f"A renewal of “{response.get('name')}” was under way already, and no other was asked for.")
    elif response.get("renewed") is False:
        print_message(f"“{response.get('name')}” has a key, which needs no renewal. Its figures were asked for.")
    elif sys.stderr is not None and sys.stderr.isatty():
        left = duration(response.get("expires_in"))
        print_message(f"“{response.get('name')}” is fresh{f' for {left}' if left else ''}.")
    return 0


def socket(client: SocketClient, words: list[str]) -> int:
    """Print the path of the socket. The exit code says whether a Keyrack listens there."""
    parse(_SOCKET, words)
    try:
        client.knock()
    finally:
        print_result(f"{client.path}\n")
    return 0


VERBS = {"status": status, "refresh": refresh, "socket": socket}
