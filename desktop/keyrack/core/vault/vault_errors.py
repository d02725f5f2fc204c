"""What can go wrong with the keyring, each with its own sentences.

VaultFailure
├── Locked        the keyring is locked and nobody was asked (S60: 1)
├── Dismissed     the person closed the keyring's question (2)
├── Denied        the keyring refused the request (3)
├── NoService     there is no keyring on this computer (4)
├── Missing       the account's item is not in the keyring (5)
├── BusLost       the connection to the keyring broke (6)
├── Corrupt       what the keyring holds is not a record of ours, or not whole (7)
├── NewerSchema   a newer Keyrack wrote the record; it is left as it is (S68)
└── Stuck         the keyring did not answer in time (S59)
"""

from collections.abc import Iterator

from keyrack.primitives.failure import Failure


class VaultFailure(Failure):
    """The keyring could not do what was asked; its sentences have defaults."""

    HAPPENED = "The keyring failed."
    MEANS = "Nothing was lost, but secrets cannot be read or saved now."
    TODO = "Try again."

    def __init__(self, happened: str = "", means: str = "", todo: str = "", *, detail: str = "") -> None:
        super().__init__(happened or self.HAPPENED, means or self.MEANS, todo or self.TODO, detail=detail)


class Locked(VaultFailure):
    """The keyring is locked and nobody was asked."""

    HAPPENED = "The keyring is locked."
    MEANS = "Your sign-ins are safe in it, but Keyrack cannot read them."
    TODO = "Unlock the keyring, then press Try again."


class Dismissed(VaultFailure):
    """The person closed the keyring's question."""

    HAPPENED = "The keyring's question was closed without an answer."
    MEANS = "The keyring stays locked; nothing was changed."
    TODO = "Press Try again to be asked once more."


class Denied(VaultFailure):
    """The keyring refused the request."""

    HAPPENED = "The keyring refused the request."
    MEANS = "Keyrack may not use the keyring, or the keyring cannot write its file."
    TODO = "Allow Keyrack in the keyring's own program, check for a full disk, then press Try again."


class NoService(VaultFailure):
    """There is no keyring on this computer."""

    HAPPENED = "There is no keyring on this computer that Keyrack can use."
    MEANS = "Secrets are never written anywhere else, so they cannot be kept after Keyrack ends."
    TODO = "Start or install a keyring (GNOME Keyring, KWallet or KeePassXC), or go on for this session only."


class Missing(VaultFailure):
    """The account's item is not in the keyring."""

    HAPPENED = "The keyring has no entry for this account."
    MEANS = "It was removed outside Keyrack, or the account was never signed in."
    TODO = "Sign in again."


class BusLost(VaultFailure):
    """The connection to the keyring broke."""

    HAPPENED = "The connection to the keyring was lost."
    MEANS = "The keyring's program or the session bus has ended."
    TODO = "Start the keyring again or sign in to the desktop again; Keyrack goes on by itself."


class Corrupt(VaultFailure):
    """What the keyring holds is not a record of ours, or not whole."""

    HAPPENED = "The keyring's entry for this account cannot be read."
    MEANS = "It was changed outside Keyrack or is damaged."
    TODO = "Sign in again; the old entry is kept aside."


class NewerSchema(VaultFailure):
    """A newer Keyrack wrote the record; it is left as it is (S68)."""

    HAPPENED = "This account was saved by a newer version of Keyrack."
    MEANS = "This version does not understand the entry and leaves it as it is."
    TODO = "Use the newer version for this account."


class Stuck(VaultFailure):
    """The keyring did not answer in time (S59)."""

    HAPPENED = "The keyring does not answer."
    MEANS = "Its program hangs; no further request is sent until the last one comes back."
    TODO = "Wait, or end the keyring's program and start it again."


def written_wrong() -> Corrupt:
    """The value read back after a write is another one (S58)."""
    return Corrupt(
        "The keyring did not keep what was written.",
        "It reported success, but reading the entry back gave something else.",
        "Try again; if it stays so, check the keyring's own program.",
    )


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
    "org.freedesktop.DBus.Error.AccessDenied": Denied,
    "org.freedesktop.DBus.Error.ServiceUnknown": NoService,
    "org.freedesktop.DBus.Error.NameHasNoOwner": NoService,
    "org.freedesktop.DBus.Error.NoReply": BusLost,
    "org.freedesktop.DBus.Error.Disconnected": BusLost,
}
_SPAWN = "org.freedesktop.DBus.Error.Spawn."


def as_vault_failure(error: BaseException) -> VaultFailure:
    """The failure that an error of any keyring library stands for; unknown ones are Denied.

    Looks at the causes first: keyring wraps the telling error in a vaguer one.
    """
    chain = list(_chain(error))
    for link in reversed(chain):
        if isinstance(link, VaultFailure):
            return link
    for link in reversed(chain):
        kind = _kind(link)
        if kind is not None:
            return kind(detail=type(link).__name__)
    return Denied(detail=type(error).__name__)


def _kind(error: BaseException) -> type[VaultFailure] | None:
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
