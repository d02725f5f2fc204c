"""The button that locks, with a menu of what belongs to the whole program."""

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QMenu

from keyrack.ui.widgets.buttons import QuietButton
from keyrack.ui.widgets.controls import set_property


class LockButton(QuietButton):
    """Opens its menu, whose entries emit the given signals."""

    def __init__(
        self,
        lock: SignalInstance,
        passphrase: SignalInstance,
        preferences: SignalInstance,
        connection: SignalInstance,
        keys: SignalInstance,
        moving: tuple[SignalInstance, SignalInstance],
    ) -> None:
        super().__init__("", "lock")
        self.setObjectName("lock")
        self.setToolTip(self.tr("Lock, settings, how Keyrack connects, all keys"))
        self.setAccessibleName(self.toolTip())
        menu = QMenu(self)
        for name, text, pressed in (
            ("menu_lock", self.tr("Lock") + "\tCtrl+L", lock),
            ("menu_passphrase", self.tr("Lock passphrase…"), passphrase),
            ("menu_preferences", self.tr("Settings") + "\tCtrl+,", preferences),
            ("menu_connection", self.tr("How Keyrack connects…"), connection),
            ("menu_export", self.tr("Export…"), moving[0]),
            ("menu_import", self.tr("Import…"), moving[1]),
            ("menu_keys", self.tr("All keys") + "\tF1", keys),
        ):
            action = menu.addAction(text)
            action.setObjectName(name)
            action.triggered.connect(pressed)
        self.setMenu(menu)
        self.set_narrow(narrow=False)

    def set_narrow(self, *, narrow: bool) -> None:
        """Show only the picture, or the word and the sign of a menu too."""
        self.setText("" if narrow else self.tr("Lock"))
        set_property(self, "menu", not narrow)
