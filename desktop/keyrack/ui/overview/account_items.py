"""The accounts of the overview as cards or as lines."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.dragging import Dragging
from keyrack.ui.overview.account_card import AccountCard, is_low
from keyrack.ui.overview.account_item import AccountItem
from keyrack.ui.overview.account_line import AccountLine
from keyrack.ui.overview.card_grid import CARDS, LINES, CardGrid
from keyrack.ui.parts.entry_menu import menu_place
from keyrack.ui.screen_reader.announcement import tell_selected
from keyrack.ui.selection.account_menus import open_menu
from keyrack.ui.selection.ground_menu import GroundMenu
from keyrack.ui.selection.selected_tick import SelectedTick
from keyrack.ui.selection.selecting import Selecting
from keyrack.ui.theme.metrics import GRID
from keyrack.ui.widgets.controls import set_property

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

_WRITING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier


class AccountItems(CardGrid):
    """All of them are one stop of the Tab key: the one that had the focus last, else the first that is shown.

    `cards` and `lines` are the ones that exist, by the ids of their accounts.

    `opened` carries an account's id, `step_asked` the id and a step or a form that is in the account's pane, `typed` a
    letter that was typed on one of them. `stop` is the id of the one that Tab reaches. While they are `sorted` by a
    column they cannot be dragged.
    """

    opened = Signal(str)
    step_asked = Signal(str, str)
    typed = Signal(str)

    def __init__(self, actions: "Actions", *, lines: bool, parent: QWidget | None = None) -> None:
        super().__init__(self._item, self._is_low, self._forget, LINES if lines else CARDS, parent)
        self._actions = actions
        self._private = False
        self._low: dict[str, bool] = {}
        self.stop = ""
        self.sorted = False
        self.cards: dict[str, AccountCard] = {}
        self.lines: dict[str, AccountLine] = {}
        self._dragging = Dragging(
            self,
            lambda: {} if self.sorted else self.items,
            actions.arranging.place,
            actions.arranging.landing,
            lambda: self.shape is CARDS,
        )
        self._selecting = Selecting(
            self,
            actions.selection,
            lambda: self.items,
            lambda: self.ids,
            self.step,
        )
        actions.selection.changed.connect(self._show_selected)
        self.verticalScrollBar().valueChanged.connect(self.tick)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A letter that no card takes is for Find."""
        letter = event.text()
        if letter.strip() and letter.isprintable() and not event.modifiers() & ~_WRITING:
            self.typed.emit(letter)
        else:
            super().keyPressEvent(event)

    def show_lines(self, lines: bool) -> None:
        """Show lines instead of cards, or cards again."""
        self.use(LINES if lines else CARDS)

    @property
    def shows_lines(self) -> bool:
        """Whether there are lines and no cards."""
        return self.shape is LINES

    def refresh(self, account: "Account") -> None:
        """Show an account that has changed."""
        item = self.items.get(account.id)
        if item is not None:
            item.refresh()
        if self._low.get(account.id) != (low := self._is_low(account.id)):
            self._low[account.id] = low
            self.measure()

    def refresh_all(self) -> None:
        """Show all accounts as they are now."""
        for item in self.items.values():
            item.refresh()
        self.measure()

    def open_first(self) -> None:
        """Open the first account that is shown."""
        if self.ids:
            self.opened.emit(self.ids[0])

    def go_on_at(self, id: str) -> None:
        """Have the person go on at an account, whose page they come back from, once the items are shown again."""
        item = self.reveal(id)
        if item is not None:
            self.stop_at(id)
            item.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self) -> None:
        """Show this second in what can be seen."""
        for item in self.seen():
            if not item.count():
                item.tick()

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self._private = private
        for item in self.items.values():
            item.hide_amounts(private)

    def begin(self) -> None:
        """Make items from now on. Until then nobody sees them."""
        if not self.begun:
            self.begun = True
            self._fill()

    def _fill(self) -> None:
        super()._fill()
        if self.items and self.stop not in self.items:
            there = {item.account.id for item in self.seen()} or self.items.keys()
            self.stop_at(next(id for id in self.ids if id in there))

    def stop_at(self, id: str) -> None:
        """Have Tab reach this one, and no other."""
        for old in (self.stop, id):
            if old in self.items:
                self.items[old].setFocusPolicy(Qt.FocusPolicy.TabFocus if old == id else Qt.FocusPolicy.NoFocus)
        self.stop = id

    def _item(self, id: str, parent: QWidget) -> AccountItem:
        account = self._actions.rack.accounts.find(id)
        if account is None:
            raise LookupError(id)
        item: AccountItem
        if self.shape is LINES:
            item = self.lines[id] = AccountLine(account, self._actions, parent)
        else:
            item = self.cards[id] = AccountCard(account, self._actions, parent)
        item.opened.connect(self.opened)
        item.step_asked.connect(self.step_asked)
        item.key_pressed.connect(self.step)
        item.entered.connect(self.stop_at)
        item.menu_asked.connect(self._open_menu)
        self._dragging.watch(item)
        self._selecting.watch(item)
        _show_selected_on(item, self._selected(id))
        item.hide_amounts(self._private)
        return item

    def _forget(self, id: str) -> None:
        self.stop = "" if id == self.stop else self.stop
        self.cards.pop(id, None)
        self.lines.pop(id, None)

    def _is_low(self, id: str) -> bool:
        account = self._actions.rack.accounts.find(id)
        return account is not None and self.shape is CARDS and is_low(account)

    def _open_menu(self, id: str, place: QPoint) -> None:
        open_menu(id, place, self._actions, self.step_asked.emit, self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with all of them, beside them."""
        GroundMenu(self._actions, self.ids, self).popup(menu_place(self, event))

    def _selected(self, id: str) -> bool | None:
        """Whether an account is selected, None while none is."""
        selection = self._actions.selection
        return id in selection if len(selection) else None

    def _show_selected(self) -> None:
        for id, item in self.items.items():
            _show_selected_on(item, self._selected(id))


def _show_selected_on(item: AccountItem, selected: bool | None) -> None:
    """Show it by colour and shape: a card has a tick in its corner, a line has a bar, because its mark is its state."""
    if selected == item.selected:
        return
    item.selected = selected
    set_property(item, "chosen", bool(selected))
    if isinstance(item, AccountCard):
        item.ring.update()  # it covers the ground, which has another colour now
    mark: SelectedTick | None = item.findChild(SelectedTick)
    if mark is None and selected:
        mark = SelectedTick(item)
    if mark is not None and isinstance(item, AccountCard):
        mark.stand_at(QPoint(GRID, GRID), shown=bool(selected))
    elif mark is not None:
        mark.stand_along(item.height(), shown=bool(selected))
    item.tick()
    tell_selected(item)
