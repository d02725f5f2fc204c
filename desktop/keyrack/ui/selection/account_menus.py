"""The menu that a right click or the menu key opens on an account: of that one, or of all that are selected."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu, QWidget

from keyrack.ui.actions.account_menu import AccountMenu
from keyrack.ui.selection.verbs import selected_words, verbs
from keyrack.ui.theme.icons import icon

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions


class SelectionMenu(QMenu):
    """What is possible now with all selected accounts, below how many they are."""

    def __init__(self, actions: "Actions", parent: QWidget) -> None:
        super().__init__(parent)
        title = self.addAction(selected_words(len(actions.selection)))
        title.setObjectName("selection_menu_title")
        title.setEnabled(False)
        self.addSeparator()
        for verb in verbs(actions):
            if verb.name == "remove":
                self.addSeparator()
            entry = self.addAction(icon(verb.icon, "second"), verb.words)
            entry.setObjectName(f"selection_menu_{verb.name}")
            entry.triggered.connect(lambda _checked=False, do=verb.do: do())
        self.addSeparator()
        clear = self.addAction(self.tr("Select none") + "\tEsc")
        clear.setObjectName("selection_menu_clear")
        clear.triggered.connect(lambda _checked=False: actions.selection.clear())
        self.aboutToHide.connect(self.deleteLater)


def open_menu(id: str, at: QPoint, actions: "Actions", go: Callable[[str, str], object], parent: QWidget) -> None:
    """Open the menu at a place on the screen. A press outside of the selection concerns the one account alone."""
    account = actions.rack.accounts.find(id)
    if len(actions.selection) > 1 and id in actions.selection:
        SelectionMenu(actions, parent).popup(at)
    elif account is not None:
        AccountMenu(account, actions, go, parent).popup(at)
