"""The type for secret text. It never shows its content by accident."""

import hmac
from collections.abc import Callable, Iterable
from threading import RLock
from typing import NoReturn
from weakref import WeakSet

MASK = "***"
_SHORTEST_REDACTED = 6

_live: "WeakSet[Secret]" = WeakSet()
_new: "WeakSet[Secret]" = WeakSet()
# The keyring's thread makes secrets while a line of the log is searched for all of them.
_lock = RLock()


class Secret:
    """A piece of text that appears in no repr, format, pickle or traceback (S104).

    Only `reveal` returns the text, so that every use can be found by that name.
    """

    __slots__ = ("__weakref__", "_spellings", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._spellings: tuple[str, ...] = ()
        with _lock:
            _live.add(self)
            _new.add(self)

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def spellings(self, forms: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
        """All that `forms` makes of the text, without what is empty. They are made once and live as long as it does."""
        if not self._spellings:
            self._spellings = tuple({form for form in forms(self._text) if form})
        return self._spellings

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return MASK

    def __len__(self) -> int:
        return len(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


def live_secrets() -> list[Secret]:
    """All secrets in memory that are long enough to be searched for in a log line (S102)."""
    with _lock:
        return _long_enough(_live)


def new_secrets() -> list[Secret]:
    """Those of them that were made since the last call."""
    if not _new:
        return []
    with _lock:
        found = _long_enough(_new)
        _new.clear()
    return found


def _long_enough(secrets: "WeakSet[Secret]") -> list[Secret]:
    return [secret for secret in tuple(secrets) if len(secret) >= _SHORTEST_REDACTED]
