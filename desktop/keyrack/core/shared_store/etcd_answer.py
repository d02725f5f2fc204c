"""Tells etcd's errors apart by their words, because the gateway's codes put many of them together.

The words are those of etcd's api/v3rpc/rpctypes/error.go. "Refused" here is etcd's own answer that it did not do what
was asked. Where it cannot know, the answer is lost.
"""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import Any

from keyrack.core.shared_store.etcd_wire import Json, NotEtcd, mapping
from keyrack.core.shared_store.store_failures import (
    ChangesGone,
    LeaseGone,
    SharedStoreFailure,
    StoreFull,
    StoreRefused,
    StoreUnreadable,
)
from keyrack.primitives.failure import plain
from keyrack.primitives.plain_json import parse_figures

_DEEPEST = 12


class EtcdTrouble(Enum):
    """What an error of etcd means for the request."""

    LOGIN = auto()  # the login has ended: log in again
    NOT_DONE = auto()  # this member can do nothing now, and has done nothing
    UNKNOWN = auto()  # it may have been done


_LOGIN = ("invalid auth token", "revision in header is old", "auth revision")
_NOT_DONE = ("etcdserver: no leader", "too many requests", "not capable", "server stopped", "etcdserver: not leader")


class EtcdError(Exception):
    """Etcd answered with an error of these words. `status` is that of HTTP."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.words = words
        self.status = status

    @property
    def trouble(self) -> EtcdTrouble:
        """What it means where it is no refusal."""
        if any(words in self.words for words in _LOGIN):
            return EtcdTrouble.LOGIN
        return EtcdTrouble.NOT_DONE if any(words in self.words for words in _NOT_DONE) else EtcdTrouble.UNKNOWN

    def refusal(self) -> SharedStoreFailure | None:
        """The failure for what etcd refused and did not do, or None where it may have been done."""
        for words, failure in _REFUSALS.items():
            if words in self.words:
                return failure(self.words)
        return None


_REFUSALS: dict[str, Callable[[str], SharedStoreFailure]] = {
    "has been compacted": lambda words: ChangesGone(detail=words),
    "database space exceeded": lambda words: StoreFull(detail=words),
    "requested lease not found": lambda words: LeaseGone(detail=words),
    "user name is empty": lambda words: StoreRefused("shared_login_needed", detail=words),
    "invalid user ID or password": lambda words: StoreRefused("shared_password_wrong", detail=words),
    "permission denied": lambda words: StoreRefused("shared_store_refused", detail=words),
    "request is too large": lambda words: StoreUnreadable("shared_request_too_large", detail=words),
    "received message larger": lambda words: StoreUnreadable("shared_request_too_large", detail=words),
    "too many operations": lambda words: StoreUnreadable("shared_request_too_large", detail=words),
    "future revision": lambda words: StoreUnreadable("shared_store_unreadable", detail=words, address="etcd"),
    "duplicate key": lambda words: StoreUnreadable("shared_store_unreadable", detail=words, address="etcd"),
}


def parsed(body: bytes, address: str) -> Json:
    """The JSON object of an answer. Raises StoreUnreadable."""
    try:
        found = parse_figures(body.decode(), _DEEPEST)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise StoreUnreadable("shared_store_unreadable", address=address)
    return found


def error_of(answer: Mapping[str, Any], status: int) -> EtcdError | None:
    """The error that an answer or a line of a stream holds, or None. Raises NotEtcd.

    Up to 3.5 `error` is the text, and in a stream an object with `message`. In 3.6 `message` stands alone.
    """
    error = answer.get("error")
    if status == 200 and error is None:
        return None
    words = mapping(error).get("message") if isinstance(error, dict) else (answer.get("message") or error)
    if not isinstance(words, str):
        raise NotEtcd
    return EtcdError(plain(words), status)
