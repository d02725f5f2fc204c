"""`keyrack export` and `keyrack import`: accounts in one sealed file.

Passphrases come from the terminal, stdin or a descriptor (S90).
"""

import os
import sys

from keyrack.cli.arguments import Arguments, Usage, parse
from keyrack.cli.exit_codes import UNEXPECTED, USAGE, CommandFailed
from keyrack.cli.input_lines import confirm
from keyrack.cli.output import print_message, print_result
from keyrack.cli.secret_input import PASSPHRASE_FD, descriptor_of, secret
from keyrack.cli.socket_client import SocketClient
from keyrack.language.translation import mark, plural, tr

ACCOUNT, HAND_OVER, SETTINGS_ONLY, REPLACE, YES = "--account", "--hand-over", "--settings-only", "--replace", "--yes"
_SHORTEST = 8  # as in core.moving.exporting
_EXPORT = Usage(
    "export FILE [--account NAME]… [--hand-over | --settings-only] [--passphrase-fd N]",
    mark("""Exports accounts with their secrets into FILE, sealed with a passphrase. It is asked for twice, or read
as one line of stdin; where a lock passphrase is set, that one comes first. A sign-in whose refresh token
changes with each renewal cannot be in two places: it is left out, and you sign in again there.

  --account NAME   this account; may be given several times, and without it all are exported
  --hand-over      such sign-ins go along, and end here once the file is written and read back
  --settings-only  no secret and no passphrase: for a colleague who has credentials of his own
  --passphrase-fd N  read the passphrase as one line of this open descriptor, and ask nobody for it"""),
    file=True,
    switches=(HAND_OVER, SETTINGS_ONLY),
    values=(PASSPHRASE_FD,),
    several=(ACCOUNT,),
)
_IMPORT = Usage(
    "import FILE [--replace] [--yes] [--passphrase-fd N]",
    mark("""Imports what `keyrack export` wrote. Its passphrase is read from the terminal or is one line of stdin.
An account that is here already is left as it is.

  --replace  put the file's settings and secrets in the place of those here
  --yes      add the provider files of the export without being asked about their addresses
  --passphrase-fd N  read the passphrase as one line of this open descriptor, and ask nobody for it"""),
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
        both = tr("{one} and {other} are not given together.", one=HAND_OVER, other=SETTINGS_ONLY)
        raise _EXPORT.wrong(both)
    file = _file(arguments)
    body: Body = {"file": file}
    if names := arguments.several.get(ACCOUNT):
        body["accounts"] = names
    if SETTINGS_ONLY in arguments.options:
        response = client.call("POST", "/v1/export", {**body, "settings_only": True})
        print_message(
            plural(
                "The settings of {n} account are in {file}, without any secret.",
                "The settings of {n} accounts are in {file}, without any secret.",
                _count(response["accounts"]),
                file=file,
            )
        )
        return 0
    if os.path.lexists(file):
        there = tr("There is a file {file} already. It was not replaced. Choose another name.", file=file)
        raise CommandFailed(USAGE, there)
    known = client.call("POST", "/v1/export", {**body, "dry_run": True})
    hand_over = HAND_OVER in arguments.options
    _say_what_stays(known, hand_over=hand_over)
    if known["lock_passphrase"]:
        body["lock_passphrase"] = secret(tr("Passphrase that unlocks Keyrack"))
    body |= {"passphrase": _new_passphrase(descriptor), "hand_over": hand_over}
    response = client.call("POST", "/v1/export", body)
    return _say_what_came(response, file)


def _say_what_came(response: Body, file: str) -> int:
    """Print the end of an export. Returns its exit code."""
    print_message(
        plural(
            "{n} account exported into {file}. Whoever has it and the passphrase has them.",
            "{n} accounts exported into {file}. Whoever has it and the passphrase has them.",
            _count(response["accounts"]),
            file=file,
        )
    )
    if response["handed_over"]:
        names = _listed(response["handed_over"])
        print_message(tr("Ended here, and in the file: {names}. Import it soon.", names=names))
    for name, why in _pairs(response["not_ended"]):
        said = mark("“{name}” could not be ended here, so do not import it elsewhere. {why}")
        print_message(tr(said, name=name, why=why))
    return UNEXPECTED if response["not_ended"] else 0


def take_in(client: SocketClient, words: list[str]) -> int:
    """Import accounts from a file."""
    arguments = parse(_IMPORT, words)
    descriptor = descriptor_of(_IMPORT, arguments)
    body: Body = {"file": _file(arguments)}
    known = client.call("POST", "/v1/import", {**body, "dry_run": True})
    if known["sealed"]:
        body["passphrase"] = secret(tr("Passphrase of the export"), descriptor)
        known = client.call("POST", "/v1/import", {**body, "dry_run": True})
    if isinstance(files := known["provider_files"], list) and files:
        for lines in files:
            print_message("\n".join(map(str, lines)))
        if YES not in arguments.options:
            question = tr("Your secrets and tokens for this provider go to these addresses. Add it?")
            confirm(question, tr("Nothing was imported."))
    if known["here"] and REPLACE not in arguments.options:
        names = _listed(known["here"])
        print_message(tr("Here already: {names}. {option} would replace.", names=names, option=REPLACE))
    response = client.call("POST", "/v1/import", {**body, "replace": REPLACE in arguments.options})
    lines = response["done"]
    print_result("".join(f"{line}\n" for line in lines) if isinstance(lines, list) else "")
    return UNEXPECTED if response["failed"] else 0


def _file(arguments: Arguments) -> str:
    return os.path.abspath(os.path.expanduser(arguments.names[0]))


def _new_passphrase(descriptor: int | None) -> str:
    new = secret(tr("Passphrase for the export, at least {shortest} characters", shortest=_SHORTEST), descriptor)
    if len(new) < _SHORTEST:
        short = mark("A passphrase has at least {shortest} characters. Nothing was exported.")
        raise CommandFailed(USAGE, tr(short, shortest=_SHORTEST))
    if descriptor is None and sys.stdin is not None and sys.stdin.isatty() and new != secret(tr("The same again")):
        raise CommandFailed(USAGE, tr("These are two different ones. Nothing was exported."))
    return new


def _say_what_stays(known: dict[str, object], *, hand_over: bool) -> None:
    rotating = known["sign_in_again"]
    if rotating and hand_over:
        print_message(tr("Handed over, and ending here: {names}.", names=_listed(rotating)))
    elif rotating:
        said = mark("To be signed in again there: {names}. {option} would move the sign-in itself.")
        print_message(tr(said, names=_listed(rotating), option=HAND_OVER))


def _count(accounts: object) -> int:
    return len(accounts) if isinstance(accounts, list) else 0


def _listed(names: object) -> str:
    return ", ".join(tr("“{name}”", name=name) for name in names) if isinstance(names, list) else ""


def _pairs(found: object) -> list[tuple[str, str]]:
    return [(str(name), str(why)) for name, why in found.items()] if isinstance(found, dict) else []


VERBS = {"export": export, "import": take_in}
