"""The sidebar: the list of accounts at the left, grouped by exchange."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S, GRID, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import IconButton, QuietButton
from keyrack.ui.widgets.controls import Hairline, Text
from keyrack.ui.widgets.scroll_page import ScrollPage
from keyrack.ui.window.brand import Brand
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
        self._titles: list[Text] = []
        self.setProperty("role", "sidebar")
        self.brand = Brand(sandbox=rack.sandbox)
        self.overview = overview_entry(self.tr("Overview"))
        self.add = QuietButton(self.tr("Add account"), "plus")
        self.add.setObjectName("add_account")
        self.add.setToolTip(self.tr("Add account (Ctrl+N)"))
        self.add.setAccessibleName(self.tr("Add account"))
        self.lock = self._lock_button()
        self.list = ScrollPage()
        self.list.setObjectName("sidebar")
        self.list.setAccessibleName(self.tr("Accounts"))
        self._arrange()
        self.overview.clicked.connect(lambda: self.chosen.emit(""))
        self.add.clicked.connect(self.add_pressed)
        self.rebuild()
        self.set_narrow(False)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_S, GAP_L, GAP_S, GAP_S)
        column.setSpacing(GRID)
        column.addWidget(self.brand)
        column.addSpacing(GAP_M)
        column.addWidget(self.overview)
        self.list.column.setSpacing(2)
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
        for entry in (self.overview, *self._entries.values()):
            entry.set_passive(passive=locked)

    def rebuild(self) -> None:
        """Follow the list of accounts. Entries of remaining accounts are kept."""
        self._clear()
        for provider in self._rack.catalog.values():
            accounts = [account for account in self._rack.accounts if account.settings.provider == provider.id]
            if accounts:
                title = Text(provider.name, "caption")
                title.setContentsMargins(GAP_S, GAP_M, 0, GRID)
                self._titles.append(title)
                self.list.column.addWidget(title)
            for account in accounts:
                self.list.column.addWidget(self._entry(account, provider.monogram))
        self.list.column.addStretch(1)
        self.set_narrow(self._narrow)
        self.tick()

    def _clear(self) -> None:
        while (item := self.list.column.takeAt(0)) is not None:
            widget = item.widget()
            if isinstance(widget, Text):
                widget.setParent(None)
                widget.deleteLater()
        self._titles.clear()
        there = {account.id for account in self._rack.accounts}
        for id in [id for id in self._entries if id not in there]:
            entry = self._entries.pop(id)
            entry.setParent(None)
            entry.deleteLater()

    def _entry(self, account: "Account", letters: str) -> AccountEntry:
        entry = self._entries.get(account.id)
        if entry is None:
            entry = self._entries[account.id] = AccountEntry(account.id, account.settings.name, letters)
            entry.set_passive(passive=self._rack.lock.locked)
            entry.clicked.connect(lambda: self.chosen.emit(account.id))
            account.changed.connect(lambda: self._show(account))
        return entry

    def _show(self, account: "Account") -> None:
        entry = self._entries.get(account.id)
        if entry is not None:
            entry.show_account(account.settings.name, AccountView(account, self._rack.clock))

    def tick(self) -> None:
        """Show every account at this second."""
        for account in self._rack.accounts:
            self._show(account)

    def mark_chosen(self, id: str) -> None:
        """Mark the entry that belongs to the page, and none for a page without one."""
        entry: SidebarEntry | None = self.overview if not id else self._entries.get(id)
        for line in (self.overview, *self._entries.values()):
            line.setChecked(line is entry and not self._rack.lock.locked)
        if entry is not None:
            self.list.ensureWidgetVisible(entry)

    def first_focus(self) -> QWidget:
        """The entry of the page that is open, else the overview's."""
        return next((line for line in self._entries.values() if line.isChecked()), self.overview)

    def step(self, by: int) -> None:
        """Choose the next or the previous entry."""
        lines: list[SidebarEntry] = [self.overview, *(self._entries[a.id] for a in self._in_order())]
        at = next((i for i, line in enumerate(lines) if line.isChecked()), 0)
        lines[max(0, min(len(lines) - 1, at + by))].click()

    def _in_order(self) -> "list[Account]":
        order = list(self._rack.catalog)
        return sorted(self._rack.accounts, key=lambda account: order.index(account.settings.provider))

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to a rail of tiles and marks, or grow again."""
        self._narrow = narrow
        self.setFixedWidth(theme().px(NARROW if narrow else SIDEBAR))
        self.brand.set_narrow(narrow=narrow)
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.list.setVerticalScrollBarPolicy(bars)
        for title in self._titles:
            title.setHidden(narrow)
        self.add.setText("" if narrow else self.tr("Add account"))
        for entry in (self.overview, *self._entries.values()):
            entry.set_narrow(narrow)
