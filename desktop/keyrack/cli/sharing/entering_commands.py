"""`keyrack share init|invite|join`: make a group, let another host in, and come into one by a one-time code.

Code and passwords come from the terminal or stdin, and never from an argument (S90).
"""

import os
import socket
import sys

from keyrack.cli.arguments import Arguments, Usage
from keyrack.cli.exit_codes import INTERRUPTED, REFUSED, USAGE, CommandFailed
from keyrack.cli.input_lines import InputLines, means_no, means_yes
from keyrack.cli.output import print_message, print_result
from keyrack.cli.secret_input import secret
from keyrack.cli.socket_client import SocketClient
from keyrack.language.translation import mark, tr

MEMBER, GROUP, NAME, USER, CA, CERTIFICATE, KEY, LET_IN = (
    *("--member", "--group", "--name", "--user", "--ca", "--cert", "--key"),
    "--let-in",
)
_STORE = "--member ADDRESS… [--group NAME] [--name HOST] [--user NAME] [--ca FILE] [--cert FILE --key FILE]"
_DEFAULT_GROUP = "desk"
INIT = Usage(
    f"share init {_STORE}",
    mark("""Makes a group of this host alone on an etcd. Its key is made here, and kept in the keyring.
Where a lock passphrase is set, it is asked for first.

  --member ADDRESS  the client address of a member of the etcd, such as https://10.0.0.1:2379; may be given
                    several times
  --group NAME      the group's name, in small letters, digits and dashes; without it “desk”
  --name HOST       how the other hosts call this one; without it its host name
  --user NAME       the user at the etcd; its password is read from the terminal or is one line of stdin
  --ca FILE         who signed the members' certificates, where the system does not trust them
  --cert FILE       this host's certificate, where the etcd wants one
  --key FILE        the key of that certificate"""),
    values=(GROUP, NAME, USER, CA, CERTIFICATE, KEY),
    several=(MEMBER,),
)
INVITE = Usage(
    "share invite [--let-in HOST]",
    mark("""Prints a code for one other host, waits until that asks with it, and asks whether to let it in.
The code is good for ten minutes, and Ctrl+C ends it. Where a lock passphrase is set, it is asked for first.

  --let-in HOST  let a host of this name in without being asked, and no other"""),
    values=(LET_IN,),
)
JOIN = Usage(
    f"share join [{_STORE}]",
    mark("""Joins a group with the code that `keyrack share invite` prints on one of its hosts. The code is read
from the terminal or is one line of stdin; with --user the password's line comes before it. A host that
is in the group, and whose key was changed elsewhere, joins again without any option. Where a lock
passphrase is set, it is asked for first.

  --member ADDRESS  the client address of a member of the etcd; may be given several times
  --group NAME      the group's name; without it “desk”
  --name HOST       how the other hosts call this one; without it its host name
  --user NAME       the user at the etcd; its password is read from the terminal or is one line of stdin
  --ca FILE         who signed the members' certificates, where the system does not trust them
  --cert FILE       this host's certificate, where the etcd wants one
  --key FILE        the key of that certificate"""),
    values=(GROUP, NAME, USER, CA, CERTIFICATE, KEY),
    several=(MEMBER,),
)
_FILES = {CA: "ca", CERTIFICATE: "certificate", KEY: "key"}
_TURN, _WAIT = 0.5, 20
_INVITATION, _JOINING = "/v1/share/invitation", "/v1/share/joining"

Body = dict[str, object]


def make(client: SocketClient, arguments: Arguments) -> int:
    """Make a group."""
    _check_door(INIT, arguments)
    body = with_passphrase(client, {}) | _door(arguments)
    response = client.call("POST", "/v1/share/group", body)
    made = mark(
        "The group “{group}” was made, below {prefix} in the etcd, and this host is in it as “{host}”.\n"
        "Let another host in with `{command} share invite`."
    )
    where = {name: response[name] for name in ("group", "prefix", "host")}
    print_message(tr(made, command=client.command, **where))
    return 0


