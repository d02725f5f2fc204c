"""The accounts in the sidebar's list, as they are at this moment."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QShowEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.account_steps import can_copy
from keyrack.ui.actions.dragging import Dragging
from keyrack.ui.actions.listening import listen
from keyrack.ui.selection.account_menus import open_menu
from keyrack.ui.selection.selecting import Selecting
from keyrack.ui.text.countdown import Countdown
from keyrack.ui.text.rail_letters import letters_of_each
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.window.entries.entry_list import EntryList, Group
from keyrack.ui.window.entries.sidebar_entry import AccountEntry

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

# Ctrl+1 to Ctrl+9 open them.
_NUMBERED = 9


class AccountEntries(EntryList):
    """The entries of all accounts in the person's order, as they are at this moment.

    `chosen` carries an account's id, `step_asked` the id and a step or a form that is in the account's pane.
    """

    chosen = Signal(str)
    step_asked = Signal(str, str)

    def __init__(self, actions: "Actions", stop: OneStop) -> None:
        super().__init__(self._entry, lambda: stop.current)
        self._actions = actions
        self._rack = actions.rack
        self._stop = stop
        self._names: dict[str, str] = {}
        self._letters: Mapping[str, str] = {}
        self._checked = ""
        arranging = actions.arranging
        self._dragging = Dragging(self, lambda: self.made, arranging.place, arranging.landing)
        self._selecting = Selecting(
            self,
            actions.selection,
            lambda: self.made,
            lambda: self.ids,
            lambda id, key: stop.step(self.made[id], key),
        )
        self.verticalScrollBar().valueChanged.connect(self.tick)
        listen(self, self._rack.accounts.touched, self._touched)
        for changed in (actions.clipboard.changed, actions.selection.changed):
            changed.connect(self._show_marks)

    def rebuild(self) -> None:
        """Follow the list of accounts. Only entries of accounts that came or went are touched."""
        self._names = {account.id: account.settings.name for account in self._rack.accounts}
        self.follow(self._sections())
        for id, entry in self.made.items():
            entry.set_number(self._number(id))
        self._letter()

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to tiles with letters of their own and marks, or grow again."""
        super().set_narrow(narrow)
        self._letter()

    def names(self) -> list[str]:
        """The names of all accounts from above."""
        return [self._names[id] for id in self.ids]

    def _sections(self) -> list[Group]:
        """The accounts in the one order, with the title above each section."""
        found = []
        for section in self._rack.arrangement.sections():
            name = self._rack.catalog[section.provider].name if section.provider else self.tr("Pinned")
            found.append(Group(section.provider, name, section.ids))
        return found

    def _number(self, id: str) -> int:
        return at + 1 if (at := self.at[id]) < _NUMBERED else 0

    def _letter(self) -> None:
        """Give the accounts of each exchange letters of their own in the rail. Nobody sees them in the wide list."""
        self._letters = letters_of_each(self._rack.accounts if self.narrow else (), self._rack.catalog)
        for id, entry in self.made.items():
            if id in self._letters:
                entry.show_own_letters(self._letters[id])

    def _entry(self, id: str, parent: QWidget) -> AccountEntry:
        account = self._rack.accounts.find(id)
        if account is None:
            raise LookupError(id)
        entry = AccountEntry(id, account.settings.name, self._rack.provider_of(account.settings), self._stop, parent)
        entry.set_narrow(self.narrow)
        entry.set_number(self._number(id))
        if id in self._letters:
            entry.show_own_letters(self._letters[id])
        entry.set_passive(passive=self._rack.lock.locked)
        entry.setChecked(id == self._checked)
        entry.clicked.connect(lambda: self.chosen.emit(id))
        entry.copy_pressed.connect(lambda: self._actions.copy(account))
        entry.menu_asked.connect(lambda at: open_menu(id, at, self._actions, self.step_asked.emit, self))
        self._dragging.watch(entry)
        self._selecting.watch(entry)
        entry.show_copy(copied=id == self._actions.clipboard.owner)
        entry.set_selected(self._selected(id))
        self._show(account, entry)
        return entry

    def _selected(self, id: str) -> bool | None:
        selection = self._actions.selection
        return id in selection if len(selection) else None

    def check(self, id: str) -> None:
        """Mark the entry of the account whose pane is open, none for ""."""
        self._checked = id
        for each, entry in self.made.items():
            entry.setChecked(each == id)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was not seen, also below the shown part."""
        super().showEvent(event)
        for id, entry in self.made.items():
            if (account := self._rack.accounts.find(id)) is not None:
                self._show(account, entry)

    def _touched(self, account: "Account | None") -> None:
        if account is None:
            self.rebuild()
            self.tick()
            return
        if self._names.get(account.id, account.settings.name) != account.settings.name:
            self._names[account.id] = account.settings.name
            self._letter()
        entry = self.made.get(account.id)
        if entry is not None and entry.parts != account.status_parts and self.isVisible():
            self._show(account, entry)

    def _show(self, account: "Account", entry: AccountEntry) -> None:
        entry.parts = account.status_parts
        view = AccountView(account, clock := self._rack.clock)
        entry.copyable = can_copy(account, view)
        entry.show_account(account.settings.name, view)
        entry.countdown = Countdown(view, account, clock)

    def _show_marks(self) -> None:
        owner = self._actions.clipboard.owner
        for id, entry in self.made.items():
            entry.show_copy(copied=id == owner)
            entry.set_selected(self._selected(id))

    def tick(self) -> None:
        """Show this second, in the entries that can be seen."""
        if QAccessible.isActive() and len(self.made) < len(self.ids):
            self.fill()
        for entry in self.seen():
            if not entry.count() and (account := self._rack.accounts.find(entry.id)) is not None:
                self._show(account, entry)
