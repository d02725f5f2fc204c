"""Keyring items, whatever bytes stand in them: a record, nothing, or a failure of the vault, and no loss.

An input is a list of items. A line `== NAME` begins each, in which ID stands for the account's id.
"""

import contextlib
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from keyrack.core.vault import keyring_items
from keyrack.core.vault.record import Record
from keyrack.core.vault.record_token import token_of
from keyrack.core.vault.vault_errors import Corrupt, Missing, NewerSchema
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret
from tests.campaigns.fuzzing.complaints import Complaints
from tests.campaigns.fuzzing.target import promise

_ID, _OTHER = "a1b2c3", "d4e5f6"
_BESIDE = Record(generation=7, refresh=Secret("rt-invented-beside"), signed_in=True)
_NEXT = Record(generation=8, refresh=Secret("rt-invented-next"), signed_in=True)
_FIELDS = (*(each.name for each in fields(Record)), "write", "parts", "sha256", "x")
_VALUES: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 2, 2**53 - 1, 2**53, 10**400, 1.5, 1e308, -1e308, "", "x", "\0", "\u202e", "é"),
    *(["read"], ["a", 1], [[]], {}, {"a": 1}, "y" * 1300, "\ud800"),
)


@dataclass
class RawItems:
    """A keyring of bytes, as the Secret Service holds them. What is no text cannot be handed over."""

    items: dict[str, bytes] = field(default_factory=dict)

    def get(self, name: str) -> Secret | None:
        """As `KeptService.get_password` does it."""
        data = self.items.get(name)
        try:
            return None if data is None else Secret(data.decode())
        except UnicodeDecodeError:
            raise Corrupt from None

    def set(self, name: str, text: Secret) -> None:
        """As the keyring does it."""
        self.items[name] = text.reveal().encode()

    def delete(self, name: str) -> None:
        """As the keyring does it."""
        del self.items[name]

    def renew(self) -> bool:
        """There are no sessions."""
        return False


class KeyringItemsTarget:
    """Each input is one keyring, in which another account's item stands too."""

    name = "keyring_items"
    rooms = ("core/vault/record.py", "core/vault/record_token.py", "core/vault/keyring_items.py")
    words = tuple(text.encode() for text in (*(f'"{name}":' for name in _FIELDS), "\n== ID.1.0\n", "\n== ID.1.1\n"))

    def inputs(self) -> SearchStrategy[bytes]:
        """Objects with the fields of a record and of a pointer."""
        found = st.dictionaries(st.sampled_from(_FIELDS), st.sampled_from(_VALUES), max_size=6)
        return st.builds(_item, found, st.sampled_from((1, 1, 1, 1, 2, 0, "1", None)))

    async def outcome(self, data: bytes) -> str:
        """What load answered, after saving, loading and deleting went well."""
        items = RawItems(dict(_items(data)))
        keyring_items.save(items, _OTHER, _BESIDE)
        before = dict(items.items)
        outcome = _loaded(items)
        promise(items.items == before, "reading changed an item")
        _delete(RawItems(dict(before)))
        try:
            keyring_items.save(items, _ID, _NEXT)
            promise(keyring_items.load(items, _ID) == _NEXT, "another record than was saved")
            aside = items.items.get(f"{_ID}.aside")
            lost = outcome == "Corrupt" and _fits(before[_ID]) and aside != before[_ID]
            promise(not lost, "a damaged item was not kept aside")
            _delete(items)
        except NewerSchema:
            promise(items.items == before, "an item of a newer version was changed")
        promise(keyring_items.load(items, _OTHER) == _BESIDE, "another account's record was lost")
        return outcome

    async def settle(self) -> None:
        """A keyring leaves nothing behind."""


@asynccontextmanager
async def keyring_items_target(home: Path, complaints: Complaints) -> AsyncGenerator[KeyringItemsTarget]:
    """Keyrings in memory."""
    complaints.secrets = {"rt-invented"}
    yield KeyringItemsTarget()


def _loaded(items: RawItems) -> str:
    try:
        record = keyring_items.load(items, _ID)
    except (Missing, NewerSchema) as why:
        return type(why).__name__
    except Corrupt as why:
        promise(why.code, "a failure without a code")
        return "Corrupt"
    promise(Record.decode(record.encode()) == record, "a record that cannot be stored again")
    for again in (True, False):
        token = token_of(record, Clock(), renews_again=again)
        promise("invented" not in repr(token), "a secret in a repr")
        promise("invented" not in repr(record), "a secret in a repr")
    return "record"


def _delete(items: RawItems) -> None:
    """Delete the account's items, whatever stands in them."""
    with contextlib.suppress(NewerSchema):
        keyring_items.delete(items, _ID)
        promise(_ID not in items.items, "deleting left the item")
    promise(keyring_items.load(items, _OTHER) == _BESIDE, "deleting took another account's record")


def _fits(data: bytes) -> bool:
    """Whether the item is a text that another item can hold, and no pointer to parts."""
    try:
        return len(data.decode()) <= keyring_items.LONGEST_ITEM and b"parts" not in data
    except UnicodeDecodeError:
        return False


def _items(data: bytes) -> Iterator[tuple[str, bytes]]:
    for part in (b"\n" + data).split(b"\n== ")[1:]:
        name, _, value = part.partition(b"\n")
        yield name.decode("ascii", "replace").strip().replace("ID", _ID), value


def _item(found: dict[str, object], schema: object) -> bytes:
    return b"== ID\n" + json.dumps({"schema": schema, **found}).encode()
