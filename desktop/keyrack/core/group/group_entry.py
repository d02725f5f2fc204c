"""The entry that says which group stands under a prefix, in which format, and which key it has.

It is not sealed as a whole, so that every Keyrack can say what is wrong with it. Its check value is: a host with
another key is told at once, before it reads or writes any record.
"""

from typing import Annotated

import msgspec

from keyrack.core.group.group_failures import GroupFailure, KeyRefused
from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.seal_failures import SealFailure
from keyrack.core.shared_store.shared_store import StoredEntry

FORMAT = 1
_CHECK = b"keyrack group"


class GroupEntry(msgspec.Struct, frozen=True):
    """What the entry holds. `id` tells two groups of one name apart, `key` is the number of the group's key."""

    format: Annotated[int, msgspec.Meta(ge=1)]
    id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16,32}$")]
    key: Annotated[int, msgspec.Meta(ge=1, le=2**32 - 1)]
    check: bytes


def address_of(prefix: str) -> str:
    """Where the entry stands."""
    return f"{prefix}group"


def group_value(prefix: str, id: str, seal: Seal, revision: int) -> bytes:
    """The value of the entry, for a group whose key is the newest of the seal's."""
    check = seal.close(address_of(prefix), revision, _CHECK + id.encode())
    return msgspec.json.encode(GroupEntry(FORMAT, id, seal.newest, check))


def read_group(prefix: str, entry: StoredEntry | None) -> GroupEntry:
    """What the entry says, whoever wrote it. Raises GroupFailure where there is none that this Keyrack reads."""
    if entry is None:
        raise GroupFailure("share_group_missing", prefix=prefix)
    try:
        found = msgspec.json.decode(entry.value, type=GroupEntry)
    except (msgspec.MsgspecError, RecursionError):
        raise GroupFailure("share_group_foreign", prefix=prefix) from None
    if found.format > FORMAT:
        raise GroupFailure("share_group_newer", prefix=prefix)
    return found


def check_group(prefix: str, entry: StoredEntry | None, seal: Seal, group_id: str) -> GroupEntry:
    """What the entry says, once the seal has opened its check value and it is this host's group.

    Raises GroupFailure, or KeyRefused where this host has another key.
    """
    found = read_group(prefix, entry)
    if found.id != group_id:
        raise GroupFailure("share_group_other", prefix=prefix)
    if found.key > seal.newest:
        raise KeyRefused("share_key_newer", address=prefix, number=str(found.key), newest=str(seal.newest))
    try:
        opened = seal.open(address_of(prefix), found.check)
    except SealFailure as why:
        if why.code == "share_record_went_back":
            raise
        raise KeyRefused("share_key_wrong", prefix=prefix) from None
    if opened.plain != _CHECK + found.id.encode() or opened.key_number != found.key:
        raise KeyRefused("share_key_wrong", prefix=prefix)
    return found
