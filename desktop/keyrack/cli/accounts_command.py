"""`keyrack accounts list|add|set|remove`: the accounts of the running Keyrack."""

import shlex

from keyrack.cli.arguments import Arguments, Usage, command_of, parse
from keyrack.cli.exit_codes import NO_ACCOUNT, NOT_RUNNING, REFUSED, CommandFailed
from keyrack.cli.input_lines import confirm
from keyrack.cli.output import columns, print_message, print_result
from keyrack.cli.secret_input import secret
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.cli.status_table import NO_ACCOUNTS, accounts_table
from keyrack.language.translation import mark, tr

_CLIENT_ID, _SECRET = "--client-id", "--secret"
_LIST = Usage("accounts list", mark("Lists the accounts, what scripts may do, and which programs are always allowed."))
_ADD = Usage(
    "accounts add NAME --provider ID --client-id ID [--region R] [--flow F] [--redirect-uri URI]",
    mark("""Adds an account. Its client secret is read from the terminal, or is one line of stdin, and never an
argument. Programs may have its token at once; `keyrack accounts set` changes that.

  --provider ID       as `keyrack providers list` names it
  --client-id ID      what the provider gave you
  --region R          where the provider has more than one
  --flow F            where there is more than one way to sign in
  --redirect-uri URI  the address that you registered; without it, the one to register is printed
  --token-endpoint URL, --api URL, --stream URL
                      the hosts of a region that has none of its own
  --yes               keep a secret here that its provider wants elsewhere, without being asked"""),
    names=1,
    switches=("--yes",),
    values=(
        *("--provider", "--client-id", "--region", "--flow", "--redirect-uri"),
        *("--token-endpoint", "--api", "--stream"),
    ),
    new=True,
)
_SET = Usage(
    "accounts set NAME [--name NEW] [--scripts off|ask|allow] [--forget PROGRAM] [--client-id ID] [--secret]",
    mark("""Changes an account.

  --name NEW         another name
  --scripts POLICY   what programs may have its token: none (off), those you allow (ask), all (allow)
  --forget PROGRAM   take back what you allowed PROGRAM for always; `keyrack accounts list` names them
  --client-id ID     another client id
  --secret           another client secret, read from the terminal or one line of stdin; sign in afterwards"""),
    names=1,
    switches=(_SECRET,),
    values=("--name", "--scripts", "--forget", _CLIENT_ID),
)
_REMOVE = Usage(
    "accounts remove NAME [--yes]",
    mark("""Removes an account with its secrets, and says what that means at the provider.

  --yes  without asking"""),
    names=1,
    switches=("--yes",),
)
_ALL = Usage(
    "accounts list|add|set|remove",
    mark("Lists, adds, changes or removes accounts; each says more with --help."),
)
_TEXTS = {
    "--provider": "provider",
    "--client-id": "client_id",
    "--region": "region",
    "--flow": "flow",
    "--redirect-uri": "redirect_uri",
}
_HOSTS = {"--token-endpoint": "token_endpoint", "--api": "api", "--stream": "stream"}
_CHANGED = {
    "off": mark("“{name}” was changed. No program gets its token."),
    "ask": mark("“{name}” was changed. Keyrack asks you about each new program."),
    "allow": mark("“{name}” was changed. Every program of yours gets its token."),
}
_PATH = "/v1/accounts"

Body = dict[str, object]


def run(client: SocketClient, words: list[str]) -> int:
    """Run the command after `accounts`. Returns 0, or raises CommandFailed."""
    verb, rest = command_of(_ALL, "accounts", _COMMANDS, words)
    usage, command = _COMMANDS[verb]
    command(client, parse(usage, rest))
    return 0


def _list(client: SocketClient, arguments: Arguments) -> None:  # noqa: ARG001 - all commands have the same signature
    found = accounts_table(client.call("GET", "/v1/status"), columns())
    print_result(found)
    if not found:
        print_message(tr(NO_ACCOUNTS))


def _add(client: SocketClient, arguments: Arguments) -> None:
    body: Body = {"name": arguments.names[0]}
    body |= {_TEXTS[option]: value for option, value in arguments.options.items() if option in _TEXTS}
    if hosts := {_HOSTS[option]: value for option, value in arguments.options.items() if option in _HOSTS}:
        body["hosts"] = hosts
    needs = client.call("POST", _PATH, {**body, "dry_run": True})
    if needs["announced_end"]:
        print_message(str(needs["announced_end"]))
    if needs["opt_in"]:
        keep = tr("Keep the secret of this key on this computer all the same?")
        if "--yes" not in arguments.options:
            confirm(f"{needs['warning']}\n{keep}", tr("Nothing was changed."))
        body["opt_in"] = True
    if needs["needs_secret"]:
        optional = needs["needs_secret"] == "optional"
        asked = (
            mark("Client secret from {provider} (empty if it gave you none)")
            if optional
            else mark("Client secret from {provider}")
        )
        body["client_secret"] = secret(tr(asked, provider=needs["provider_name"]))
    response = client.call("POST", _PATH, body)
    if response["redirect_uri"]:
        print_result(f"{response['redirect_uri']}\n")
        provider = response["provider_name"]
        print_message(tr("Register exactly this redirect address at {provider}.", provider=provider))
    command = f"{client.command} login {shlex.quote(str(response['account']))}"
    print_message(tr("“{name}” was added. Sign in with `{command}`.", name=response["account"], command=command))


def _set(client: SocketClient, arguments: Arguments) -> None:
    if not arguments.options:
        raise _SET.wrong(tr("There is nothing to change."))
    body: Body = {
        option[2:].replace("-", "_"): value for option, value in arguments.options.items() if option != _SECRET
    }
    if _SECRET in arguments.options:
        _check_account(client, path_of("v1", "accounts", arguments.names[0]))
        body["client_secret"] = secret(tr("Client secret"))
    response = client.call("PATCH", path_of("v1", "accounts", arguments.names[0]), body)
    changed = _CHANGED.get(str(response["scripts"]), mark("“{name}” was changed."))
    print_message(tr(changed, name=response["account"]))


def _remove(client: SocketClient, arguments: Arguments) -> None:
    name = arguments.names[0]
    path = path_of("v1", "accounts", name)
    _check_account(client, path)
    if "--yes" not in arguments.options:
        question = tr("Remove “{name}” and its secrets from this computer? That cannot be undone.", name=name)
        confirm(question, tr("Nothing was changed."))
    response = client.call("DELETE", path)
    print_message(tr("“{name}” was removed. {told}", name=response["account"], told=response["at_provider"]))


def _check_account(client: SocketClient, path: str) -> None:
    """Raise CommandFailed before a question that would be in vain."""
    try:
        client.call("GET", f"{path}/login")
    except CommandFailed as problem:
        if problem.exit_code in (NO_ACCOUNT, NOT_RUNNING, REFUSED):
            raise  # any other failure is how the last sign-in ended


_COMMANDS = {"list": (_LIST, _list), "add": (_ADD, _add), "set": (_SET, _set), "remove": (_REMOVE, _remove)}

VERBS = {"accounts": run}
