"""The button that locks, with a menu of what belongs to the whole program."""

from functools import partial

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QMenu

from keyrack.ui.parts.over_page import Over, over_names
from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import set_property

_KEYS: dict[Over, str] = {"keys": "F1", "help": "Shift+F1", "activity": "Ctrl+Shift+A", "diagnostics": "Ctrl+Shift+D"}


class LockButton(QuietButton):
    """Opens its menu, whose entries emit the given signals. `over` carries which page is to lie over the others."""

    def __init__(
        self, lock: SignalInstance, passphrase: SignalInstance, connection: SignalInstance, over: SignalInstance
    ) -> None:
        super().__init__("", "lock")
        self.setObjectName("lock")
        self.setToolTip(self.tr("Lock, how Keyrack connects, activity, help"))
        self.setAccessibleName(self.toolTip())
        menu = QMenu(self)
        for name, text, pressed in (
            ("menu_lock", self.tr("Lock") + "\tCtrl+L", lock),
            ("menu_passphrase", self.tr("Lock passphrase…"), passphrase),
            ("menu_connection", self.tr("How Keyrack connects…"), connection),
        ):
            action = menu.addAction(text)
            action.setObjectName(name)
            action.triggered.connect(pressed)
        menu.addSeparator()
        for which, text in over_names().items():
            action = menu.addAction(f"{text}\t{_KEYS[which]}" if which in _KEYS else text)
            action.setObjectName(f"menu_{which}")
            action.triggered.connect(partial(over.emit, which))
        self.setMenu(menu)
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show only the picture, or the word and the sign of a menu too."""
        self.setText("" if narrow else self.tr("Lock"))
        set_property(self, "menu", not narrow)
