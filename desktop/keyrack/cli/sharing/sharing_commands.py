"""`keyrack share`: the table of its commands, and those of a host that is in a group."""

import json
import time
from collections.abc import Callable

from keyrack.cli.arguments import Arguments, Usage, command_of, parse
from keyrack.cli.exit_codes import UNEXPECTED, plain
from keyrack.cli.input_lines import confirm
from keyrack.cli.output import print_message, print_result
from keyrack.cli.sharing.entering_commands import INIT, INVITE, JOIN, invite, join, make, with_passphrase
from keyrack.cli.socket_client import SocketClient, path_of
from keyrack.language.translation import mark, plural, tr

JSON, KEEP, DROP, YES, AFTER_RESTORE = "--json", "--keep", "--drop", "--yes", "--after-restore"
_LIST = Usage(
    "share list [--json]",
    mark("""Says which hosts of the group are there, and which accounts each of them renews.

  --json  the same as one JSON object, for programs"""),
    switches=(JSON,),
)
_LEAVE = Usage(
    "share leave --keep|--drop [--yes]",
    mark("""Leaves the group, and forgets its key. A sign-in is in one place or shared, and never in two places.

  --keep  every shared account becomes this host's own, and leaves all others
  --drop  the shared accounts are removed from this host, and the others go on with them
  --yes   without asking"""),
    switches=(KEEP, DROP, YES),
)
_ROTATE_KEY = Usage(
    "share rotate-key [--after-restore] [--yes]",
    mark("""Makes another key for the group and seals every record with it. Every other host is out then, until it is
invited again. Do so when a host was lost: it can read no new record, and keeps the tokens that it has.
Where a lock passphrase is set, it is asked for after the question.

  --after-restore  take records that are older than what was seen, because you restored a backup of the etcd
  --yes            without asking"""),
    switches=(AFTER_RESTORE, YES),
)
_ADD = Usage(
    "share add NAME",
    mark("""Shares the account NAME: every host of the group serves its token, and one of them renews it.
Where a lock passphrase is set, it is asked for."""),
    names=1,
)
_REMOVE = Usage(
    "share remove NAME", mark("Makes the shared account NAME this host's own. It leaves all others."), names=1
)
_TAKE = Usage("share take NAME", mark("Has this host renew the shared account NAME from now on."), names=1)
_ALL = Usage(
    "share init|invite|join|list|add|remove|take|leave|rotate-key",
    mark("Shares accounts with Keyracks on other hosts, through an etcd; each says more with --help."),
)
Command = Callable[[SocketClient, Arguments], int]
_LONGEST_LINE = 4_000


def run(client: SocketClient, words: list[str]) -> int:
    """Run the command after `share`. Returns its exit code, or raises CommandFailed."""
    verb, rest = command_of(_ALL, "share", _COMMANDS, words)
    usage, command = _COMMANDS[verb]
    return command(client, parse(usage, rest))


def _list(client: SocketClient, arguments: Arguments) -> int:
    response = client.call("GET", "/v1/share/group")
    if JSON in arguments.options:
        print_result(json.dumps(response, ensure_ascii=False, indent=2) + "\n")
        return 0
    hosts = response["hosts"]
    lines = [_columns_of(host) for host in hosts] if isinstance(hosts, list) else []
    widest = max((len(name) for name, _ in lines), default=0)
    print_result("".join(f"{name.ljust(widest)}  {what}\n" for name, what in lines))
    unknown = response["unknown_keys"]
    if isinstance(unknown, list) and unknown:
        said = mark("sharing.toml has keys that Keyrack does not know, and passes over: {keys}.")
        print_message(tr(said, keys=", ".join(map(str, unknown))))
    return 0


def _columns_of(host: dict[str, object]) -> tuple[str, str]:
    """A host's name, and what it renews."""
    name = str(host["name"] or "?")
    shown = tr("{host} (this host)", host=name) if host["here"] else name
    renews = host["renews"]
    accounts = [_since(each) for each in renews] if isinstance(renews, list) else []
    what = tr("renews {names}", names=", ".join(accounts)) if accounts else tr("renews nothing")
    return plain(shown), plain(what, _LONGEST_LINE)


def _since(account: dict[str, object]) -> str:
    name, since = str(account["name"]), account["since"]
    if not isinstance(since, int):
        return name
    return tr("{name} since {time}", name=name, time=time.strftime("%Y-%m-%d %H:%M", time.localtime(since)))


def _leave(client: SocketClient, arguments: Arguments) -> int:
    keep, drop = KEEP in arguments.options, DROP in arguments.options
    if keep == drop:
        raise _LEAVE.wrong(tr("Say either {one} or {other}.", one=KEEP, other=DROP))
    question = (
        mark("Every shared account becomes this host's own, and leaves all others. Leave the group?")
        if keep
        else mark("The shared accounts are removed from this host, and the others go on with them. Leave the group?")
    )
    if YES not in arguments.options:
        confirm(tr(question), tr("Nothing was changed."))
    if not client.call("POST", "/v1/share/leave", {"keep": keep})["told"]:
        away = mark("The etcd did not answer. The other hosts see within seconds that this one is gone.")
        print_message(tr(away))
    print_message(tr("This host is in no group any more, and has forgotten its key."))
    return 0


def _rotate_key(client: SocketClient, arguments: Arguments) -> int:
    if YES not in arguments.options:
        question = tr("Every other host is out of the group then, until it is invited again. Change the key?")
        confirm(question, tr("Nothing was changed."))
    body = with_passphrase(client, {"after_restore": AFTER_RESTORE in arguments.options})
    response = client.call("POST", "/v1/share/key", body)
    count = response["sealed_again"]
    done = plural(
        "{n} record is sealed with the new key.",
        "{n} records are sealed with the new key.",
        count if isinstance(count, int) else 0,
    )
    again = mark("{done} Invite the other hosts again with `{command} share invite`.")
    print_message(tr(again, done=done, command=client.command))
    left = response["left"]
    if not isinstance(left, list) or not left:
        return 0
    said = mark("These could not be opened and were left as they are: {keys}.")
    print_message(tr(said, keys=", ".join(map(str, left))))
    return UNEXPECTED


def _add(client: SocketClient, arguments: Arguments) -> int:
    body = with_passphrase(client, {})
    name = client.call("POST", path_of("v1", "accounts", arguments.names[0], "share"), body)["account"]
    print_message(tr("“{name}” is shared with every host of the group.", name=name))
    return 0


def _remove(client: SocketClient, arguments: Arguments) -> int:
    name = client.call("DELETE", path_of("v1", "accounts", arguments.names[0], "share"))["account"]
    print_message(tr("“{name}” is this host's own now.", name=name))
    return 0


def _take(client: SocketClient, arguments: Arguments) -> int:
    name = client.call("POST", path_of("v1", "accounts", arguments.names[0], "share", "take"))["account"]
    print_message(tr("“{name}” is renewed by this host now.", name=name))
    return 0


_COMMANDS: dict[str, tuple[Usage, Command]] = {
    "add": (_ADD, _add),
    "init": (INIT, make),
    "invite": (INVITE, invite),
    "join": (JOIN, join),
    "leave": (_LEAVE, _leave),
    "list": (_LIST, _list),
    "remove": (_REMOVE, _remove),
    "rotate-key": (_ROTATE_KEY, _rotate_key),
    "take": (_TAKE, _take),
}
VERBS = {"share": run}
