"""Keyring's Secret Service backend over one D-Bus connection and one session, which are kept.

keyring itself opens both for every call. KeePassXC remembers a permission for each connection, so it would ask for
every call, and the key agreement of a session costs more than the request itself.
"""

import contextlib
from typing import Any

from keyrack.core.vault.secret_service import (
    COLLECTION,
    COLLECTION_INTERFACE,
    answer_of_prompt,
    ensure_item_unlocked,
    ensure_unlocked,
    is_prompt,
)
from keyrack.core.vault.service_link import ServiceLink
from keyrack.core.vault.vault_errors import Corrupt, Dismissed, Locked, as_vault_failure
from keyrack.primitives.secret import Secret

_SERVICE = ("/org/freedesktop/secrets", "org.freedesktop.Secret.Service")
_ITEM = "org.freedesktop.Secret.Item"
_REPLACE = True


class KeptService:
    """Reads and writes items of the default collection. It is used in the keyring's thread alone.

    `backend` is keyring's own, whose attributes and labels are used (S64). Every method may raise the library's errors
    or a VaultFailure.
    """

    def __init__(self, link: ServiceLink, backend: Any) -> None:
        self.link = link
        self._appid: str = backend.appid
        self._scheme: dict[str, str] = backend.schemes[backend.scheme]

    def get_password(self, service: str, username: str) -> str | None:
        """The item's text, or None without an item. Raises Corrupt for what is no text."""
        secret = self.link.repeated(lambda: self._read(service, username))
        try:
            return None if secret is None else secret.decode()
        except UnicodeDecodeError:
            raise Corrupt from None  # the error itself holds the bytes

    def set_password(self, service: str, username: str, password: str) -> None:
        """Create or replace the item."""
        self.link.repeated(lambda: self._write(service, username, password.encode()))

    def delete_password(self, service: str, username: str) -> None:
        """Delete the item."""
        try:
            self._delete(service, username)
        except Exception as error:
            self.link.close_if_lost(error)
            raise

    def texts(self, service: str) -> dict[str, Secret]:
        """All texts of a service that need no question, by the user's name, with one request for all secrets."""
        return self.link.repeated(lambda: self._read_all(service))

    def _read(self, service: str, username: str) -> bytes | None:
        session = self.link.session()
        for path in self._paths(service, username):
            try:
                (secret,) = self.link.send(path, _ITEM, "GetSecret", "o", session.object_path)
            except Exception as error:
                if not isinstance(as_vault_failure(error), Locked):
                    raise
                self._ask_for(path, service)
                (secret,) = self.link.send(path, _ITEM, "GetSecret", "o", session.object_path)
            return self.link.unsealed(secret)
        return None

    def _ask_for(self, path: str, service: str) -> None:
        link = self.link
        ensure_unlocked(link.library, link.connection, link.call)
        try:
            ensure_item_unlocked(link.library, link.connection, path, self._paths(service), link.call)
        except Dismissed:
            link.close()  # a no holds for the life of the connection, so the next press asks over another
            raise

    def _read_all(self, service: str) -> dict[str, Secret]:
        session = self.link.session()
        ours = set(self._paths(service))
        unlocked, _ = self.link.send(*_SERVICE, "SearchItems", "a{ss}", self._query(service))
        paths = [path for path in unlocked if path in ours]
        if not paths:
            return {}
        (secrets,) = self.link.send(*_SERVICE, "GetSecrets", "aoo", paths, session.object_path)
        attributes = self.link.properties(tuple(secrets), _ITEM, "Attributes")
        found = {}
        for path, secret in secrets.items():
            # What is no text is told when it is read by itself.
            with contextlib.suppress(Corrupt, UnicodeDecodeError, KeyError):
                name = attributes[path][self._scheme["username"]]
                found[name] = Secret(self.link.unsealed(secret).decode())
        return found

    def _write(self, service: str, username: str, text: bytes) -> None:
        sealed = self.link.sealed(text)
        properties = {
            f"{_ITEM}.Label": ("s", f"Password for '{username}' on '{service}'"),
            f"{_ITEM}.Attributes": ("a{ss}", self._query(service, username) | {"application": self._appid}),
        }
        collection = (COLLECTION, COLLECTION_INTERFACE)
        _, prompt = self.link.send(*collection, "CreateItem", "a{sv}(oayays)b", properties, sealed, _REPLACE)
        self._answered(prompt)

    def _delete(self, service: str, username: str) -> None:
        self.link.session()
        for path in self._paths(service, username):
            (prompt,) = self.link.send(path, _ITEM, "Delete", "")
            self._answered(prompt)

    def _answered(self, prompt: str) -> None:
        if is_prompt(prompt):
            answer_of_prompt(self.link.library, self.link.connection, prompt, self.link.call)

    def _paths(self, service: str, username: str = "") -> list[str]:
        collection = (COLLECTION, COLLECTION_INTERFACE)
        (found,) = self.link.send(*collection, "SearchItems", "a{ss}", self._query(service, username))
        return list(found)

    def _query(self, service: str, username: str = "") -> dict[str, str]:
        query = {self._scheme["service"]: service}
        return query | {self._scheme["username"]: username} if username else query
