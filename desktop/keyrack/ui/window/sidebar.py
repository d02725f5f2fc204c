"""The sidebar: the list of accounts at the left, grouped by exchange."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from keyrack.ui.parts.brand import Brand
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.preferences.program_menu import ProgramMenuButton
from keyrack.ui.selection.ground_menu import GroundMenu
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S, GRID, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import Hairline
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.window.entries.account_entries import AccountEntries
from keyrack.ui.window.entries.sidebar_entry import TILE, AccountEntry, SidebarEntry

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

NARROW = 96
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
        self._open = ""
        self.setProperty("role", "sidebar")
        self.brand = Brand(sandbox=rack.sandbox)
        self._stop = OneStop(self._names, self._place_of, self._line, self._page, lambda: (self.add, self.menu))
        self.list = AccountEntries(actions, self._stop)
        self.overview = _overview_entry(self.tr("Overview"), self._stop)
        self.add = QuietButton(self.tr("Add account"), "plus")
        self.add.setObjectName("add_account")
        self.add.setToolTip(self.tr("Add account (Ctrl+N)"))
        self.add.setAccessibleName(self.tr("Add account"))
        self.menu = ProgramMenuButton()
        self._arrange()
        self._stop.enter(self.overview)
        self.overview.clicked.connect(lambda: self.chosen.emit(""))
        self.add.clicked.connect(self.add_pressed)
        self.list.chosen.connect(self.chosen)
        self.list.step_asked.connect(self.step_asked)
        self.list.verticalScrollBar().rangeChanged.connect(self._align)
        self.rebuild()
        self.set_narrow(False)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_S, GAP_L, GAP_S, GAP_S)
        column.setSpacing(GRID)
        column.addWidget(self.brand)
        column.addSpacing(GAP_M)
        self._above = QHBoxLayout()
        self._above.addWidget(self.overview)
        column.addLayout(self._above)
        column.addWidget(self.list, 1)
        column.addWidget(Hairline())
        column.addSpacing(GRID)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.add)
        row.addStretch(1)
        row.addWidget(self.menu)
        column.addLayout(row)

    def _align(self) -> None:
        """Have the overview's entry as wide as those below it, which a scroll bar makes narrower."""
        bar = self.list.verticalScrollBar()
        taken = bar.sizeHint().width() if bar.maximum() and not self._narrow else 0
        self._above.setContentsMargins(0, 0, taken, 0)

    def set_locked(self, *, locked: bool) -> None:
        """While locked, the states can be read and nothing can be pressed."""
        self.add.setEnabled(not locked)
        self.menu.setEnabled(not locked)
        self._stop.set_off(off=locked)
        for entry in (self.overview, *self.list.made.values()):
            entry.set_passive(passive=locked)

    def rebuild(self) -> None:
        """Follow the list of accounts. Only entries of accounts that came or went are touched."""
        current = self._stop.current
        if isinstance(current, AccountEntry) and self._rack.accounts.find(current.id) is None:
            self._stop.enter(self.overview)
        self.list.rebuild()

    def current(self) -> "Account | None":
        """The account that the focus is on."""
        return self._rack.accounts.find(next((entry.id for entry in self.list.made.values() if entry.hasFocus()), ""))

    def tick(self) -> None:
        """Show this second, in the entries that can be seen."""
        self.list.tick()

    def _names(self) -> list[str]:
        return [self.overview.accessibleName(), *self.list.names()]

    def _place_of(self, line: QWidget) -> int:
        return self.list.at[line.id] + 1 if isinstance(line, AccountEntry) else 0

    def _page(self) -> int:
        return self.list.page()

    def _line(self, at: int) -> SidebarEntry:
        return (self.list.reveal(self.list.ids[at - 1]) if at else None) or self.overview

    def mark_chosen(self, id: str) -> None:
        """Mark the entry that belongs to the page, and none for a page without one."""
        self._open = id
        locked = self._rack.lock.locked
        self.overview.setChecked(not id and not locked)
        self.list.check("" if locked else id)
        entry = self.overview if not id else self.list.reveal(id)
        if entry is not None:
            self._stop.enter(entry)

    def first_focus(self) -> QWidget:
        """The entry of the page that is open, else the overview's."""
        return self.list.reveal(self._open) or self.overview

    def step(self, by: int) -> None:
        """Choose the next or the previous entry."""
        ids = ("", *self.list.ids)
        at = ids.index(self._open) if self._open in ids else 0
        self.chosen.emit(ids[max(0, min(len(ids) - 1, at + by))])

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
        self.menu.set_narrow(narrow=narrow)
        _leave_out_words(self.menu, self.add, self.width() - 2 * GAP_S)
        self.overview.set_narrow(narrow)
        self.list.set_narrow(narrow)
        self._align()


def _leave_out_words(first: QuietButton, second: QuietButton, room: int) -> None:
    """Show only the pictures of buttons that there is no room for side by side, in one language or another."""
    for button in (first, second):
        if first.sizeHint().width() + second.sizeHint().width() > room:
            button.setText("")


def _overview_entry(text: str, stop: OneStop) -> SidebarEntry:
    """The entry that opens the overview."""
    picture = QLabel()
    picture.setFixedSize(theme().px(TILE), theme().px(TILE))
    picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
    Icon("overview", "second").put_on(picture)
    entry = SidebarEntry(text, picture, stop)
    entry.setObjectName("overview")
    return entry
