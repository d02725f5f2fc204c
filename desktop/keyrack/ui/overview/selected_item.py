"""Shows on a card or a line whether its account is one of those that are selected."""

from PySide6.QtCore import QPoint

from keyrack.ui.overview.account_card import AccountCard
from keyrack.ui.overview.account_item import AccountItem
from keyrack.ui.screen_reader.announcement import tell_selected
from keyrack.ui.selection.selected_tick import SelectedTick
from keyrack.ui.theme.metrics import GRID
from keyrack.ui.widgets.controls import set_property


def show_selected(item: AccountItem, selected: bool | None) -> None:
    """Show it by colour and shape: a card has a tick in its corner, a line has a bar, because its mark is its state."""
    if selected == item.selected:
        return
    item.selected = selected
    set_property(item, "chosen", bool(selected))
    mark: SelectedTick | None = item.findChild(SelectedTick)
    if mark is None and selected:
        mark = SelectedTick(item)
    if mark is not None and isinstance(item, AccountCard):
        mark.stand_at(QPoint(GRID, GRID), shown=bool(selected))
    elif mark is not None:
        mark.stand_along(item.height(), shown=bool(selected))
    item.tick()
    tell_selected(item)
