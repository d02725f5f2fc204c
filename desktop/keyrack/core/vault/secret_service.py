"""The Secret Service's default collection. Whether it is locked is checked before every other request.

With a locked collection the keyring library waits without end for a prompt that may not be visible. So the prompt is
opened only when the person pressed a button.
"""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from keyrack.core.vault.keyring_thread import PROMPTED_SECONDS, KeyringCall
from keyrack.core.vault.vault_errors import Dismissed, Locked

TITLE = "Secret Service"

_log = logging.getLogger(__name__)
_KNOWN = {"gnome-keyring-d": "GNOME keyring", "kwalletd": "KWallet", "ksecretd": "KWallet", "keepassxc": "KeePassXC"}


def unlocked_collection(secretstorage: Any, call: KeyringCall) -> Any:
    """The default collection on its own connection, which the caller closes.

    `secretstorage` is the library, loaded by the vault. Raises Locked without a prompt unless `call.prompt` is true.
    With a prompt it raises Dismissed when the person closes it, or Stuck when nothing answers.
    """
    connection = secretstorage.dbus_init()
    try:
        return _open_collection(secretstorage, connection, call)
    except BaseException:
        connection.close()
        raise


def _open_collection(secretstorage: Any, connection: Any, call: KeyringCall) -> Any:
    try:
        collection = secretstorage.Collection(connection)
    except secretstorage.ItemNotFoundException:
        if not call.prompt:
            raise Locked("keyring_not_set_up") from None
        with _prompting(call):
            return secretstorage.get_default_collection(connection)
    if collection.is_locked():
        if not call.prompt:
            raise Locked
        with _prompting(call):
            _unlock(collection)
    return collection


def _unlock(collection: Any) -> None:
    # Without a program that can ask, the keyring reports the question as dismissed at once.
    if collection.unlock(timeout=PROMPTED_SECONDS) or collection.is_locked():
        raise Dismissed


@contextlib.contextmanager
def _prompting(call: KeyringCall) -> Iterator[None]:
    call.prompt_open = True
    try:
        yield
    finally:
        call.prompt_open = False


def service_name(secretstorage: Any) -> str:
    """The title "Secret Service", with the name of the program behind it where that is a known one."""
    try:
        program = _owner_program(secretstorage)
    except Exception as error:  # noqa: BLE001 - a name for display; no bus or no /proc costs only that
        _log.debug("the keyring's program is not known: %s", type(error).__name__)
        return TITLE
    known = next((name for comm, name in _KNOWN.items() if program.startswith(comm)), "")
    return f"{TITLE} ({known})" if known else TITLE


def _owner_program(secretstorage: Any) -> str:
    with contextlib.closing(secretstorage.dbus_init()) as connection:
        bus = secretstorage.Proxy(secretstorage.message_bus, connection)
        (pid,) = bus.GetConnectionUnixProcessID("org.freedesktop.secrets")
    return Path(f"/proc/{pid}/comm").read_text().strip()
