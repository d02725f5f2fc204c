"""The sidebar: the list of accounts at the left, grouped by exchange."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S, GRID, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, QuietButton
from keyrack.ui.widgets.controls import Hairline
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.window.brand import Brand
from keyrack.ui.window.entry_list import EntryList
from keyrack.ui.window.sidebar_entry import AccountEntry, SidebarEntry, overview_entry

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.rack import Rack

NARROW = 96


class Sidebar(QFrame):
    """Overview, accounts and "Add account". `chosen` carries an account's id, "" for the overview.

    Entries keep their order: exchanges as they are offered, accounts as they were added.
    """

    chosen = Signal(str)
    add_pressed = Signal()
    lock_pressed = Signal()
    passphrase_pressed = Signal()
    connection_pressed = Signal()

    def __init__(self, rack: "Rack", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rack = rack
        self._narrow = False
        self._entries: dict[str, AccountEntry] = {}
        self._parts: dict[str, tuple[object, ...]] = {}
        self.setProperty("role", "sidebar")
        self.brand = Brand(sandbox=rack.sandbox)
        self.list = EntryList()
        self._stop = OneStop(self._lines, self.list.ensureWidgetVisible, self.list.page, self._below)
        self.overview = overview_entry(self.tr("Overview"), self._stop)
        self.add = QuietButton(self.tr("Add account"), "plus")
        self.add.setObjectName("add_account")
        self.add.setToolTip(self.tr("Add account (Ctrl+N)"))
        self.add.setAccessibleName(self.tr("Add account"))
        self.lock = self._lock_button()
        self._arrange()
        self._stop.enter(self.overview)
        self.overview.clicked.connect(lambda: self.chosen.emit(""))
        self.add.clicked.connect(self.add_pressed)
        self.list.verticalScrollBar().valueChanged.connect(self.tick)
        self.rebuild()
        self.set_narrow(False)
        rack.accounts.touched.connect(self._touched)

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
        row.setSpacing(GRID)
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.lock)
        column.addLayout(row)

    def _lock_button(self) -> IconButton:
        button = IconButton("lock", self.tr("Lock, and how Keyrack connects"))
        button.setObjectName("lock")
        menu = QMenu(button)
        for name, text, pressed in (
            ("menu_lock", self.tr("Lock") + "\tCtrl+L", self.lock_pressed),
            ("menu_passphrase", self.tr("Lock passphrase…"), self.passphrase_pressed),
            ("menu_connection", self.tr("How Keyrack connects…"), self.connection_pressed),
        ):
            action = menu.addAction(text)
            action.setObjectName(name)
            action.triggered.connect(pressed)
        button.setMenu(menu)
        return button

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

    def _add(self, account: "Account") -> None:
        name, provider = account.settings.name, self._rack.provider_of(account.settings)
        entry = self._entries[account.id] = AccountEntry(account.id, name, provider.monogram, self._stop)
        entry.set_passive(passive=self._rack.lock.locked)
        entry.clicked.connect(lambda: self.chosen.emit(account.id))
        self.list.add(entry, provider, self._rack.catalog)
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
            entry.show_account(account.settings.name, AccountView(account, self._rack.clock))

    def tick(self) -> None:
        """Show this second, in the entries that can be seen."""
        for entry in self.list.seen():
            account = self._rack.accounts.find(entry.id)
            if account is not None:
                self._show(account)

    def _lines(self) -> list[SidebarEntry]:
        return [self.overview, *self.list.entries()]

    def _below(self) -> tuple[QWidget, ...]:
        return (self.add, self.lock)

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

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to a rail of tiles and marks, or grow again."""
        if narrow == self._narrow and self.width() == theme().px(NARROW if narrow else SIDEBAR):
            return
        self._narrow = narrow
        self.setFixedWidth(theme().px(NARROW if narrow else SIDEBAR))
        self.brand.set_narrow(narrow=narrow)
        self.add.setText("" if narrow else self.tr("Add account"))
        self.overview.set_narrow(narrow)
        self.list.set_narrow(narrow)
