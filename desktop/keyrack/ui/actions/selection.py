"""The accounts that a person has selected, the same in the sidebar, on the cards and in the list."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from keyrack.ui.actions.listening import listen

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack


class Selection(QObject):
    """Accounts by their ids. `changed` tells of other ones.

    `asked` carries "sign_out" or "remove", which are done after a question, or "export", which has a page. An account
    that is removed leaves it, and a lock clears it: nothing is selected while Keyrack is locked (S91).
    """

    changed = Signal()
    asked = Signal(str)

    def __init__(self, rack: "Rack") -> None:
        super().__init__()
        self._rack = rack
        self._ids: frozenset[str] = frozenset()
        self._anchor = ""
        listen(self, rack.accounts.changed, self._forget_removed)
        listen(self, rack.lock.changed, self._clear_if_locked)

    def __contains__(self, id: object) -> bool:
        return id in self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def accounts(self) -> "tuple[Account, ...]":
        """The selected accounts in the person's order."""
        there = (self._rack.accounts.find(id) for id in self._rack.arrangement.ids() if id in self._ids)
        return tuple(account for account in there if account is not None)

    def begin_at(self, id: str) -> None:
        """Take an account that was pressed as the one from which a range begins."""
        self._anchor = id

    def toggle(self, id: str) -> None:
        """Select an account, or select it no more. A range begins at it."""
        self._anchor = id
        self._become(self._ids ^ {id})

    def extend(self, start: str, to: str, order: Sequence[str], *, adding: bool = False) -> None:
        """Select from where the range begins to an account, in the order of what is shown.

        It begins at `start` where nothing was pressed that is shown. With `adding` the others stay selected.
        """
        if self._anchor not in order:
            self._anchor = start if start in order else to
        first, last = sorted((order.index(self._anchor), order.index(to)))
        self._become((self._ids if adding else frozenset()) | frozenset(order[first : last + 1]))

    def choose(self, ids: Iterable[str]) -> None:
        """Select these accounts and no others."""
        self._become(frozenset(ids))

    def clear(self) -> None:
        """Select nothing."""
        self._become(frozenset())

    def ask(self, verb: str) -> None:
        """Ask for what is done with all of them elsewhere, unless nothing is selected."""
        if self._ids:
            self.asked.emit(verb)

    def _become(self, ids: frozenset[str]) -> None:
        found = frozenset(id for id in ids if self._rack.accounts.find(id) is not None)
        ids = frozenset() if self._rack.lock.locked else found
        if ids != self._ids:
            self._ids = ids
            self.changed.emit()

    def _forget_removed(self) -> None:
        self._become(self._ids)

    def _clear_if_locked(self) -> None:
        self._become(self._ids)