def invite(client: SocketClient, arguments: Arguments) -> int:
    """Invite one host. Returns 0 when it has joined."""
    passphrase = with_passphrase(client, {})
    response = client.call("POST", _INVITATION, passphrase)
    try:
        print_result(f"{response['code']}\n")
        print_message(tr("Enter this code within ten minutes on the other host, in `keyrack share join`."))
        return _lead_in(client, arguments.options.get(LET_IN), passphrase)
    except KeyboardInterrupt:
        client.call("POST", f"{_INVITATION}/answer", {"let_in": False})
        print_message(tr("The invitation was ended. Nobody was let in."))
        return INTERRUPTED
    except CommandFailed:
        client.call("POST", f"{_INVITATION}/answer", {"let_in": False})
        raise


def join(client: SocketClient, arguments: Arguments) -> int:
    """Join a group. Returns 0 when this host was let in."""
    with_door = bool(arguments.options or arguments.several)
    if with_door:
        _check_door(JOIN, arguments)
    body = with_passphrase(client, {})
    body |= _door(arguments) if with_door else {}
    body["code"] = secret(tr("Code from the other host"))
    inviting = client.call("POST", _JOINING, body)["inviting"]
    print_message(tr("“{host}” invites. This goes on by itself once its person lets this host in.", host=inviting))
    try:
        while not (response := client.call("GET", f"{_JOINING}?wait={_WAIT}"))["joined"]:
            pass
    except KeyboardInterrupt:
        client.call("DELETE", _JOINING)
        print_message(tr("This host has joined no group."))
        return INTERRUPTED
    joined = mark("This host is in the group “{group}” now, as “{host}”.")
    print_message(tr(joined, group=response["group"], host=response["host"]))
    return 0


def with_passphrase(client: SocketClient, body: Body) -> Body:
    """The body of a request that needs the lock passphrase, asked for where one is set."""
    if client.call("GET", "/v1/lock")["passphrase"]:
        return {**body, "lock_passphrase": secret(tr("Passphrase that unlocks Keyrack"))}
    return body


def _lead_in(client: SocketClient, expected: str | None, passphrase: Body) -> int:
    """Go from step to step of an invitation."""
    response: Body = {"step": "waiting"}
    while (step := response["step"]) != "joined":
        if step == "ended":
            raise CommandFailed(REFUSED, tr("The ten minutes are over. Nobody was let in."))
        if step == "asked":
            let_in = _decision(str(response["guest"]), expected)
            answer = {**passphrase, "let_in": True} if let_in else {"let_in": False}
            response = client.call("POST", f"{_INVITATION}/answer", answer)
            if not let_in:
                raise CommandFailed(REFUSED, tr("“{host}” was not let in.", host=response["guest"]))
            continue
        response = client.call("GET", f"{_INVITATION}?wait={_WAIT}&step={step}")
    print_message(tr("“{host}” is in the group now.", host=response["guest"]))
    return 0


def _decision(guest: str, expected: str | None) -> bool:
    if expected is not None:
        return guest == expected
    question = tr("“{host}” asks with this code. It gets every shared account. Let it in?", host=guest)
    if sys.stdin is None or not sys.stdin.isatty():
        no_terminal = tr("There is no terminal to ask at: name the host with {option}.", option=LET_IN)
        raise CommandFailed(USAGE, f"{question} {no_terminal}")
    print_message(tr("{question} [y/N]", question=question))
    lines = InputLines()
    while not lines.ended():
        line = lines.next(_TURN)
        if line is not None and (means_yes(line) or means_no(line)):
            return means_yes(line)
        if line is not None:
            print_message(tr("Answer y or n."))
    return False


def _check_door(usage: Usage, arguments: Arguments) -> None:
    options = arguments.options
    if MEMBER not in arguments.several:
        raise usage.wrong(tr("{option} is missing.", option=MEMBER))
    if (CERTIFICATE in options) != (KEY in options):
        raise usage.wrong(tr("{one} and {other} are given together.", one=CERTIFICATE, other=KEY))


def _door(arguments: Arguments) -> Body:
    """What a request needs to reach the etcd."""
    options = arguments.options
    body: Body = {
        "members": arguments.several[MEMBER],
        "group": options.get(GROUP, _DEFAULT_GROUP),
        "host": options.get(NAME) or socket.gethostname(),
    }
    body |= {
        field: os.path.abspath(os.path.expanduser(options[name])) for name, field in _FILES.items() if name in options
    }
    if USER in options:
        body |= {"user": options[USER], "password": secret(tr("Password of “{user}” at the etcd", user=options[USER]))}
    return body
