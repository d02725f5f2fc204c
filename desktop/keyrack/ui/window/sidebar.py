"""The sidebar: the list of accounts at the left, grouped by exchange."""

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
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


class _Group:
    """The entries of one exchange, and the title above them while there are any."""

    def __init__(self) -> None:
        self.title: Text | None = None
        self.entries: list[AccountEntry] = []


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
        self._groups: dict[str, _Group] = {}
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
        self.list.column.addStretch(1)
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
        """Follow the list of accounts. Only entries of accounts that came or went are touched."""
        accounts = self._rack.accounts
        for id in self._entries.keys() - set(accounts.ids()):
            self._remove(self._entries.pop(id))
        for account in accounts:
            if account.id not in self._entries:
                self._add(account)

    def _add(self, account: "Account") -> None:
        provider = self._rack.provider_of(account.settings)
        entry = self._entries[account.id] = AccountEntry(account.id, account.settings.name, provider.monogram)
        entry.set_passive(passive=self._rack.lock.locked)
        entry.set_narrow(self._narrow)
        entry.clicked.connect(lambda: self.chosen.emit(account.id))
        group = self._groups.setdefault(provider.id, _Group())
        at = self._place_of(group)
        if not group.entries:
            group.title = _title(provider.name, narrow=self._narrow)
            self.list.column.insertWidget(at, group.title)
        group.entries.append(entry)
        self.list.column.insertWidget(at + len(group.entries), entry)
        self._show(account)

    def _place_of(self, group: _Group) -> int:
        """Where the group begins in the column."""
        at = 0
        for each in self._in_order():
            if each is group:
                break
            at += len(each.entries) + bool(each.entries)
        return at

    def _remove(self, entry: AccountEntry) -> None:
        gone: list[QWidget] = [entry]
        for group in self._groups.values():
            if entry in group.entries:
                group.entries.remove(entry)
                if not group.entries and group.title is not None:
                    gone.append(group.title)
                    group.title = None
        for widget in gone:
            self.list.column.removeWidget(widget)
            widget.setParent(None)
            widget.deleteLater()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what changed while it was not seen, also below the shown part."""
        super().showEvent(event)
        for account in self._rack.accounts:
            self._show(account)

    def _touched(self, account: "Account | None") -> None:
        if account is None:
            self.tick()
        elif self.isVisible():
            self._show(account)

    def _show(self, account: "Account") -> None:
        entry = self._entries.get(account.id)
        if entry is not None:
            entry.show_account(account.settings.name, AccountView(account, self._rack.clock))

    def tick(self) -> None:
        """Show this second, in the entries that can be seen."""
        lines = self._lines()
        top = self.list.verticalScrollBar().value()
        first = bisect_left(lines, top, key=lambda line: line.y() + line.height())
        last = bisect_right(lines, top + self.list.viewport().height(), key=lambda line: line.y())
        for line in lines[first:last]:
            account = self._rack.accounts.find(line.id)
            if account is not None:
                self._show(account)

    def _lines(self) -> list[AccountEntry]:
        """The accounts' entries in their order."""
        return [entry for group in self._in_order() for entry in group.entries]

    def _in_order(self) -> list[_Group]:
        """The exchanges with an entry, as they are offered. A provider file of the person may have come later."""
        return [self._groups[id] for id in self._rack.catalog if id in self._groups]

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
        lines: list[SidebarEntry] = [self.overview, *self._lines()]
        at = next((i for i, line in enumerate(lines) if line.isChecked()), 0)
        lines[max(0, min(len(lines) - 1, at + by))].click()

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to a rail of tiles and marks, or grow again."""
        if narrow == self._narrow and self.width() == theme().px(NARROW if narrow else SIDEBAR):
            return
        self._narrow = narrow
        self.setFixedWidth(theme().px(NARROW if narrow else SIDEBAR))
        self.brand.set_narrow(narrow=narrow)
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.list.setVerticalScrollBarPolicy(bars)
        for group in self._groups.values():
            if group.title is not None:
                group.title.setHidden(narrow)
        self.add.setText("" if narrow else self.tr("Add account"))
        for entry in (self.overview, *self._entries.values()):
            entry.set_narrow(narrow)


def _title(name: str, *, narrow: bool) -> Text:
    title = Text(name, "caption")
    title.setContentsMargins(GAP_S, GAP_M, 0, GRID)
    title.setHidden(narrow)
    return title
