"""The one order of the accounts that window and tray show: pinned ones first, then by exchange."""

from dataclasses import dataclass

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.store import AccountStore
from keyrack.core.preferences.all_settings import PINNED
from keyrack.core.preferences.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Section:
    """Accounts that stand together, by ids. `provider` is the id of their provider, "" for the pinned ones."""

    provider: str
    ids: tuple[str, ...]


class Arrangement:
    """The person's own order. A change of it is announced by `Accounts.changed`.

    The order is the one in the accounts file. Which accounts are pinned is one of the preferences. An exchange stands
    where the first of its accounts does that is not pinned.
    """

    def __init__(self, accounts: Accounts, store: AccountStore, preferences: Preferences) -> None:
        self._accounts = accounts
        self._store = store
        self._preferences = preferences

    def sections(self) -> tuple[Section, ...]:
        """All accounts in their order. No section is empty."""
        pinned, found = self.pinned_ids(), dict[str, list[str]]()
        first = [account.id for account in self._accounts if account.id in pinned]
        for account in self._accounts:
            if account.id not in pinned:
                found.setdefault(account.settings.provider, []).append(account.id)
        all_of_them = (("", first), *found.items())
        return tuple(Section(provider, tuple(ids)) for provider, ids in all_of_them if ids)

    def ids(self) -> tuple[str, ...]:
        """The ids of all accounts in their order."""
        return tuple(id for section in self.sections() for id in section.ids)

    def is_pinned(self, account: Account) -> bool:
        """Whether the account stands among the first ones."""
        return account.id in self.pinned_ids()

    def pin(self, *accounts: Account, pinned: bool) -> None:
        """Put accounts behind the pinned ones, or back to their exchanges. Raises AccountsFileFailure."""
        moved = [account for account in accounts if self.is_pinned(account) != pinned]
        if not moved:
            return
        gone = {account.id for account in moved}
        sections = {section.provider: [id for id in section.ids if id not in gone] for section in self.sections()}
        if pinned:
            sections = {"": [], **sections}
            sections[""] += [account.id for account in moved]
        else:
            back: dict[str, list[str]] = {}
            for account in moved:
                back.setdefault(account.settings.provider, []).append(account.id)
            for provider, ids in back.items():
                sections[provider] = ids + sections.get(provider, [])
        self._arrange(sections)

    def can_move(self, account: Account, by: int) -> bool:
        """Whether there is a place above (-1) or below (1)."""
        return self._moved(account, by) is not None

    def move(self, account: Account, by: int) -> bool:
        """Move an account up (-1) or down (1). Returns whether there was a place. Raises AccountsFileFailure.

        The first and the last account of an exchange take the whole exchange with them.
        """
        moved = self._moved(account, by)
        if moved is not None:
            self._arrange(moved)
        return moved is not None

    def place(self, account: Account, beside: str, *, after: bool) -> bool:
        """Put an account before or after another of its section. Next to a pinned one it is pinned too.

        Beside an account of another exchange the whole exchange is put before or after that one.
        Returns whether anything moved. Raises AccountsFileFailure.
        """
        before = self.ids()
        sections = {section.provider: list(section.ids) for section in self.sections()}
        source = next(name for name, ids in sections.items() if account.id in ids)
        target = next((name for name, ids in sections.items() if beside in ids), None)
        if target is None or beside == account.id:
            return False
        if target == source or not target or target == account.settings.provider:
            sections[source].remove(account.id)
            at = sections[target].index(beside) + after
            sections[target].insert(at, account.id)
        elif not source:
            sections[source].remove(account.id)
            sections.setdefault(account.settings.provider, []).insert(0, account.id)
        else:
            names = [name for name in sections if name != source]
            names.insert(names.index(target) + after, source)
            sections = {name: sections[name] for name in names}
        if tuple(id for ids in sections.values() for id in ids) == before and target == source:
            return False
        self._arrange(sections)
        return True

    def landing(self, account: Account, beside: str, *, after: bool) -> tuple[str, bool]:
        """Beside which account, and whether after it, `place` would put this one and what it takes along."""
        sections = {section.provider: section.ids for section in self.sections()}
        own = account.settings.provider
        target = next((name for name, ids in sections.items() if beside in ids), "")
        if not target or target == own:
            return beside, after
        if self.is_pinned(account):  # it goes back to its exchange
            return (sections[own][0], False) if own in sections else (self.ids()[-1], True)
        return (sections[target][-1], True) if after else (sections[target][0], False)

    def _moved(self, account: Account, by: int) -> dict[str, list[str]] | None:
        sections = {section.provider: list(section.ids) for section in self.sections()}
        name = next((name for name, ids in sections.items() if account.id in ids), None)
        if name is None:
            return None
        ids = sections[name]
        at = ids.index(account.id)
        if 0 <= at + by < len(ids):
            ids.insert(at + by, ids.pop(at))
            return sections
        movable = [each for each in sections if each]
        to = movable.index(name) + by if name else -1
        if not 0 <= to < len(movable):
            return None
        movable.insert(to, movable.pop(movable.index(name)))
        return {each: sections[each] for each in ("", *movable) if each in sections}

    def _arrange(self, sections: dict[str, list[str]]) -> None:
        """Store an order, with the pinned ones under "". Raises AccountsFileFailure, and then has changed nothing."""
        old, listed = self._preferences.value(PINNED), self._accounts.ids()
        hidden = [id for id in old.split() if id in self._accounts.kept and id not in listed]
        self._preferences.choose(PINNED, " ".join([*sections.get("", ()), *hidden]))
        try:
            self._store.reorder([id for ids in sections.values() for id in ids])
        except BaseException:
            self._preferences.choose(PINNED, old)
            raise

    def pinned_ids(self) -> frozenset[str]:
        """The ids of the accounts that stand first. One that was removed may still be among them."""
        return frozenset(self._preferences.value(PINNED).split())
