"""Signatures and keys as minisign writes them, so that a person can check a list with a tool that is known.

Only the prehashed kind is accepted, which minisign makes by default since its version 0.10.
Source: minisign's page, "Signature format" and "Public key format".
"""

import base64
import binascii
import hashlib
import importlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from keyrack.core.updates.update_failures import ListRefused, UpdateFailure

KEY_KIND, SIGNATURE_KIND = b"Ed", b"ED"
UNTRUSTED, TRUSTED = b"untrusted comment: ", b"trusted comment: "
ID_BYTES, KEY_BYTES, SIGNATURE_BYTES = 8, 32, 64


@dataclass(frozen=True, slots=True)
class ReleaseKey:
    """A public key of Ed25519 with the id that minisign gave it."""

    id: bytes
    public: bytes

    @property
    def text(self) -> str:
        """The key in one line, as `minisign -P` takes it."""
        return base64.b64encode(KEY_KIND + self.id + self.public).decode()


def key_of(text: str) -> ReleaseKey:
    """The key of such a line. Raises UpdateFailure."""
    data = _decoded(text.strip().encode())
    if len(data) != len(KEY_KIND) + ID_BYTES + KEY_BYTES or not data.startswith(KEY_KIND):
        raise UpdateFailure("update_key_invalid")
    return ReleaseKey(data[2 : 2 + ID_BYTES], data[2 + ID_BYTES :])


def signed_by(answer: bytes, keys: Iterable[ReleaseKey]) -> tuple[bytes, ReleaseKey]:
    """The list that an answer holds, and which of the keys has signed it. Raises ListRefused.

    The last four lines are the signature, and all before them is the list.
    """
    begins = answer.rfind(b"\n" + UNTRUSTED) + 1
    lines = answer[begins:].removesuffix(b"\n").split(b"\n")
    if not begins or len(lines) != 4 or not lines[2].startswith(TRUSTED):
        raise ListRefused("update_unsigned")
    signature, whole = _decoded(lines[1]), _decoded(lines[3])
    made = signature[2 + ID_BYTES :]
    if not signature.startswith(SIGNATURE_KIND) or len(made) != SIGNATURE_BYTES or len(whole) != SIGNATURE_BYTES:
        raise ListRefused("update_unsigned")
    key = next((key for key in keys if key.id == signature[2 : 2 + ID_BYTES]), None)
    if key is None:
        raise ListRefused("update_signed_by_other")
    text, comment = answer[:begins], lines[2].removeprefix(TRUSTED)
    if not (_holds(key, made, digest(text)) and _holds(key, whole, made + comment)):
        raise ListRefused("update_signature_wrong")
    return text, key


def digest(text: bytes) -> bytes:
    """What is signed in the place of a list."""
    return hashlib.blake2b(text).digest()


def _holds(key: ReleaseKey, signature: bytes, data: bytes) -> bool:
    # A look for updates is rare, and this import takes longer than the rest of the room.
    ed25519: Any = importlib.import_module("cryptography.hazmat.primitives.asymmetric.ed25519")
    invalid: Any = importlib.import_module("cryptography.exceptions").InvalidSignature
    try:
        ed25519.Ed25519PublicKey.from_public_bytes(key.public).verify(signature, data)
    except (invalid, ValueError):
        return False
    return True


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
