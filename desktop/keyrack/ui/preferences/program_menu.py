"""The button below the accounts with the menu of what belongs to the whole program: settings, lock, moving, help."""

from functools import partial
from typing import Literal

from PySide6.QtCore import Signal, SignalInstance
from PySide6.QtWidgets import QMenu

from keyrack.ui.parts.over_page import Over, over_names
from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import set_property

Verb = Literal["lock", "passphrase", "preferences", "connection", "export", "import"]

_KEYS: dict[Verb | Over, str] = {
    "lock": "Ctrl+L",
    "preferences": "Ctrl+,",
    "keys": "F1",
    "help": "Shift+F1",
    "activity": "Ctrl+Shift+A",
    "diagnostics": "Ctrl+Shift+D",
}


class ProgramMenuButton(QuietButton):
    """Opens its menu. `asked` carries the verb of an entry, and `over_asked` which page is to lie over the others."""

    asked = Signal(str)
    over_asked = Signal(str)

    def __init__(self) -> None:
        super().__init__("", "settings")
        self.setObjectName("program_menu")
        self.setToolTip(self.tr("Settings, lock, export and import, activity, help"))
        self.setAccessibleName(self.tr("Menu"))  # also where only the picture is shown
        menu = QMenu(self)
        verbs: dict[Verb, str] = {
            "lock": self.tr("Lock"),
            "passphrase": self.tr("Lock passphrase…"),
            "preferences": self.tr("Settings"),
            "connection": self.tr("How Keyrack connects…"),
            "export": self.tr("Export…"),
            "import": self.tr("Import…"),
        }
        for verb, text in verbs.items():
            self._add(menu, verb, text).connect(partial(self.asked.emit, verb))
        menu.addSeparator()
        for which, text in over_names().items():
            self._add(menu, which, text).connect(partial(self.over_asked.emit, which))
        self.setMenu(menu)
        self.set_narrow(narrow=False)

    def _add(self, menu: QMenu, name: Verb | Over, text: str) -> SignalInstance:
        action = menu.addAction(f"{text}\t{_KEYS[name]}" if name in _KEYS else text)
        action.setObjectName(f"menu_{name}")
        return action.triggered

    def set_narrow(self, *, narrow: bool) -> None:
        """Show only the picture, or the word and the sign of a menu too."""
        self.setText("" if narrow else self.tr("Menu"))
        set_property(self, "menu", not narrow)
