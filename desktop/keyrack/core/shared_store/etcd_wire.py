"""How etcd's requests and answers are written in JSON (etcd's API reference v3, rpc.proto and kv.proto).

Bytes are Base64, a 64-bit number is a string of digits, and what is zero, false or empty is left out.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from keyrack.core.shared_store.shared_store import Condition, Put, Removal, StoreChange, StoredEntry

Json = dict[str, Any]

_LARGEST = 2**63


class NotEtcd(ValueError):
    """A value is not one that etcd writes."""


def encoded(raw: bytes) -> str:
    """Bytes as the gateway takes them."""
    return base64.b64encode(raw).decode()


def beyond(prefix: bytes) -> bytes:
    """The first key behind all those that begin with `prefix`, whose last byte is not 255."""
    return prefix[:-1] + bytes([prefix[-1] + 1])


def under(prefix: str) -> Json:
    """The range of all keys that begin with `prefix`."""
    key = prefix.encode("ascii")
    return {"key": encoded(key), "range_end": encoded(beyond(key))}


def one(key: str) -> Json:
    """The range of one key."""
    return {"key": encoded(key.encode("ascii"))}


def comparison(condition: Condition) -> Json:
    """A condition as etcd compares it."""
    if condition.created is not None:
        return {
            **one(condition.key),
            "result": "EQUAL",
            "target": "CREATE",
            "create_revision": str(condition.created),
        }
    return {**one(condition.key), "result": "EQUAL", "target": "MOD", "mod_revision": str(condition.modified or 0)}


def operation(write: Put | Removal) -> Json:
    """A write as etcd does it."""
    if isinstance(write, Removal):
        return {"request_delete_range": one(write.key)}
    return {"request_put": {**one(write.key), "value": encoded(write.value), "lease": str(write.lease)}}


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object, empty where it was left out. Raises NotEtcd."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise NotEtcd
    return value


def several(value: Any) -> Sequence[Mapping[str, Any]]:
    """A list of JSON objects, empty where it was left out. Raises NotEtcd."""
    if value is None:
        return ()
    if not isinstance(value, list):
        raise NotEtcd
    return tuple(map(mapping, value))


def whole(value: Any) -> int:
    """A number from 0 up to 64 bits, 0 where it was left out. Raises NotEtcd.

    A lease is a signed one in etcd, which makes it positive itself.
    """
    if value is None:
        return 0
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _LARGEST:
        return value
    raise NotEtcd


def raw(value: Any) -> bytes:
    """Bytes, empty where they were left out. Raises NotEtcd."""
    if value is None:
        return b""
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, TypeError, ValueError):
        raise NotEtcd from None


def entry(pair: Mapping[str, Any]) -> StoredEntry:
    """One key and its value. A key that is not ASCII is foreign, and has its other bytes written as \\xNN."""
    return StoredEntry(
        _key(pair),
        raw(pair.get("value")),
        whole(pair.get("create_revision")),
        whole(pair.get("mod_revision")),
        whole(pair.get("lease")),
    )


def change(event: Mapping[str, Any]) -> StoreChange:
    """One event of a watch. Raises NotEtcd."""
    pair = mapping(event.get("kv"))
    kind = event.get("type", "PUT")
    if kind == "DELETE":
        return StoreChange(_key(pair), None, 0, whole(pair.get("mod_revision")))
    if kind != "PUT":
        raise NotEtcd
    found = entry(pair)
    return StoreChange(found.key, found.value, found.created, found.modified, found.lease)


def _key(pair: Mapping[str, Any]) -> str:
    return raw(pair.get("key")).decode("ascii", "backslashreplace")
