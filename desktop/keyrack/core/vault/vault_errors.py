"""The failures of the keyring. `messages/keyring_messages.py` has their sentences.

VaultFailure
├── Locked        the keyring is locked and the person was not asked (S60: 1)
│   └── Asking    the keyring's own question waits for an answer
├── Dismissed     the person closed the keyring's prompt (2)
├── Denied        the keyring refused the request (3)
│   └── KwalletPluginMissing    KWallet lacks the plug-in that it encrypts with
├── NoService     there is no keyring on this computer (4)
├── Missing       the account's item is not in the keyring (5)
├── BusLost       the connection to the keyring broke (6)
├── Corrupt       the item is not a record of Keyrack, or not whole (7)
├── NewerSchema   a newer Keyrack wrote the record, which is left as it is (S68)
└── Stuck         the keyring did not answer in time (S59)
"""

from collections.abc import Iterator

from keyrack.primitives.failure import Failure


class VaultFailure(Failure):
    """The keyring could not do what was requested."""

    code = "keyring_failed"
    technical = True


class Locked(VaultFailure):
    """The keyring is locked and the person was not asked to unlock it."""

    code = "keyring_locked"


class Asking(Locked):
    """The keyring's own question is on the screen and waits for an answer. `program` asks it."""

    code = "keyring_asks"


class Dismissed(VaultFailure):
    """The person closed the keyring's prompt."""

    code = "keyring_prompt_dismissed"


class Denied(VaultFailure):
    """The keyring refused the request."""

    code = "keyring_denied"


class KwalletPluginMissing(Denied):
    """KWallet lacks the plug-in that it encrypts with, which Debian does not install with it."""

    code = "keyring_kwallet_plugin_missing"


class NoService(VaultFailure):
    """There is no keyring on this computer."""

    code = "keyring_absent"


class Missing(VaultFailure):
    """The account's item is not in the keyring."""

    code = "keyring_record_missing"


class BusLost(VaultFailure):
    """The connection to the keyring broke."""

    code = "keyring_connection_lost"


class Corrupt(VaultFailure):
    """The item is not a record of Keyrack, or it is not whole."""

    code = "keyring_record_corrupt"


class NewerSchema(VaultFailure):
    """A newer Keyrack wrote the record, which is left as it is (S68)."""

    code = "keyring_record_newer"


class Stuck(VaultFailure):
    """The keyring did not answer in time (S59)."""

    code = "keyring_stuck"


def write_not_kept() -> Corrupt:
    """The failure for a value that differs when it is read back after a write (S58)."""
    return Corrupt("keyring_write_not_kept")


# Names instead of types: the libraries that define them are loaded on first use and differ by platform.
_BY_TYPE: dict[str, type[VaultFailure]] = {
    "PromptDismissedException": Dismissed,
    "KeyringDenied": Dismissed,
    "KeyringLocked": Locked,
    "LockedException": Locked,
    "NoKeyringError": NoService,
    "SecretServiceNotAvailableException": NoService,
    "SecAuthFailure": Denied,
    "UnicodeDecodeError": Corrupt,
    "ItemNotFoundException": Denied,
}
_BY_BUS_NAME: dict[str, type[VaultFailure]] = {
    "org.freedesktop.Secret.Error.IsLocked": Locked,
    "org.freedesktop.Secret.Error.NoSession": BusLost,
    # KWallet 5.103 says so of a session that it has forgotten, now and then of one that it has just opened.
    "org.qtproject.QtDBus.Error.InvalidObjectPath": BusLost,
    "org.freedesktop.DBus.Error.AccessDenied": Denied,
    "org.freedesktop.DBus.Error.ServiceUnknown": NoService,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NoService,
    "org.freedesktop.DBus.Error.NoReply": BusLost,
    "org.freedesktop.DBus.Error.Disconnected": BusLost,
}
_SPAWN = "org.freedesktop.DBus.Error.Spawn."


def as_vault_failure(error: BaseException) -> VaultFailure:
    """The failure for an error of any keyring library. An unknown error is Denied.

    The causes are examined first, because keyring wraps the specific error in a general one.
    """
    chain = list(_chain(error))
    for link in reversed(chain):
        if isinstance(link, VaultFailure):
            return link
    for link in reversed(chain):
        failure_type = _failure_type(link)
        if failure_type is not None:
            return failure_type(detail=type(link).__name__)
    return Denied(detail=type(error).__name__)


def _failure_type(error: BaseException) -> type[VaultFailure] | None:
    bus_name = getattr(error, "name", None)
    if isinstance(bus_name, str) and bus_name in _BY_BUS_NAME:
        return _BY_BUS_NAME[bus_name]
    if isinstance(bus_name, str) and bus_name.startswith(_SPAWN):
        return NoService
    for base in type(error).__mro__:
        if base.__name__ in _BY_TYPE:
            return _BY_TYPE[base.__name__]
    if isinstance(error, TimeoutError):
        return Stuck
    # FileNotFoundError and EOFError come when the session bus has gone.
    return BusLost if isinstance(error, OSError | EOFError) else None


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
