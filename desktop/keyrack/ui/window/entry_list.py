"""The scrolling list of accounts in the sidebar, with a title above the accounts of each exchange."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.account_steps import can_copy
from keyrack.ui.actions.dragging import Dragging
from keyrack.ui.actions.listening import listen
from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.selection.account_menus import open_menu
from keyrack.ui.selection.selecting import Selecting
from keyrack.ui.text.countdown import Countdown
from keyrack.ui.text.rail_letters import letters_of_each
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_M, GAP_S, GRID, SIDEBAR
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.one_stop import OneStop
from keyrack.ui.widgets.scroll_page import Holder, ScrollPage
from keyrack.ui.window.sidebar_entry import HIGH, AccountEntry

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

_GAP = 2
# What is around a line that was scrolled to is seen as well.
_AROUND = 50
# The list until a layout gives it its place.
_AT_FIRST_HIGH = 480
# Ctrl+1 to Ctrl+9 open them.
_NUMBERED = 9


@dataclass(frozen=True, slots=True)
class Group:
    """The ids of accounts that stand together, and the title above them. `id` names the group."""

    id: str
    title: str
    ids: Sequence[str]


@spoken_as(Role.List)
class EntryList(ScrollPage):
    """Of many entries only those near the shown part exist, and the one that the Tab key reaches.

    `make` makes the entry of an account's id in a parent, `staying` returns what is not deleted wherever it is. `made`
    are the entries that exist. One is made when it comes within a page of what is shown, and deleted when it is two
    pages away. While a screen reader runs all exist, because it reads the list from its tree.
    """

    def __init__(self, make: Callable[[str, QWidget], AccountEntry], staying: Callable[[], QWidget | None]) -> None:
        super().__init__()
        self._make = make
        self._staying = staying
        self.made: dict[str, AccountEntry] = {}
        self.ids: Sequence[str] = ()
        self.at: Mapping[str, int] = {}
        self.narrow = False
        self._sought = ""
        self._groups: Sequence[Group] = ()
        self._titles: dict[str, Text] = {}
        self._tops: list[int] = []
        self._high = theme().px(HIGH)
        self.setObjectName("sidebar")
        self.setAccessibleName(self.tr("Accounts"))
        for page in (self, self.viewport()):
            page.resize(theme().px(SIDEBAR), _AT_FIRST_HIGH)
        self._holder = Holder()
        self._holder.resized.connect(self._arrange)
        self.column.setSpacing(0)
        self.column.addWidget(self._holder)
        self.column.addStretch(1)
        self.verticalScrollBar().valueChanged.connect(self.fill)

    def follow(self, groups: Sequence[Group]) -> None:
        """Show these entries in this order. The entries of remaining accounts are kept."""
        self._groups = groups
        for id in self._titles.keys() - {group.id for group in groups}:
            _discard(self._titles.pop(id))
        for group in groups:
            if group.id not in self._titles:
                self._titles[group.id] = _title(group.title, self._holder)
        self.ids = tuple(id for group in groups for id in group.ids)
        self.at = {id: at for at, id in enumerate(self.ids)}
        for id in [id for id in self.made if id not in self.at]:
            _discard(self.made.pop(id))
        self._arrange()

    def _arrange(self) -> None:
        self._lay_out()
        self.fill()

    def _lay_out(self) -> None:
        """Compute where each entry stands, and place the titles."""
        top, width, self._tops = 0, self._holder.width(), []
        for group in self._groups:
            title = self._titles[group.id]
            title.setHidden(self.narrow)
            if not self.narrow:
                title.ensurePolished()
                high = title.sizeHint().height()
                title.setGeometry(0, top, width, high)
                top += high + _GAP
            for _id in group.ids:
                self._tops.append(top)
                top += self._high + _GAP
        self._holder.setFixedHeight(max(0, top - _GAP))

    def fill(self) -> None:
        """Make, place and delete entries for what is shown now."""
        top, page = self.verticalScrollBar().value(), self.viewport().height()
        for id in self._between(top - page, top + 2 * page):
            if id not in self.made:
                self._add(id)
        near = set(self._between(top - 2 * page, top + 3 * page))
        for id in [id for id in self.made if id not in near]:
            entry = self.made[id]
            if entry is not self._staying() and not entry.hasFocus():
                _discard(self.made.pop(id))
        for id in self.made:
            self._place(id)

    def _between(self, top: int, bottom: int) -> Sequence[str]:
        if QAccessible.isActive():
            return self.ids
        return self.ids[bisect_left(self._tops, top - self._high) : bisect_right(self._tops, bottom)]

    def reveal(self, id: str) -> AccountEntry | None:
        """Scroll to an account's entry. None for one that is not there."""
        if id not in self.at:
            return None
        self._sought = "" if self.isVisible() else id
        self.ensureVisible(0, self._tops[self.at[id]] + self._high // 2, 0, self._high // 2 + _AROUND)
        self.fill()
        if id not in self.made:
            self._add(id)
            self._place(id)
        return self.made[id]

    def _add(self, id: str) -> None:
        entry = self.made[id] = self._make(id, self._holder)
        entry.show()

    def _place(self, id: str) -> None:
        self.made[id].setGeometry(0, self._tops[self.at[id]], self._holder.width(), self._high)

    def entries(self) -> list[AccountEntry]:
        """All entries that exist, from above."""
        return [self.made[id] for id in sorted(self.made, key=self.at.__getitem__)]

    def spoken_lines(self) -> list[QWidget]:
        """Titles and entries from above, as a screen reader finds them."""
        found: list[QWidget] = []
        for group in self._groups:
            entries = [self.made[id] for id in group.ids if id in self.made]
            found += [line for line in (self._titles[group.id], *entries) if not line.isHidden()]
        return found

    def seen(self) -> list[AccountEntry]:
        """The entries of which some part can be seen now."""
        top = self.verticalScrollBar().value()
        bottom = top + self.viewport().height()
        return [entry for entry in self.made.values() if entry.y() < bottom and entry.y() + entry.height() > top]

    def page(self) -> int:
        """How many entries PgUp and PgDn pass by."""
        return max(1, self.viewport().height() // self._high - 1)

    def set_narrow(self, narrow: bool) -> None:
        """Shrink to tiles and marks without titles, or grow again."""
        self.narrow = narrow
        bars = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if narrow else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(bars)
        for entry in self.made.values():
            entry.set_narrow(narrow)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Scroll to what was sought before the list had its height."""
        super().showEvent(event)
        self.reveal(self._sought)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A higher list shows more."""
        super().resizeEvent(event)
        self.fill()


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
        self._parts: dict[str, tuple[object, ...]] = {}
        self._names: dict[str, str] = {}
        self._letters: Mapping[str, str] = {}
        self._checked = ""
        self._dragging = Dragging(self, lambda: self.made, actions.arranging.place)
        self._selecting = Selecting(
            self,
            actions.selection,
            lambda: self.made,
            lambda: self.ids,
            lambda id, key: stop.step(self.made[id], key),
            lambda id: self.step_asked.emit(id, "remove"),
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
            self.tick()
            return
        if self._names.get(account.id, account.settings.name) != account.settings.name:
            self._names[account.id] = account.settings.name
            self._letter()
        entry = self.made.get(account.id)
        if entry is not None and self._parts.get(account.id) != account.status_parts and self.isVisible():
            self._show(account, entry)

    def _show(self, account: "Account", entry: AccountEntry) -> None:
        self._parts[account.id] = account.status_parts
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


def _discard(widget: QWidget) -> None:
    widget.setParent(None)
    widget.deleteLater()


def _title(name: str, parent: QWidget) -> Text:
    title = Text(name, "caption", parent=parent)
    title.setContentsMargins(GAP_S, GAP_M, 0, GRID)
    title.show()
    return title
