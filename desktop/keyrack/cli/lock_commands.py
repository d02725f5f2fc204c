"""`keyrack lock` and `keyrack unlock`. A passphrase comes from the terminal, stdin or a descriptor (S90)."""

import sys

from keyrack.cli.arguments import Usage, parse
from keyrack.cli.exit_codes import USAGE, CommandFailed
from keyrack.cli.output import print_message
from keyrack.cli.secret_input import PASSPHRASE_FD, descriptor_of, secret
from keyrack.cli.socket_client import SocketClient
from keyrack.language.translation import mark, tr

SET_PASSPHRASE = "--set-passphrase"
_LOCK = Usage(
    "lock [--set-passphrase [--passphrase-fd N]]",
    mark("""Locks Keyrack: no token for anybody until it is unlocked. Tokens are renewed all the same.

  --set-passphrase  set, change or take away the passphrase instead; asks for the one so far and for the
                    new one, or reads them as two lines of stdin, empty for none
  --passphrase-fd N  read both as two lines of this open descriptor, and ask nobody"""),
    switches=(SET_PASSPHRASE,),
    values=(PASSPHRASE_FD,),
)
_UNLOCK = Usage(
    "unlock [--passphrase-fd N]",
    mark("""Unlocks Keyrack with its passphrase, from the terminal or one line of stdin.

  --passphrase-fd N  read the passphrase as one line of this open descriptor, and ask nobody"""),
    values=(PASSPHRASE_FD,),
)


def lock(client: SocketClient, words: list[str]) -> int:
    """Lock, or set the passphrase that unlocks."""
    arguments = parse(_LOCK, words)
    if SET_PASSPHRASE in arguments.options:
        _set_passphrase(client, descriptor_of(_LOCK, arguments))
    elif PASSPHRASE_FD in arguments.options:
        raise _LOCK.wrong(tr("{one} is given together with {other}.", one=PASSPHRASE_FD, other=SET_PASSPHRASE))
    else:
        response = client.call("POST", "/v1/lock", {})
        print_message(_said(response, f"{client.command} unlock"))
    return 0


def _said(response: dict[str, object], unlock: str) -> str:
    if not response.get("passphrase"):
        return tr("Keyrack is locked. Press Unlock in its window to unlock it.")
    if response.get("outlives_restart"):
        return tr("Keyrack is locked. `{unlock}` unlocks it.", unlock=unlock)
    return tr(
        "Keyrack is locked. `{unlock}` unlocks it. A restart would unlock it too, because the disk could not take a "
        "note of the lock: it is full or takes no changes. Free some space, then lock again.",
        unlock=unlock,
    )


def unlock(client: SocketClient, words: list[str]) -> int:
    """Unlock with the passphrase."""
    descriptor = descriptor_of(_UNLOCK, parse(_UNLOCK, words))
    needed = client.call("GET", "/v1/lock").get("passphrase")
    client.call("POST", "/v1/unlock", {"passphrase": secret(tr("Passphrase"), descriptor) if needed else ""})
    print_message(tr("Keyrack is unlocked."))
    return 0


def _set_passphrase(client: SocketClient, descriptor: int | None) -> None:
    old = secret(tr("Passphrase so far (empty if there is none)"), descriptor)
    new = secret(tr("New passphrase (empty for none)"), descriptor)
    if descriptor is None and sys.stdin is not None and sys.stdin.isatty() and new != secret(tr("The new one again")):
        raise CommandFailed(USAGE, tr("These are two different ones. Nothing was changed."))
    client.call("PUT", "/v1/lock/passphrase", {"old": old or None, "new": new or None})
    print_message(tr("The passphrase is set.") if new else tr("There is no passphrase now."))


VERBS = {"lock": lock, "unlock": unlock}
