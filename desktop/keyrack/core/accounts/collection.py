"""The ordered collection of accounts."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from unicodedata import normalize

from keyrack.core.accounts.account import Account
from keyrack.primitives.signal import Signal


class Accounts:
    """All accounts in the person's order, a new one at the end.

    `changed` announces that an account was added or removed, or that the order is another one. `touched` announces
    each account that was added, removed or changed, and None where any of them may have changed. `version` is another
    number after each of these.
    """

    def __init__(self) -> None:
        self.changed: Signal[[]] = Signal()
        self.touched: Signal[[Account | None]] = Signal()
        self.version = 0
        self.touched.connect(self._count)
        self._accounts: dict[str, Account] = {}
        self._listening: dict[str, Callable[[], None]] = {}

    def _count(self, _: Account | None) -> None:
        self.version += 1

    def __iter__(self) -> Iterator[Account]:
        return iter(tuple(self._accounts.values()))

    def __len__(self) -> int:
        return len(self._accounts)

    def find(self, id: str) -> Account | None:
        """The account with this id."""
        return self._accounts.get(id)

    def ids(self) -> tuple[str, ...]:
        """The ids of all accounts."""
        return tuple(self._accounts)

    def named(self, name: str) -> Account | None:
        """The account with this name. Case and the Unicode form of accents make no difference."""
        wanted = _folded(name)
        return next((account for account in self._accounts.values() if _folded(account.settings.name) == wanted), None)

    def add(self, account: Account) -> None:
        """Add an account at the end."""
        self._accounts[account.id] = account
        self._listening[account.id] = account.changed.connect(partial(self.touched.emit, account))
        self.changed.emit()
        self.touched.emit(account)

    def reorder(self, ids: Sequence[str]) -> None:
        """Put all accounts into another order."""
        self._accounts = {id: self._accounts[id] for id in ids}
        self.changed.emit()

    def remove(self, account: Account) -> None:
        """Remove an account."""
        del self._accounts[account.id]
        self._listening.pop(account.id)()
        self.changed.emit()
        self.touched.emit(account)


@lru_cache(maxsize=256)
def _folded(name: str) -> str:
    """The name in a form that is equal for names that differ only in case or accents' form (Unicode 3.13, D145)."""
    return normalize("NFC", normalize("NFD", name).casefold())
