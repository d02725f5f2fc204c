"""`keyrack export` and `keyrack import`: accounts in one sealed file.

Passphrases come from the terminal, stdin or a descriptor (S90).
"""

import os
import sys

from keyrack.cli.arguments import Arguments, Usage, parse
from keyrack.cli.exit_codes import UNEXPECTED, USAGE, CommandFailed
from keyrack.cli.input_lines import InputLines
from keyrack.cli.output import print_message, print_result
from keyrack.cli.secret_input import PASSPHRASE_FD, descriptor_of, secret
from keyrack.cli.socket_client import SocketClient

ACCOUNT, HAND_OVER, SETTINGS_ONLY, REPLACE, YES = "--account", "--hand-over", "--settings-only", "--replace", "--yes"
_SHORTEST = 8  # as in core.moving.exporting
_EXPORT = Usage(
    "export FILE [--account NAME]… [--hand-over | --settings-only] [--passphrase-fd N]",
    """Exports accounts with their secrets into FILE, sealed with a passphrase. It is asked for twice, or read
as one line of stdin; where a lock passphrase is set, that one comes first. A sign-in whose refresh token
changes with each renewal cannot be in two places: it is left out, and you sign in again there.

  --account NAME   this account; may be given several times, and without it all are exported
  --hand-over      such sign-ins go along, and end here once the file is written and read back
  --settings-only  no secret and no passphrase: for a colleague who has credentials of his own
  --passphrase-fd N  read the passphrase as one line of this open descriptor, and ask nobody for it""",
    file=True,
    switches=(HAND_OVER, SETTINGS_ONLY),
    values=(PASSPHRASE_FD,),
    several=(ACCOUNT,),
)
_IMPORT = Usage(
    "import FILE [--replace] [--yes] [--passphrase-fd N]",
    """Imports what `keyrack export` wrote. Its passphrase is read from the terminal or is one line of stdin.
An account that is here already is left as it is.

  --replace  put the file's settings and secrets in the place of those here
  --yes      add the provider files of the export without being asked about their addresses
  --passphrase-fd N  read the passphrase as one line of this open descriptor, and ask nobody for it""",
    file=True,
    switches=(REPLACE, YES),
    values=(PASSPHRASE_FD,),
)

Body = dict[str, object]


def export(client: SocketClient, words: list[str]) -> int:
    """Export accounts into a file."""
    arguments = parse(_EXPORT, words)
    descriptor = descriptor_of(_EXPORT, arguments)
    if HAND_OVER in arguments.options and SETTINGS_ONLY in arguments.options:
        raise _EXPORT.wrong(f"{HAND_OVER} and {SETTINGS_ONLY} are not given together.")
    file = _file(arguments)
    body: Body = {"file": file}
    if names := arguments.several.get(ACCOUNT):
        body["accounts"] = names
    if SETTINGS_ONLY in arguments.options:
        response = client.call("POST", "/v1/export", {**body, "settings_only": True})
        print_message(f"The settings of {_count(response['accounts'])} are in {file}, without any secret.")
        return 0
    if os.path.lexists(file):
        raise CommandFailed(USAGE, f"There is a file {file} already. It was not replaced. Choose another name.")
    known = client.call("POST", "/v1/export", {**body, "dry_run": True})
    hand_over = HAND_OVER in arguments.options
    _say_what_stays(known, hand_over=hand_over)
    if known["lock_passphrase"]:
        body["lock_passphrase"] = secret("Passphrase that unlocks Keyrack")
    body |= {"passphrase": _new_passphrase(descriptor), "hand_over": hand_over}
    response = client.call("POST", "/v1/export", body)
    print_message(f"{_count(response['accounts'])} exported into {file}. Whoever has it and the passphrase has them.")
    if response["handed_over"]:
        print_message(f"Ended here, and in the file: {_listed(response['handed_over'])}. Import it soon.")
    for name, why in _pairs(response["not_ended"]):
        print_message(f"“{name}” could not be ended here, so do not import it elsewhere. {why}")
    return UNEXPECTED if response["not_ended"] else 0


def take_in(client: SocketClient, words: list[str]) -> int:
    """Import accounts from a file."""
    arguments = parse(_IMPORT, words)
    descriptor = descriptor_of(_IMPORT, arguments)
    body: Body = {"file": _file(arguments)}
    known = client.call("POST", "/v1/import", {**body, "dry_run": True})
    if known["sealed"]:
        body["passphrase"] = secret("Passphrase of the export", descriptor)
        known = client.call("POST", "/v1/import", {**body, "dry_run": True})
    if known["provider_files"]:
        _confirm(known["provider_files"], arguments)
    if known["here"] and REPLACE not in arguments.options:
        print_message(f"Here already: {_listed(known['here'])}. {REPLACE} would replace.")
    response = client.call("POST", "/v1/import", {**body, "replace": REPLACE in arguments.options})
    lines = response["done"]
    print_result("".join(f"{line}\n" for line in lines) if isinstance(lines, list) else "")
    return UNEXPECTED if response["failed"] else 0


def _file(arguments: Arguments) -> str:
    return os.path.abspath(os.path.expanduser(arguments.names[0]))


def _new_passphrase(descriptor: int | None) -> str:
    new = secret(f"Passphrase for the export, at least {_SHORTEST} characters", descriptor)
    if len(new) < _SHORTEST:
        raise CommandFailed(USAGE, f"A passphrase has at least {_SHORTEST} characters. Nothing was exported.")
    if descriptor is None and sys.stdin is not None and sys.stdin.isatty() and new != secret("The same again"):
        raise CommandFailed(USAGE, "These are two different ones. Nothing was exported.")
    return new


def _say_what_stays(known: dict[str, object], *, hand_over: bool) -> None:
    rotating = known["sign_in_again"]
    if rotating and hand_over:
        print_message(f"Handed over, and ending here: {_listed(rotating)}.")
    elif rotating:
        print_message(f"To be signed in again there: {_listed(rotating)}. {HAND_OVER} would move the sign-in itself.")


def _confirm(files: object, arguments: Arguments) -> None:
    for lines in files if isinstance(files, list) else []:
        print_message("\n".join(map(str, lines)))
    if YES in arguments.options:
        return
    question = "Your secrets and tokens for this provider go to these addresses. Add it?"
    if sys.stdin is None or not sys.stdin.isatty():
        raise CommandFailed(USAGE, f"{question} There is no terminal to ask at: say so with {YES}.")
    print_message(f"{question} [y/N]")
    lines = InputLines()
    while (line := lines.next(60.0)) is None and not lines.ended():
        pass
    if (line or "").lower() not in ("y", "yes"):
        raise CommandFailed(USAGE, "Nothing was imported.")


def _count(accounts: object) -> str:
    number = len(accounts) if isinstance(accounts, list) else 0
    return "1 account" if number == 1 else f"{number} accounts"


def _listed(names: object) -> str:
    return ", ".join(f"“{name}”" for name in names) if isinstance(names, list) else ""


def _pairs(found: object) -> list[tuple[str, str]]:
    return [(str(name), str(why)) for name, why in found.items()] if isinstance(found, dict) else []


VERBS = {"export": export, "import": take_in}
