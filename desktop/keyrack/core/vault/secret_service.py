"""The questions of a Secret Service. None is asked before the person pressed a button.

With a locked collection the keyring library waits without end for a prompt that may not be visible. So whether it is
locked is checked before every other request.
"""

import contextlib
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from keyrack.core.vault import kwallet
from keyrack.core.vault.keyring_thread import PROMPTED_SECONDS, KeyringCall
from keyrack.core.vault.vault_errors import Dismissed, Locked

TITLE = "Secret Service"
COLLECTION = "/org/freedesktop/secrets/aliases/default"
COLLECTION_INTERFACE = "org.freedesktop.Secret.Collection"

_log = logging.getLogger(__name__)
_KNOWN = {
    "gnome-keyring-d": "GNOME keyring",
    "kwalletd": kwallet.KWALLET,
    "ksecretd": kwallet.KWALLET,
    "keepassxc": "KeePassXC",
}
_NO_PATH = "/"


def ensure_unlocked(secretstorage: Any, connection: Any, call: KeyringCall) -> None:
    """See that the default collection is there and unlocked.

    `secretstorage` is the library, loaded by the vault. Raises Locked without a prompt unless `call.prompt` is true.
    With a prompt it raises Dismissed when the person closes it, or Stuck when nothing answers. KWallet's open wallet is
    unlocked without `call.prompt` too. It asks nobody, unless the person told KWallet to ask for each program.
    """
    collection = secretstorage.util.DBusAddressWrapper(COLLECTION, COLLECTION_INTERFACE, connection)
    try:
        locked = collection.get_property("Locked")
    except secretstorage.ItemNotFoundException:
        _set_up(secretstorage, connection, call)
        return
    if not locked:
        return
    if not call.prompt and not _opens_silently(secretstorage, connection, collection, call):
        raise Locked
    # Without a program that can ask, the keyring reports the question as dismissed at once.
    if _unlock(secretstorage, connection, [COLLECTION], call) or collection.get_property("Locked"):
        raise Dismissed


def ensure_item_unlocked(
    secretstorage: Any, connection: Any, item: str, ours: Sequence[str], call: KeyringCall
) -> None:
    """Have the keyring ask about the item at this path, and about all of ours in the same question.

    KeePassXC locks its items one by one, for each connection. Raises Locked unless `call.prompt` is true. Raises
    Dismissed where the item stays locked: KeePassXC reports a question that was closed and one that was answered with
    no in the same way.
    """
    if not call.prompt:
        raise Locked("keyring_has_to_ask", program=call.program)
    dismissed = _unlock(secretstorage, connection, list(ours), call)
    wrapper = secretstorage.util.DBusAddressWrapper(item, "org.freedesktop.Secret.Item", connection)
    if dismissed or wrapper.get_property("Locked"):
        raise Dismissed("keyring_access_denied", program=call.program)


def answer_of_prompt(secretstorage: Any, connection: Any, prompt: str, call: KeyringCall) -> None:
    """Have the keyring show its question, if it has one. Raises Dismissed when it was closed or nothing was made."""
    with _prompting(call):
        dismissed, result = secretstorage.util.exec_prompt(connection, prompt, timeout=PROMPTED_SECONDS)
    # KWallet reports its closed wizard as answered, with no path.
    if dismissed or (result[0] == "o" and result[1] == _NO_PATH):
        raise Dismissed


def is_prompt(path: str) -> bool:
    """Whether the answer to a request names a question that has to be shown first."""
    return path != _NO_PATH


def _set_up(secretstorage: Any, connection: Any, call: KeyringCall) -> None:
    if call.program == kwallet.KWALLET and kwallet.has_wallets(secretstorage, connection):
        raise Locked("keyring_kwallet_not_shown")
    if not call.prompt:
        raise Locked("keyring_not_set_up")
    with _prompting(call):
        try:
            secretstorage.get_default_collection(connection)
        except secretstorage.ItemNotFoundException:
            raise Dismissed from None  # KWallet's closed wizard, as above


def _opens_silently(secretstorage: Any, connection: Any, collection: Any, call: KeyringCall) -> bool:
    """Whether it is the collection of a wallet of KWallet that is open."""
    return call.program == kwallet.KWALLET and kwallet.is_open(
        secretstorage, connection, collection.get_property("Label")
    )


def _unlock(secretstorage: Any, connection: Any, paths: list[str], call: KeyringCall) -> bool:
    """Ask once about all of the paths. Returns whether the question was closed without an answer."""
    with _prompting(call):
        return bool(secretstorage.util.unlock_objects(connection, paths, timeout=PROMPTED_SECONDS))


@contextlib.contextmanager
def _prompting(call: KeyringCall) -> Iterator[None]:
    call.prompt_open = True
    try:
        yield
    finally:
        call.prompt_open = False


def program_name(secretstorage: Any) -> str:
    """The name of the program behind the Secret Service, "" where it is not a known one."""
    try:
        program = _owner_program(secretstorage)
    except Exception as error:  # noqa: BLE001 - a name for display; no bus or no /proc costs only that
        _log.debug("the keyring's program is not known: %s", type(error).__name__)
        return ""
    return next((name for comm, name in _KNOWN.items() if program.startswith(comm)), "")


def _owner_program(secretstorage: Any) -> str:
    with contextlib.closing(secretstorage.dbus_init()) as connection:
        bus = secretstorage.Proxy(secretstorage.message_bus, connection)
        (pid,) = bus.GetConnectionUnixProcessID("org.freedesktop.secrets")
    return Path(f"/proc/{pid}/comm").read_text().strip()
