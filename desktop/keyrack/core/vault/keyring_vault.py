"""The operating system's keyring, the only place where secrets are stored (S56, S57).

This is the only module that imports `keyring`, on first use. It chooses the backend itself: the environment and
keyringrc.cfg are never read.
"""

import contextlib
import importlib
import logging
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from keyrack.core.system.private_file import checked_id
from keyrack.core.vault import keyring_items
from keyrack.core.vault.kept_service import KeptService
from keyrack.core.vault.keyring_thread import KeyringCall, KeyringThread
from keyrack.core.vault.record import Record
from keyrack.core.vault.secret_service import TITLE, program_name
from keyrack.core.vault.service_link import ServiceLink
from keyrack.core.vault.vault import Vault
from keyrack.core.vault.vault_errors import Corrupt, Missing, NewerSchema, NoService
from keyrack.language.translation import Phrase, mark
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
# How long the look at an item before a renewal's request counts. A provider answers much sooner, or not at all.
PREPARED_SECONDS = 10.0
_PROPERTY = "KEYRING_PROPERTY_"


@dataclass(frozen=True)
class _KeyringItems:
    """The pinned backend during one call. Between two steps it stops if the caller no longer waits."""

    backend: Any
    service: str
    call: KeyringCall
    kept: KeptService | None

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

    def renew(self) -> bool:
        if self.kept is None:
            return False
        self.call.raise_if_abandoned()
        self.kept.link.renew()
        return True


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
        self._kept: KeptService | None = None
        self._program = ""
        self._prepared: dict[str, tuple[float, keyring_items.Head]] = {}  # used in the thread alone

    async def open(self) -> None:
        """Find and pin a backend. Raises NoService when none of the allowed backends works."""
        await self._thread.run(self._pin_backend)

    async def load(self, account: str, *, prompt: bool = False) -> Record:
        """The account's record. Raises Missing when there is none."""
        name = checked_id(account)
        return await self._thread.run(lambda call: keyring_items.load(self._items(call), name), prompt=prompt)

    async def load_together(self, accounts: Iterable[str], *, prompt: bool = False) -> dict[str, Record]:
        """The records that can be read together, by account. Any other account is to be loaded by itself."""
        names = [checked_id(account) for account in accounts]
        return await self._thread.run(lambda call: self._read_together(call, names), prompt=prompt)

    def prepare_save(self, account: str) -> None:
        """Do now what a save within seconds can do without its record. Nothing is raised, and nothing is waited for."""
        name = checked_id(account)
        self._thread.post(lambda call: self._prepare(call, name))

    async def save(self, account: str, record: Record, *, prompt: bool = False) -> None:
        """Write the record, read it back and compare (S58)."""
        name = checked_id(account)
        await self._thread.run(lambda call: self._save(call, name, record), prompt=prompt)

    async def delete(self, account: str, *, prompt: bool = False) -> None:
        """Delete the record. It is no error when there is none."""
        name = checked_id(account)
        await self._thread.run(lambda call: keyring_items.delete(self._items(call), name), prompt=prompt)

    async def discard(self, account: str) -> None:
        """Delete what a save that failed may have left. When the caller's wait ends it is still done."""
        name = checked_id(account)
        await self._thread.run(lambda call: keyring_items.delete(self._items(call), name), lasting=True)

    async def close(self) -> None:
        """End. Calls under way have one second to finish."""
        await self._thread.close(self._disconnect)

    def _disconnect(self) -> None:
        if self._kept is not None:
            self._kept.link.close()

    def _items(self, call: KeyringCall) -> keyring_items.KeyringItems:
        self._pin_backend(call)
        return _KeyringItems(self._backend, self._service, call, self._kept)

    def _prepare(self, call: KeyringCall, name: str) -> None:
        self._prepared.pop(name, None)
        with contextlib.suppress(Exception):  # the save meets the same failure, and reports it
            self._prepared[name] = (time.monotonic(), keyring_items.head(self._items(call), name))

    def _save(self, call: KeyringCall, name: str, record: Record) -> None:
        prepared, before = self._prepared.pop(name, None), None
        items = self._items(call)
        if prepared is not None and time.monotonic() - prepared[0] < PREPARED_SECONDS:
            before = prepared[1]
            if self._kept is not None:
                self._kept.link.trust()
        keyring_items.save(items, name, record, before)

    def _read_together(self, call: KeyringCall, names: Iterable[str]) -> dict[str, Record]:
        self._pin_backend(call)
        if self._kept is None:
            return {}
        texts = self._kept.texts(self._service)
        found = {}
        for name in names:
            with contextlib.suppress(Missing, Corrupt, NewerSchema):
                found[name] = keyring_items.parse(texts.get, name)
        return found

    def _pin_backend(self, call: KeyringCall) -> None:
        """Run in the thread: choose the backend at the first call, and note whether this call may prompt."""
        if self._backend is None:
            title, backend = pinned_backend()
            if title == TITLE:
                library = sys.modules[type(backend).__module__].secretstorage
                kept = self._kept = KeptService(ServiceLink(library), backend)
                # The backend's own ways open a connection for each call, and ask whenever the collection is locked.
                own = {"get_password": kept.get_password, "set_password": kept.set_password}
                vars(backend).update(own, delete_password=kept.delete_password)
                program = program_name(library)
                self._program = program or self._program
                title = f"{TITLE} ({program})" if program else TITLE
            self._backend, self.name = backend, title
        call.program = self._program or Phrase(mark("The keyring"))
        if self._kept is not None:
            self._kept.link.begin(call)


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
