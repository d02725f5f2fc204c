"""Stores a record as items of the keyring, so that a crash between two writes loses nothing.

A record of up to 1,200 characters is one item, named by the account's id. A longer record is split into parts
`<id>.<write>.<n>`. Then the item `<id>` is replaced by a pointer with the number of the write, the number of parts
and their digest (S63). A reader accepts only the parts of one whole write.
"""

import contextlib
import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from keyrack.core.vault.record import SCHEMA, Record, read_object
from keyrack.core.vault.vault_errors import Corrupt, Missing, VaultFailure, write_not_kept
from keyrack.primitives.secret import Secret

_log = logging.getLogger(__name__)

LONGEST_ITEM = 1_200
_MOST_PARTS = 200


class KeyringItems(Protocol):
    """The keyring as named texts. Every method may raise a VaultFailure."""

    def get(self, name: str) -> Secret | None:
        """The item's text, or None when there is no item."""

    def set(self, name: str, text: Secret) -> None:
        """Create or replace the item."""

    def delete(self, name: str) -> None:
        """Delete an item that exists."""

    def renew(self) -> bool:
        """Read and write over a new session from now on. False where the keyring has no sessions."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of the item `<id>`: `write` numbers the last split, `parts` is 0 for a record that is not split."""

    write: int
    parts: int
    digest: str = ""


Get = Callable[[str], Secret | None]


def load(items: KeyringItems, account: str) -> Record:
    """The account's record. Raises Missing, Corrupt, NewerSchema or a failure of the keyring.

    What looks damaged is read again over a new session before it is believed: in one session of about 170 kwalletd5
    5.103 works with another key, so that a good secret reads as an empty one (`findings/`).
    """
    try:
        return parse(items.get, account)
    except Corrupt:
        if not items.renew():
            raise
    return parse(items.get, account)


def parse(get: Get, account: str) -> Record:
    """The record that these items hold. Raises Missing, Corrupt or NewerSchema, and what `get` raises."""
    text = get(account)
    if text is None:
        raise Missing
    found = _parse_head(text)
    return Record.decode(text if found.parts == 0 else _join_parts(get, account, found))


def head(items: KeyringItems, account: str, *, whole: bool = True) -> Head:
    """The head of the stored item, which is of no write without an item.

    Raises NewerSchema, and Corrupt, with `whole` also where the record in the same item cannot be read.
    """
    text = items.get(account)
    if text is None:
        return Head(0, 0)
    found = _parse_head(text)
    if whole and found.parts == 0:
        Record.decode(text)
    return found


def save(items: KeyringItems, account: str, record: Record, before: Head | None = None) -> None:
    """Write the record, read it back and compare (S58). An item that cannot be read is copied to `<id>.aside` first.

    `before` is the head that was read just before, None where none was.
    Raises NewerSchema without touching the item (S68), and Corrupt when the item read back differs.
    """
    if before is None:
        before = _current_head(items, account)
    # What an earlier clean-up left when it was cut off; after this only three writes can have parts.
    _delete_old_parts(items, account, {before.write - 1: 0} | ({} if before.parts else {before.write: 0}))
    text = record.encode()
    if len(text) <= LONGEST_ITEM - len(_write_field(before.write)):
        after = Head(before.write, 0)
        _write_and_verify(items, account, Secret(text.reveal()[:-1] + _write_field(before.write) + "}"))
    else:
        after = _write_parts(items, account, before.write + 1, text)
    _delete_old_parts(
        items, account, {before.write: 0, after.write: after.parts} if before.parts else {after.write: after.parts}
    )


def delete(items: KeyringItems, account: str) -> None:
    """Delete all items of the account, parts first. It is no error when there are none, or when one is no text."""
    if not _is_there(items, account):
        return
    before = _current_head(items, account, keep_aside=False)
    for write in (before.write - 1, before.write, before.write + 1):
        _delete_from(items, account, write, 0)
    for name in (f"{account}.aside", account):
        if _is_there(items, name):
            items.delete(name)


