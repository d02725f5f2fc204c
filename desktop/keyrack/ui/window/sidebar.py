"""The sidebar: the list of accounts at the left, grouped by exchange."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from keyrack.ui.actions.account_steps import can_copy
from keyrack.ui.actions.dragging import Dragging
from keyrack.ui.actions.listening import listen
from keyrack.ui.lock.lock_button import LockButton
from keyrack.ui.parts.brand import Brand
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.selection.account_menus import open_menu
from keyrack.ui.selection.ground_menu import GroundMenu
from keyrack.ui.selection.selecting import Selecting
from keyrack.ui.text.countdown import Countdown
from keyrack.ui.text.rail_letters import letters_of_each
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S, GRID, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import Hairline
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.window.entry_list import EntryList, Group
from keyrack.ui.window.sidebar_entry import AccountEntry, SidebarEntry, overview_entry

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

NARROW = 96
# Ctrl+1 to Ctrl+9 open them.
_NUMBERED = 9
_LOW_BELOW = 300


class Sidebar(QFrame):
    """Overview, accounts and "Add account". `chosen` carries an account's id, "" for the overview.

    `step_asked` carries an account's id and a step or a form that is in its pane. Entries stand in the person's order.
    """

    chosen = Signal(str)
    step_asked = Signal(str, str)
    add_pressed = Signal()

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        rack = self._rack = actions.rack
        self._narrow = False
        self._entries: dict[str, AccountEntry] = {}
        self._parts: dict[str, tuple[object, ...]] = {}
        self.setProperty("role", "sidebar")
        self.brand = Brand(sandbox=rack.sandbox)
        self.list = EntryList()
        self._dragging = Dragging(self.list, lambda: self._entries, actions.arranging.place)
        self._selecting = Selecting(
            self.list,
            actions.selection,
            lambda: self._entries,
            rack.arrangement.ids,
            lambda id, key: self._stop.step(self._entries[id], key),
            lambda id: self.step_asked.emit(id, "remove"),
        )
        self._stop = OneStop(self._lines, self.list.ensureWidgetVisible, self.list.page, lambda: (self.add, self.lock))
        self.overview = overview_entry(self.tr("Overview"), self._stop)
        self.add = QuietButton(self.tr("Add account"), "plus")
        self.add.setObjectName("add_account")
        self.add.setToolTip(self.tr("Add account (Ctrl+N)"))
        self.add.setAccessibleName(self.tr("Add account"))
        self.lock = LockButton()
        self._arrange()
        self._stop.enter(self.overview)
        self.overview.clicked.connect(lambda: self.chosen.emit(""))
        self.add.clicked.connect(self.add_pressed)
        self.list.verticalScrollBar().valueChanged.connect(self.tick)
        self.rebuild()
        self.set_narrow(False)
        listen(self, rack.accounts.touched, self._touched)
        for changed in (actions.clipboard.changed, actions.selection.changed):
            changed.connect(self._show_marks)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_S, GAP_L, GAP_S, GAP_S)
        column.setSpacing(GRID)
        column.addWidget(self.brand)
        column.addSpacing(GAP_M)
        column.addWidget(self.overview)
        column.addWidget(self.list, 1)
        column.addWidget(Hairline())
        column.addSpacing(GRID)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.lock)
        column.addLayout(row)

    def set_locked(self, *, locked: bool) -> None:
        """While locked, the states can be read and nothing can be pressed."""
        self.add.setEnabled(not locked)
        self.lock.setEnabled(not locked)
        self._stop.set_off(off=locked)
        for entry in self._lines():
            entry.set_passive(passive=locked)

    def rebuild(self) -> None:
        """Follow the list of accounts. Only entries of accounts that came or went are touched."""
        accounts = self._rack.accounts
        for id in self._entries.keys() - set(accounts.ids()):
            entry = self._entries.pop(id)
            self._parts.pop(id, None)
            if self._stop.current is entry:
                self._stop.enter(self.overview)
            self.list.remove(entry)
        for account in accounts:
            if account.id not in self._entries:
                self._add(account)
        self.list.follow(self._groups())
        for number, entry in enumerate(self.list.entries(), 1):
            entry.set_number(number if number <= _NUMBERED else 0)
        self._letter()

    def _letter(self) -> None:
        """Give the accounts of each exchange letters of their own in the rail. Nobody sees them in the wide list."""
        for id, letters in letters_of_each(self._rack.accounts if self._narrow else (), self._rack.catalog).items():
            self._entries[id].show_own_letters(letters)

    def _groups(self) -> list[Group]:
        """The entries in the one order, with the title above each section."""
        found = []
        for section in self._rack.arrangement.sections():
            name = self._rack.catalog[section.provider].name if section.provider else self.tr("Pinned")
            found.append(Group(section.provider, name, [self._entries[id] for id in section.ids]))
        return found

    def _add(self, account: "Account") -> None:
        name, provider = account.settings.name, self._rack.provider_of(account.settings)
        entry = self._entries[account.id] = AccountEntry(account.id, name, provider, self._stop)
        entry.set_passive(passive=self._rack.lock.locked)
        entry.clicked.connect(lambda: self.chosen.emit(account.id))
        entry.copy_pressed.connect(lambda: self._actions.copy(account))
        entry.menu_asked.connect(lambda at: open_menu(account.id, at, self._actions, self.step_asked.emit, self))
        self._dragging.watch(entry)
        self._selecting.watch(entry)
        selection = self._actions.selection
        entry.set_selected(account.id in selection if len(selection) else None)
        self._show(account)

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was not seen, also below the shown part."""
        super().showEvent(event)
        for account in self._rack.accounts:
            self._show(account)

    def _touched(self, account: "Account | None") -> None:
        if account is None:
            self.tick()
        elif self._parts.get(account.id) != account.status_parts and self.isVisible():
            self._show(account)

    def _show(self, account: "Account") -> None:
        entry = self._entries.get(account.id)
        if entry is not None:
            self._parts[account.id] = account.status_parts
            view, renamed = AccountView(account, self._rack.clock), entry.name.full_text() != account.settings.name
            entry.copyable = can_copy(account, view)
            entry.show_account(account.settings.name, view)
            entry.countdown = Countdown(view, account, self._rack.clock)
            if renamed:
                self._letter()

    def _show_marks(self) -> None:
        owner, selection = self._actions.clipboard.owner, self._actions.selection
        for id, entry in self._entries.items():
            entry.show_copy(copied=id == owner)
            entry.set_selected(id in selection if len(selection) else None)

    def current(self) -> "Account | None":
        """The account that the focus is on."""
        return self._rack.accounts.find(next((id for id, entry in self._entries.items() if entry.hasFocus()), ""))

    def tick(self) -> None:
        """Show this second, in the entries that can be seen."""
        for entry in self.list.seen():
            if not entry.count() and (account := self._rack.accounts.find(entry.id)) is not None:
                self._show(account)

    def _lines(self) -> list[SidebarEntry]:
        return [self.overview, *self.list.entries()]

    def mark_chosen(self, id: str) -> None:
        """Mark the entry that belongs to the page, and none for a page without one."""
        entry: SidebarEntry | None = self.overview if not id else self._entries.get(id)
        for line in (self.overview, *self._entries.values()):
            line.setChecked(line is entry and not self._rack.lock.locked)
        if entry is not None:
            self._stop.enter(entry)
            self.list.ensureWidgetVisible(entry)

    def first_focus(self) -> QWidget:
        """The entry of the page that is open, else the overview's."""
        return next((line for line in self._entries.values() if line.isChecked()), self.overview)

    def step(self, by: int) -> None:
        """Choose the next or the previous entry."""
        lines = self._lines()
        at = next((i for i, line in enumerate(lines) if line.isChecked()), 0)
        lines[max(0, min(len(lines) - 1, at + by))].click()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low window with large text the accounts come first."""
        super().resizeEvent(event)
        self.brand.set_low(low=self.height() < theme().px(_LOW_BELOW))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with all of them, beside them. Nothing while locked."""
        if not self._rack.lock.locked:
            ids = self._rack.arrangement.ids()
            GroundMenu(self._actions, ids, self, self.add_pressed.emit).popup(menu_place(self, event))

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to a rail of tiles and marks, or grow again."""
        if narrow == self._narrow and self.width() == theme().px(NARROW if narrow else SIDEBAR):
            return
        self._narrow = narrow
        self.setFixedWidth(theme().px(NARROW if narrow else SIDEBAR))
        self.brand.set_narrow(narrow=narrow)
        self.add.setText("" if narrow else self.tr("Add account"))
        self.lock.set_narrow(narrow=narrow)
        _leave_out_words(self.lock, self.add, self.width() - 2 * GAP_S)
        self.overview.set_narrow(narrow)
        self.list.set_narrow(narrow)
        self._letter()


def _leave_out_words(first: QuietButton, second: QuietButton, room: int) -> None:
    """Show only the pictures of buttons that there is no room for side by side, in one language or another."""
    for button in (first, second):
        if first.sizeHint().width() + second.sizeHint().width() > room:
            button.setText("")
