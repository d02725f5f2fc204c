"""Seals what goes into the shared store, and opens what comes from it: AES-256-GCM with the group's key.

A sealed record is 5 bytes that name the format, the key's number in 4 bytes, the revision that the record follows in 8,
a random nonce of 12, then the ciphertext with its tag. What stands before the nonce, and the address, are associated
data, so that a record opens at its own address alone (NIST SP 800-38D). `docs/sharing.md` says what this protects
against.
"""

import os
from collections.abc import Collection
from dataclasses import dataclass
from struct import Struct
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from keyrack.core.shared_store.group_key import GroupKey
from keyrack.core.shared_store.seal_failures import ChangedRecord, ForeignRecord, NewerRecord, OtherKey
from keyrack.primitives.failure import plain

MAGIC = b"KRSH"
VERSION = 1
LARGEST = 512 * 1024
GREATEST_REVISION = 2**63 - 1
_HEAD = Struct(">4sBIQ")
_NONCE_BYTES, _TAG_BYTES = 12, 16
OVERHEAD = _HEAD.size + _NONCE_BYTES + _TAG_BYTES


@dataclass(frozen=True, slots=True)
class Unsealed:
    """What a record holds, the revision that it follows, and the number of the key that sealed it."""

    plain: bytes
    revision: int
    key_number: int


class Seen(Protocol):
    """What this host has read at each address. `SeenRevisions` keeps it."""

    def check(self, address: str, key_number: int, revision: int) -> None:
        """Remember that a record was read. Raises WentBack for one that is older than another at this address."""

    def has_seen(self, address: str) -> bool:
        """Whether a record was ever read at an address."""


class Seal:
    """Seals with the newest key, and opens with any of them. `keys` has at least one, each number once.

    `seen` may be None for what is read once, such as an entry of a host that joins.
    """

    def __init__(self, keys: Collection[GroupKey], seen: Seen | None) -> None:
        self._seen = seen
        self._ciphers: dict[int, AESGCM] = {}
        self.newest = 0
        self.use(keys)

    def use(self, keys: Collection[GroupKey]) -> None:
        """Take these keys in the place of the former ones."""
        self._ciphers = {key.number: AESGCM(key.raw()) for key in keys}
        self.newest = max(self._ciphers)

    def has_seen(self, address: str) -> bool:
        """Whether this host has ever read a record at an address, as far as anything keeps that."""
        return self._seen is not None and self._seen.has_seen(address)

    def is_newest(self, sealed: bytes) -> bool:
        """Whether a record says that it was sealed with the newest key."""
        return len(sealed) >= _HEAD.size and _HEAD.unpack_from(sealed)[2] == self.newest

    def close(self, address: str, revision: int, plain: bytes) -> bytes:
        """The sealed record for an address.

        `revision` is that of the entry which it replaces (`modified`). A new entry gets the revision of the store at
        which there was none, because the address may have had one before, and a record may not follow an older one.
        """
        head = _HEAD.pack(MAGIC, VERSION, self.newest, revision)
        nonce = os.urandom(_NONCE_BYTES)
        return head + nonce + self._ciphers[self.newest].encrypt(nonce, plain, _associated(head, address))

    def open(self, address: str, sealed: bytes) -> Unsealed:
        """What a record holds that was read at an address.

        Raises ForeignRecord, NewerRecord, OtherKey, ChangedRecord or WentBack. The store is left as it is.
        """
        head, number, revision = _read_head(address, sealed)
        cipher = self._ciphers.get(number)
        if cipher is None:
            code = "share_key_newer" if number > self.newest else "share_key_given_up"
            raise OtherKey(code, address=_shown(address), number=str(number), newest=str(self.newest))
        nonce_end = _HEAD.size + _NONCE_BYTES
        try:
            content = cipher.decrypt(sealed[_HEAD.size : nonce_end], sealed[nonce_end:], _associated(head, address))
        except InvalidTag:
            raise ChangedRecord(address=_shown(address)) from None
        if self._seen is not None:
            self._seen.check(address, number, revision)
        return Unsealed(content, revision, number)


def _read_head(address: str, sealed: bytes) -> tuple[bytes, int, int]:
    if not sealed.startswith(MAGIC) or len(sealed) <= len(MAGIC):
        raise ForeignRecord(address=_shown(address))
    if sealed[len(MAGIC)] > VERSION:
        raise NewerRecord(address=_shown(address))
    if sealed[len(MAGIC)] < VERSION or not OVERHEAD <= len(sealed) <= LARGEST:
        raise ForeignRecord(address=_shown(address))
    head = sealed[: _HEAD.size]
    _, _, number, revision = _HEAD.unpack(head)
    if revision > GREATEST_REVISION:
        raise ForeignRecord(address=_shown(address))
    return head, number, revision


def _associated(head: bytes, address: str) -> bytes:
    return head + address.encode()


def _shown(address: str) -> str:
    return plain(address)
