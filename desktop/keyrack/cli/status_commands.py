"""`keyrack status`, `refresh` and `socket`."""

import json
import sys

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.output import columns, put, say
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.cli.status_table import lasts, table

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
    """Print how every account is; nothing in it needs a secret (R7)."""
    given = parse(_STATUS, words)
    answer = client.call("GET", "/v1/status")
    put(json.dumps(answer, indent=2) + "\n" if "--json" in given.options else table(answer, columns()))
    return 0


def refresh(client: SocketClient, words: list[str]) -> int:
    """Renew now; at a terminal say so when it worked."""
    (name,) = parse(_REFRESH, words).names
    told = client.call("POST", path_of("v1", "accounts", name, "refresh"))
    if sys.stderr is not None and sys.stderr.isatty():
        left = lasts(told.get("expires_in"))
        say(f"“{told.get('name')}” is fresh{f' for {left}' if left else ''}.")
    return 0


def socket(client: SocketClient, words: list[str]) -> int:
    """Print the path, whether anybody listens there or not; the exit code says which."""
    parse(_SOCKET, words)
    put(f"{client.path}\n")
    client.knock()
    return 0


VERBS = {"status": status, "refresh": refresh, "socket": socket}
