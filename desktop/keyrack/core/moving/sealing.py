"""Seals bytes with a passphrase into a text, and opens it again: Argon2id and AES-256-GCM (S69).

The text has a line with the version, a line of JSON with every parameter, the sealed bytes in base64, and a line with
their digest. The first two lines are the associated data of AES-GCM, so that no parameter can be changed unseen.
`docs/export-format.md` describes it.
"""

import base64
import binascii
import hashlib
import hmac
import importlib
import os
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec

from keyrack.core.moving.moving_failures import ImportRefused
from keyrack.primitives.secret import Secret

MAGIC = b"KEYRACK EXPORT "
VERSION = 1
LARGEST = 16 * 1024 * 1024
# RFC 9106 §4, the second recommended choice.
ITERATIONS = 3
LANES = 4
MEMORY_KIB = 64 * 1024
# What a file may demand at most, so that a hostile one exhausts neither memory nor time.
MOST_ITERATIONS = 16
MOST_LANES = 16
MOST_MEMORY_KIB = 256 * 1024

_END = b"END "
_FEWEST_LINES = 3
_KEY_BYTES, _CHECK_BYTES, _SALT_BYTES, _NONCE_BYTES = 32, 16, 16, 12
_LONGEST_HEADER = 1_000
_LINE = 76


class _Header(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    kdf: Literal["argon2id"]
    iterations: Annotated[int, msgspec.Meta(ge=1, le=MOST_ITERATIONS)]
    lanes: Annotated[int, msgspec.Meta(ge=1, le=MOST_LANES)]
    memory_kib: Annotated[int, msgspec.Meta(ge=8 * MOST_LANES, le=MOST_MEMORY_KIB)]
    salt: bytes
    check: bytes
    cipher: Literal["aes-256-gcm"]
    nonce: bytes


@dataclass(frozen=True, slots=True)
class _Parts:
    header: _Header
    associated: bytes
    sealed: bytes


def is_sealed(data: bytes) -> bool:
    """Whether a text begins as a sealed export does."""
    return data.lstrip().startswith(MAGIC.rstrip())


def seal(content: bytes, passphrase: Secret) -> bytes:
    """The content in a sealed text. It takes about 0.2 s and 64 MiB, so it is called in a thread."""
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    key, check = _derived(passphrase, salt, ITERATIONS, LANES, MEMORY_KIB)
    header = _Header("argon2id", ITERATIONS, LANES, MEMORY_KIB, salt, check, "aes-256-gcm", nonce)
    first = [_first_line(), msgspec.json.encode(header)]
    sealed: bytes = _aes(key).encrypt(nonce, content, b"\n".join(first))
    text = base64.b64encode(sealed)
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return b"\n".join([*first, *lines, _last_line(sealed), b""])


def unseal(data: bytes, passphrase: Secret) -> bytes:
    """The content of a sealed text. It is called in a thread.

    Raises ImportRefused: for a text of a newer version, one that demands too much, is cut or was changed, and for
    another passphrase than the one that it was sealed with.
    """
    parts = _parts(data)
    header = parts.header
    key, check = _derived(passphrase, header.salt, header.iterations, header.lanes, header.memory_kib)
    if not hmac.compare_digest(check, header.check):
        raise ImportRefused("import_passphrase_wrong")
    invalid: Any = importlib.import_module("cryptography.exceptions").InvalidTag
    try:
        content: bytes = _aes(key).decrypt(header.nonce, parts.sealed, parts.associated)
    except invalid:
        raise ImportRefused("import_changed") from None
    return content


def check_shape(data: bytes) -> None:
    """Raise what `unseal` would raise for a text that no passphrase opens."""
    _parts(data)


def _parts(data: bytes) -> _Parts:
    if len(data) > LARGEST:
        raise ImportRefused("import_too_large", mib=str(LARGEST // 1024 // 1024))
    first, *lines = [line.strip() for line in data.strip().splitlines()] or [b""]
    _check_version(first)
    if len(lines) < _FEWEST_LINES or not lines[-1].startswith(_END):
        raise ImportRefused("import_cut")
    header = _header(lines[0])
    try:
        sealed = base64.b64decode(b"".join(lines[1:-1]), validate=True)
    except (binascii.Error, ValueError):
        raise ImportRefused("import_changed") from None
    if not hmac.compare_digest(_last_line(sealed), lines[-1]):
        raise ImportRefused("import_changed")
    return _Parts(header, first + b"\n" + lines[0], sealed)


def _check_version(first: bytes) -> None:
    number = first.removeprefix(MAGIC)
    if not first.startswith(MAGIC) or not number.isdigit() or len(number) > 6:
        raise ImportRefused("import_unknown")
    if int(number) > VERSION:
        raise ImportRefused("import_newer")
    if int(number) < VERSION:
        raise ImportRefused("import_unknown")


def _header(line: bytes) -> _Header:
    if len(line) > _LONGEST_HEADER:
        raise ImportRefused("import_changed")
    try:
        header = msgspec.json.decode(line, type=_Header)
    except (msgspec.DecodeError, RecursionError):
        raise ImportRefused("import_header") from None
    if (len(header.salt), len(header.check), len(header.nonce)) != (_SALT_BYTES, _CHECK_BYTES, _NONCE_BYTES):
        raise ImportRefused("import_header")
    return header


def _first_line() -> bytes:
    return MAGIC + str(VERSION).encode()


def _last_line(sealed: bytes) -> bytes:
    """Tells a text that was cut or damaged on its way from one that another passphrase opens."""
    return _END + hashlib.sha256(sealed).hexdigest().encode()


def _derived(passphrase: Secret, salt: bytes, iterations: int, lanes: int, memory_kib: int) -> tuple[bytes, bytes]:
    """The key, and a value that tells a wrong passphrase from a changed file."""
    argon2id: Any = importlib.import_module("cryptography.hazmat.primitives.kdf.argon2").Argon2id
    length = _KEY_BYTES + _CHECK_BYTES
    # Keyboards differ in how they compose an accent; the same word must give the same bytes (RFC 8265 §4.2).
    plain = unicodedata.normalize("NFC", passphrase.reveal()).encode("utf-8", "surrogatepass")
    made = argon2id(salt=salt, length=length, iterations=iterations, lanes=lanes, memory_cost=memory_kib)
    derived: bytes = made.derive(plain)
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]


def _aes(key: bytes) -> Any:
    return importlib.import_module("cryptography.hazmat.primitives.ciphers.aead").AESGCM(key)