def _parse_head(text: Secret) -> Head:
    found = read_object(text)
    write, parts, digest = found.get("write", 0), found.get("parts", 0), found.get("sha256", "")
    if not (_is_count(write, 2**53) and _is_count(parts, _MOST_PARTS) and isinstance(digest, str)):
        raise Corrupt
    return Head(write, parts, digest)


def _is_count(value: object, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most


def _join_parts(get: Get, account: str, whose: Head) -> Secret:
    pieces = [get(_part_name(account, whose.write, n)) for n in range(whose.parts)]
    whole = Secret("".join(piece.reveal() for piece in pieces if piece is not None))
    if None in pieces or _digest(whole) != whose.digest:
        raise Corrupt
    return whole


def _current_head(items: KeyringItems, account: str, *, keep_aside: bool = True) -> Head:
    """The head of the stored item, as far as the next write needs it. Raises NewerSchema."""
    try:
        return head(items, account, whole=keep_aside)
    except Corrupt:
        if items.renew():
            with contextlib.suppress(Corrupt):
                return head(items, account, whole=keep_aside)
        if keep_aside:
            _keep_aside(items, account)
    with contextlib.suppress(Corrupt):
        return head(items, account, whole=False)  # its number finds the parts, whatever else is damaged
    return Head(0, 0)


def _keep_aside(items: KeyringItems, account: str) -> None:
    try:
        text = items.get(account)
    except Corrupt:
        return  # not even text: the keyring library cannot hand it over
    if text is not None and len(text) <= LONGEST_ITEM:
        _write_and_verify(items, f"{account}.aside", text)


def _write_parts(items: KeyringItems, account: str, write: int, text: Secret) -> Head:
    pieces = list(_split(text))
    if len(pieces) > _MOST_PARTS:
        raise VaultFailure("keyring_record_too_long", detail=f"{len(text)} characters")
    for n, piece in enumerate(pieces):
        _write_and_verify(items, _part_name(account, write, n), piece)
    made = Head(write, len(pieces), _digest(text))
    pointer = {"schema": SCHEMA, "write": made.write, "parts": made.parts, "sha256": made.digest}
    _write_and_verify(items, account, Secret(json.dumps(pointer, separators=(",", ":"))))
    return made


def _write_and_verify(items: KeyringItems, name: str, text: Secret) -> None:
    """Write, read back and compare. What differs is read, and then written, once more over a new session."""
    items.set(name, text)
    if _reads_as(items, name, text):
        return
    if items.renew():
        if _reads_as(items, name, text):
            return
        items.set(name, text)
        if _reads_as(items, name, text):
            return
    raise write_not_kept()


def _reads_as(items: KeyringItems, name: str, text: Secret) -> bool:
    try:
        return items.get(name) == text
    except Corrupt:
        return False


def _delete_old_parts(items: KeyringItems, account: str, writes: dict[int, int]) -> None:
    """Delete parts that no pointer names, from the given part on. A failure here does not fail the save."""
    try:
        for write, first in writes.items():
            _delete_from(items, account, write, first)
    except Exception as error:  # noqa: BLE001 - the keyring's own errors of any kind; the record is safe
        _log.info("old parts stay in the keyring: %s", type(error).__name__)


def _delete_from(items: KeyringItems, account: str, write: int, first: int) -> None:
    """Delete from the last part down, so that a crash leaves no gap that hides later parts."""
    if write < 1:
        return
    last = first
    while last < _MOST_PARTS and _is_there(items, _part_name(account, write, last)):
        last += 1
    for n in reversed(range(first, last)):
        items.delete(_part_name(account, write, n))


def _is_there(items: KeyringItems, name: str) -> bool:
    """Whether there is such an item, also one that cannot be handed over because it is no text."""
    try:
        return items.get(name) is not None
    except Corrupt:
        return True


def _split(text: Secret) -> Iterator[Secret]:
    whole = text.reveal()
    return (Secret(whole[at : at + LONGEST_ITEM]) for at in range(0, len(whole), LONGEST_ITEM))


def _part_name(account: str, write: int, n: int) -> str:
    return f"{account}.{write}.{n}"


def _write_field(write: int) -> str:
    return f',"write":{write}' if write else ""


def _digest(text: Secret) -> str:
    return hashlib.sha256(text.reveal().encode()).hexdigest()
