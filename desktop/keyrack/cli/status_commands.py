"""`keyrack status`, `refresh`, `socket` and `history export`."""

import json
import sys
from collections.abc import Iterator

from keyrack import __version__
from keyrack.cli.arguments import Usage, command_of, parse
from keyrack.cli.exit_codes import plain
from keyrack.cli.output import columns, print_message, print_result
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.cli.status_table import duration, table
from keyrack.language.translation import mark, tr

_STATUS = Usage(
    "status [--json]",
    mark("""Says how every account is and how long its token lives.

  --json  the same for programs, as the local socket answers it"""),
    switches=("--json",),
)
_REFRESH = Usage("refresh NAME", mark("Renews the token of the account NAME now."), names=1)
_SOCKET = Usage(
    "socket",
    mark('Prints where the local socket is, as for `curl --unix-socket "$(keyrack socket)" http://keyrack/v1/status`.'),
)

_LONGEST_RELEASE = 20
_ACCOUNT, _SINCE = "--account", "--since"
_EXPORT = Usage(
    "history export [--account NAME] [--since DAY]",
    mark("""Prints what every account was worth as CSV: for each moment its total, then its main assets.
Names that a spreadsheet would take for a formula stand behind an apostrophe.

  --account NAME  this account alone
  --since DAY     from this day on, such as 2026-11-29 (UTC, as the times in it)"""),
    values=(_ACCOUNT, _SINCE),
)


def status(client: SocketClient, words: list[str]) -> int:
    """Print the state of every account. Nothing in it needs a secret (R7)."""
    arguments = parse(_STATUS, words)
    answer = client.call("GET", "/v1/status")
    print_result(json.dumps(answer, indent=2) + "\n" if "--json" in arguments.options else table(answer, columns()))
    runs = plain(str(answer.get("release", "")), _LONGEST_RELEASE)
    if runs != __version__:
        print_message(_of_another_release(runs))
    return 0


def _of_another_release(runs: str) -> str:
    said = tr("An older release of Keyrack runs, and this command is of {ours}.", ours=__version__)
    if runs:
        said = tr("Keyrack {runs} runs, and this command is of {ours}.", runs=runs, ours=__version__)
    return f"{said} {tr('After an update quit Keyrack and start it again.')}"


def refresh(client: SocketClient, words: list[str]) -> int:
    """Renew the token now. Print what was not as asked for, and at a terminal also when it worked."""
    (name,) = parse(_REFRESH, words).names
    response = client.call("POST", path_of("v1", "accounts", name, "refresh"))
    said, left = "", duration(response.get("expires_in"))
    if response.get("joined"):
        said = mark("A renewal of “{name}” was under way already, and no other was asked for.")
    elif response.get("renewed") is False:
        said = mark("“{name}” has a key, which needs no renewal. Its figures were asked for.")
    elif sys.stderr is not None and sys.stderr.isatty():
        said = mark("“{name}” is fresh for {left}.") if left else mark("“{name}” is fresh.")
    if said:
        print_message(tr(said, name=response.get("name"), left=left))
    return 0


def socket(client: SocketClient, words: list[str]) -> int:
    """Print the path of the socket. The exit code says whether a Keyrack listens there."""
    parse(_SOCKET, words)
    try:
        client.knock()
    finally:
        print_result(f"{client.path}\n")
    return 0


def history(client: SocketClient, words: list[str]) -> int:
    """Run the command after `history`."""
    _, rest = command_of(_EXPORT, "history", ("export",), words)
    options = parse(_EXPORT, rest).options
    names = [options[_ACCOUNT]] if _ACCOUNT in options else _all_names(client)
    printed = head = ""
    for name in names:
        for head, lines in _pages(client, name, options.get(_SINCE, "")):
            if lines:
                print_result(lines if printed else head + lines)
                printed = lines
    if not printed:
        print_result(head)
        print_message(tr("Nothing is known of this time yet. Keyrack notes the values every ten minutes."))
    return 0


def _all_names(client: SocketClient) -> list[str]:
    accounts = client.call("GET", "/v1/status")["accounts"]
    return [str(account["name"]) for account in accounts] if isinstance(accounts, list) else []


def _pages(client: SocketClient, name: str, since: str) -> Iterator[tuple[str, str]]:
    """The head and the lines of each answer."""
    after: object = -1
    while after is not None:
        query = f"?after={after}" + (f"&since={path_of(since)[1:]}" if since else "")
        answer = client.call("GET", path_of("v1", "accounts", name, "history") + query)
        yield str(answer["head"]), str(answer["lines"])
        after = answer["after"]


VERBS = {"status": status, "refresh": refresh, "socket": socket, "history": history}
