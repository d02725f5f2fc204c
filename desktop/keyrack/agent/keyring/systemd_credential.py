"""The keyring's password, which the service manager passes as a systemd credential (systemd.exec(5), CREDENTIALS)."""

import os
from pathlib import Path

from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret

NAME = "keyring-password"

_LONGEST = 1024


class CredentialRefused(Failure):
    """The credential exists but cannot be used as a password."""


def keyring_password() -> Secret | None:
    """The password without the line end that editors add. None without the credential, or when it is empty.

    An empty one counts as none because gnome-keyring writes secrets in the clear under an empty password.
    Raises CredentialRefused.
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if not os.path.isabs(folder):
        return None
    try:
        with Path(folder, NAME).open("rb") as file:
            found = file.read(_LONGEST + 2)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CredentialRefused("credential_unreadable", reason=plain(str(error.strerror))) from error
    return _checked(found.removesuffix(b"\n").removesuffix(b"\r"))


def _checked(found: bytes) -> Secret | None:
    if len(found) > _LONGEST:
        raise CredentialRefused("credential_too_long", longest=str(_LONGEST))
    text = _text(found)
    if text is None:
        raise CredentialRefused("credential_not_utf8")
    if any(ord(character) < ord(" ") for character in text):
        raise CredentialRefused("credential_not_one_line")
    return Secret(text) if text else None


def _text(found: bytes) -> str | None:
    """The text. Returns None instead of raising an error that would hold the bytes."""
    try:
        return found.decode()
    except UnicodeDecodeError:
        return None
