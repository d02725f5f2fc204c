"""One D-Bus connection and one session to the Secret Service, kept from call to call.

What goes wrong, and what is done:

    the bus has gone, or the service ended while it was asked    both are opened anew and the request is sent once
                                                                 more. A deletion is not repeated.
    another process owns the service's name                      a new session
    the secret is not text, or differs from what was written     the caller asks for a new session with `renew`.
                                                                 KWallet's sessions now and then share no key.
"""

import contextlib
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from keyrack.core.vault.keyring_thread import KeyringCall
from keyrack.core.vault.secret_service import ensure_unlocked
from keyrack.core.vault.vault_errors import (
    BusLost,
    Corrupt,
    KwalletPluginMissing,
    NoService,
    as_vault_failure,
)

T = TypeVar("T")

_NAME = "org.freedesktop.secrets"
_BLOCK = 16
_BATCH = 100


class ServiceLink:
    """The connection and the session. It is used in the keyring's thread alone.

    `library` is SecretStorage, `call` the call of the thread that it works for. Every method may raise the library's
    errors or a VaultFailure.
    """

    def __init__(self, library: Any) -> None:
        self.library = library
        self.call = KeyringCall(0, prompt=False)
        self.connection: Any = None
        self._session: Any = None
        self._checked: KeyringCall | None = None
        self._owner = ""

    def begin(self, call: KeyringCall) -> None:
        """Work for this call from now on."""
        self.call = call

    def trust(self) -> None:
        """Take the session as checked for this call. A service that changed since refuses it, and is met anew."""
        if self._session is not None:
            self._checked = self.call

    def renew(self) -> None:
        """Forget the session, because its two sides may not share a key. The permission of the connection stays."""
        self._session = None

    def close(self) -> None:
        """Close the connection. The next request opens another."""
        self._session = None
        connection, self.connection = self.connection, None
        if connection is not None:
            with contextlib.suppress(OSError):
                connection.close()

    def session(self) -> Any:
        """The session. Once for each call, the collection is checked to be unlocked and the service to be the same."""
        if self._session is None or self._checked is not self.call:
            self._open()
            self._checked = self.call
        return self._session

    def repeated(self, work: Callable[[], T]) -> T:
        """Do it, and once more over a new connection where the first was lost."""
        try:
            return work()
        except Exception as error:
            if not self.close_if_lost(error):
                raise
            lost = error
        self.call.raise_if_abandoned()
        try:
            return work()
        except Exception as error:
            if not isinstance(as_vault_failure(error), BusLost | NoService):
                raise
        raise lost

    def close_if_lost(self, error: Exception) -> bool:
        """Close the connection if it was lost. Returns whether it was."""
        lost = isinstance(as_vault_failure(error), BusLost)
        if lost:
            self.close()
        return lost

    def send(self, path: str, interface: str, method: str, signature: str, *values: object) -> Any:
        """Call a method of the service. Returns its answer as a tuple."""
        return self.library.util.DBusAddressWrapper(path, interface, self.connection).call(method, signature, *values)

    def property(self, path: str, interface: str, name: str) -> Any:
        """The value of a property."""
        return self.library.util.DBusAddressWrapper(path, interface, self.connection).get_property(name)

    def properties(self, paths: Sequence[str], interface: str, name: str) -> dict[str, Any]:
        """The values of one property, by path, without the objects that refuse it.

        The requests are sent in batches, because waiting for each answer before the next request takes most of the time
        with hundreds of objects. A bus accepts 128 requests of one connection at the same time by default.
        """
        found: dict[str, Any] = {}
        for start in range(0, len(paths), _BATCH):
            self.call.raise_if_abandoned()
            asked = {next(self.connection.outgoing_serial): path for path in paths[start : start + _BATCH]}
            for serial, path in asked.items():
                address = self.library.util.DBusAddressWrapper(path, interface, self.connection)
                self.connection.send(self.library.util.Properties(address).get(name), serial=serial)
            while asked:
                header, body = (answer := self.connection.receive()).header, answer.body
                fields = {field.name: value for field, value in header.fields.items()}
                whose = asked.pop(fields.get("reply_serial", 0), None)
                if whose is not None and header.message_type.name == "method_return":
                    found[whose] = body[0][1]
        return found

    def sealed(self, text: bytes) -> Any:
        """The text as the service takes it."""
        return self.library.util.format_secret(self.session(), text, "text/plain")

    def unsealed(self, secret: Any) -> bytes:
        """The text of a secret (Secret Service 0.2, "Transfer of Secrets"). Raises Corrupt where the key is wrong."""
        data = bytes(secret[2])
        if not self._session.encrypted:
            return data
        crypto = self.library.item
        try:
            cipher = crypto.Cipher(crypto.algorithms.AES(self._session.aes_key), crypto.modes.CBC(bytes(secret[1])))
            decryptor = cipher.decryptor()
            padded = decryptor.update(data) + decryptor.finalize()
        except ValueError:
            raise Corrupt from None
        length = padded[-1] if padded else 0
        if not 1 <= length <= _BLOCK or padded[-length:] != bytes([length]) * length:
            raise Corrupt
        return bytes(padded[:-length])

    def _open(self) -> None:
        if self.connection is None:
            self.connection = self.library.dbus_init()
        ensure_unlocked(self.library, self.connection, self.call)
        (owner,) = self.library.Proxy(self.library.message_bus, self.connection).GetNameOwner(_NAME)
        if self._session is None or owner != self._owner:
            self._session, self._owner = self._new_session(), owner

    def _new_session(self) -> Any:
        try:
            return self.library.util.open_session(self.connection)
        except Exception as error:
            if "libqca" in str(error):
                raise KwalletPluginMissing from None
            raise
