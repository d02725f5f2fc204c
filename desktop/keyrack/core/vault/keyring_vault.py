"""The operating system's keyring, the only place where secrets are stored (S56, S57).

This is the only module that imports `keyring`, on first use. It chooses the backend itself: the environment and
keyringrc.cfg are never read.
"""

import importlib
import logging
import os
import sys
from dataclasses import dataclass
from typing import Any

from keyrack.core.system.private_file import checked_id
from keyrack.core.vault import keyring_items
from keyrack.core.vault.keyring_thread import KeyringCall, KeyringThread
from keyrack.core.vault.record import Record
from keyrack.core.vault.secret_service import TITLE, service_name, unlocked_collection
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import Corrupt, NoService
from keyrack.primitives.secret import Secret

_log = logging.getLogger(__name__)

ALLOWED_BACKENDS = {
    "linux": (
        ("keyring.backends.SecretService", "Keyring", TITLE),
        ("keyring.backends.kwallet", "DBusKeyring", "KWallet"),
        ("keyring.backends.libsecret", "Keyring", "libsecret"),
    ),
    "win32": (("keyring.backends.Windows", "WinVaultKeyring", "Windows Credential Manager"),),
    "darwin": (("keyring.backends.macOS", "Keyring", "macOS Keychain"),),
}
_PROPERTY = "KEYRING_PROPERTY_"


@dataclass(frozen=True)
class _KeyringItems:
    """The pinned backend during one call. Between two steps it stops if the caller no longer waits."""

    backend: Any
    service: str
    call: KeyringCall

    def get(self, name: str) -> Secret | None:
        self.call.raise_if_abandoned()
        try:
            text = self.backend.get_password(self.service, name)
        except UnicodeDecodeError:
            raise Corrupt from None  # the error itself holds the bytes
        return None if text is None else Secret(text)

    def set(self, name: str, text: Secret) -> None:
        self.call.raise_if_abandoned()
        self.backend.set_password(self.service, name, text.reveal())

    def delete(self, name: str) -> None:
        self.call.raise_if_abandoned()
        self.backend.delete_password(self.service, name)


class KeyringVault:
    """Stores records in the operating system's keyring, one call at a time in one daemon thread.

    `service` names Keyrack's items ("Keyrack", or the sandbox's own name). The keyring's attributes and labels show
    only this name and the account's random id (S64).
    """

    persistent = True

    def __init__(self, service: str, *, thread: KeyringThread | None = None) -> None:
        self.name = ""  # until one is open
        self._service = service
        self._thread = thread if thread is not None else KeyringThread()
        self._backend: Any = None
        self._call = KeyringCall(0, prompt=False)

    async def open(self) -> None:
        """Find and pin a backend. Raises NoService when none of the allowed backends works."""
        await self._thread.run(self._pin_backend)

    async def load(self, account: str, *, prompt: bool = False) -> Record:
        """The account's record. Raises Missing when there is none."""
        name = checked_id(account)
        return await self._thread.run(lambda call: keyring_items.load(self._items(call), name), prompt=prompt)

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:
        """Write the record, read it back and compare (S58)."""
        name = checked_id(account)
        await self._thread.run(lambda call: keyring_items.save(self._items(call), name, record), prompt=prompt)

    async def delete(self, account: str, *, prompt: bool = False) -> None:
        """Delete the record. It is no error when there is none."""
        name = checked_id(account)
        await self._thread.run(lambda call: keyring_items.delete(self._items(call), name), prompt=prompt)

    async def close(self) -> None:
        """End. Calls under way have one second to finish."""
        await self._thread.close()

    def _items(self, call: KeyringCall) -> keyring_items.KeyringItems:
        self._pin_backend(call)
        return _KeyringItems(self._backend, self._service, call)

    def _pin_backend(self, call: KeyringCall) -> None:
        """Run in the thread: choose the backend at the first call, and note whether this call may prompt."""
        self._call = call
        if self._backend is not None:
            return
        title, backend = pinned_backend()
        if title == TITLE:
            library = sys.modules[type(backend).__module__].secretstorage
            # The backend's own way would ask the person whenever the collection is locked.
            vars(backend)["get_preferred_collection"] = lambda: unlocked_collection(library, self._call)
            title = service_name(library)
        self._backend, self.name = backend, title


def pinned_backend() -> tuple[str, Any]:
    """The title and instance of the first allowed backend that works here, set as keyring's own.

    No other backend is looked for, so PYTHON_KEYRING_BACKEND and keyringrc.cfg have no effect. KEYRING_PROPERTY_* are
    deleted from the environment before keyring could apply them. Raises NoService.
    """
    for name in [name for name in os.environ if name.startswith(_PROPERTY)]:
        del os.environ[name]
    import keyring

    for module, kind, title in ALLOWED_BACKENDS.get(sys.platform, ()):
        backend = _usable_backend(module, kind)
        if backend is not None:
            keyring.set_keyring(backend)
            return title, backend
    raise NoService


def _usable_backend(module: str, kind: str) -> Any:
    """An instance of the backend, or None when its library or its service is absent."""
    try:
        backend = getattr(importlib.import_module(module), kind)
        return backend() if backend.priority else None
    except Exception as error:  # noqa: BLE001 - whatever a library does when its service is missing
        _log.info("keyring backend %s is not usable: %s", module, type(error).__name__)
        return None


async def open_vault(service: str) -> Vault:
    """The computer's keyring. Raises NoService when there is none that may be used.

    A locked keyring opens too. Its `load` then raises Locked.
    """
    vault = KeyringVault(service)
    await vault.open()
    return vault
