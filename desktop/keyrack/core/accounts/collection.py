"""The ordered collection of accounts."""

from collections.abc import Callable, Iterator
from functools import lru_cache
from unicodedata import normalize

from keyrack.core.accounts.account import Account
from keyrack.primitives.signal import Signal


class Accounts:
    """All accounts in the order in which they were added.

    `changed` announces that an account was added or removed. `touched` announces these and every change of an account.
    """

    def __init__(self) -> None:
        self.changed: Signal[[]] = Signal()
        self.touched: Signal[[]] = Signal()
        self._accounts: list[Account] = []
        self._listening: dict[str, Callable[[], None]] = {}
        self.changed.connect(self.touched.emit)

    def __iter__(self) -> Iterator[Account]:
        return iter(tuple(self._accounts))

    def __len__(self) -> int:
        return len(self._accounts)

    def find(self, id: str) -> Account | None:
        """The account with this id."""
        return next((account for account in self._accounts if account.id == id), None)

    def named(self, name: str) -> Account | None:
        """The account with this name. Case and the Unicode form of accents make no difference."""
        wanted = _folded(name)
        return next((account for account in self._accounts if _folded(account.settings.name) == wanted), None)

    def add(self, account: Account) -> None:
        """Add an account at the end."""
        self._accounts.append(account)
        self._listening[account.id] = account.changed.connect(self.touched.emit)
        self.changed.emit()

    def remove(self, account: Account) -> None:
        """Remove an account."""
        self._accounts.remove(account)
        self._listening.pop(account.id)()
        self.changed.emit()


@lru_cache(maxsize=256)
def _folded(name: str) -> str:
    """The name in a form that is equal for names that differ only in case or accents' form (Unicode 3.13, D145)."""
    return normalize("NFC", normalize("NFD", name).casefold())
