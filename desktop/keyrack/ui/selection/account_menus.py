"""The menu that a right click or the menu key opens on an account: of that one, or of all that are selected."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.account_menu import AccountMenu
from keyrack.ui.parts.entry_menu import EntryMenu
from keyrack.ui.selection.verbs import selected_words, verbs

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions


class SelectionMenu(EntryMenu):
    """What is possible now with all selected accounts, below how many they are."""

    def __init__(self, actions: "Actions", parent: QWidget) -> None:
        super().__init__("selection_menu", parent)
        self.add("title", selected_words(len(actions.selection)), lambda: None, possible=False)
        self.addSeparator()
        for verb in verbs(actions):
            if verb.name == "remove":
                self.addSeparator()
            self.add(verb.name, verb.words, partial(_do, actions, verb.name), picture=verb.icon)
        self.addSeparator()
        self.add("clear", self.tr("Select none"), actions.selection.clear, keys="Esc")


def _do(actions: "Actions", name: str) -> None:
    """Do it with those that are selected at the press: one may have been removed since the menu was opened."""
    for verb in verbs(actions):
        if verb.name == name:
            verb.do()
            return


def open_menu(id: str, at: QPoint, actions: "Actions", go: Callable[[str, str], object], parent: QWidget) -> None:
    """Open the menu at a place on the screen. A press outside of the selection concerns the one account alone."""
    account = actions.rack.accounts.find(id)
    if len(actions.selection) > 1 and id in actions.selection:
        SelectionMenu(actions, parent).popup(at)
    elif account is not None:
        AccountMenu(account, actions, go, parent).popup(at)
