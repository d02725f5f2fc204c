"""The ordered collection of accounts."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from unicodedata import normalize

from keyrack.core.accounts.account import Account
from keyrack.core.failures import AccountGone
from keyrack.primitives.signal import Signal


class Accounts:
    """All accounts in the person's order, a new one at the end.

    `changed` announces that an account was added or removed, or that the order is another one. `touched` announces
    each account that was added, removed or changed, and None where any of them may have changed. `version` is another
    number after each of these, and after newer figures of a stream, of which nobody is told. An account that is being
    removed is hidden: it is not found, listed or counted, and keeps its place. What keeps it alive until then
    finds it in `kept`.
    """

    def __init__(self) -> None:
        self.changed: Signal[[]] = Signal()
        self.touched: Signal[[Account | None]] = Signal()
        self.version = 0
        self.touched.connect(lambda _: self._count())
        self._accounts: dict[str, Account] = {}
        self._hidden: dict[str, Account] = {}
        self._by_name: dict[str, str] = {}  # where each was found the last time
        self._listening: dict[str, tuple[Callable[[], None], ...]] = {}

    def _count(self) -> None:
        self.version += 1

    def __iter__(self) -> Iterator[Account]:
        return iter(tuple(self._accounts[id] for id in self.ids()))

    def __len__(self) -> int:
        return len(self._accounts) - len(self._hidden)

    @property
    def kept(self) -> Mapping[str, Account]:
        """All accounts by their ids, also those that are hidden."""
        return self._accounts

    def find(self, id: str) -> Account | None:
        """The account with this id."""
        return None if id in self._hidden else self._accounts.get(id)

    def refuse_if_gone(self, account: Account) -> None:
        """Raise AccountGone for an account that was removed, or is being removed."""
        if self.find(account.id) is not account:
            raise AccountGone(account=account.settings.name)

    def ids(self) -> tuple[str, ...]:
        """The ids of all accounts."""
        return tuple(id for id in self._accounts if id not in self._hidden) if self._hidden else tuple(self._accounts)

    def named(self, name: str) -> Account | None:
        """The account with this name. Case and the Unicode form of accents make no difference."""
        wanted = folded(name)
        known = self.find(self._by_name.get(wanted, ""))
        if known is None or folded(known.settings.name) != wanted:
            known = _named(name, self)
            if known is not None:
                self._by_name[wanted] = known.id
        return known

    def hidden_named(self, name: str) -> Account | None:
        """The hidden account with this name."""
        return _named(name, self._hidden.values())

    def add(self, account: Account) -> None:
        """Add an account at the end."""
        self._accounts[account.id] = account
        self._listening[account.id] = (
            account.changed.connect(partial(self.touched.emit, account)),
            account.pushed.connect(self._count),
        )
        self.changed.emit()
        self.touched.emit(account)

    def all_in(self, order: Sequence[str]) -> tuple[str, ...]:
        """The ids of all accounts where those that are listed have another order. A hidden one keeps its place."""
        listed = iter(order)
        return tuple(id if id in self._hidden else next(listed) for id in self._accounts)

    def reorder(self, ids: Sequence[str]) -> None:
        """Put all accounts, also those that are hidden, into another order."""
        self._accounts = {id: self._accounts[id] for id in ids}
        self.changed.emit()

    def remove(self, account: Account) -> None:
        """Remove an account."""
        del self._accounts[account.id]
        self._by_name = {name: id for name, id in self._by_name.items() if id != account.id}
        self._hidden.pop(account.id, None)
        for stop in self._listening.pop(account.id):
            stop()
        self.changed.emit()
        self.touched.emit(account)

    def hide(self, *accounts: Account) -> None:
        """Take accounts out of the lists. Their own listeners are told too, because they are as good as removed."""
        self._hidden.update({account.id: account for account in accounts})
        self._tell_of(accounts)

    def show(self, *accounts: Account) -> None:
        """Put hidden accounts back in their places. It has no effect on any other."""
        self._tell_of([account for account in accounts if self._hidden.pop(account.id, None) is not None])

    def _tell_of(self, accounts: Sequence[Account]) -> None:
        if accounts:
            self.changed.emit()
        for account in accounts:
            account.changed.emit()


def _named(name: str, accounts: Iterable[Account]) -> Account | None:
    wanted = folded(name)
    return next((account for account in accounts if folded(account.settings.name) == wanted), None)


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """The name in a form that is equal for names that differ only in case or accents' form (Unicode 3.13, D145)."""
    return normalize("NFC", normalize("NFD", name).casefold())
