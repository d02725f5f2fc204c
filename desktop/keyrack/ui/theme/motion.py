"""Whether the system asks for reduced motion."""

import sys

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from keyrack.ui.theme.portal_setting import PortalSetting


class Motion(QObject):
    """The system's setting for motion. Until it has answered, motion is allowed.

    `changed` is emitted when the answer differs. Linux desktops give it through `setting`.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.allowed = True
        self.setting = PortalSetting("org.gnome.desktop.interface", "enable-animations", self)
        self.setting.told.connect(lambda value: self.set_allowed(bool(value)))

    def query(self) -> None:
        """Ask the system."""
        if sys.platform in ("win32", "darwin"):
            self.set_allowed(QApplication.isEffectEnabled(Qt.UIEffect.UI_General) or sys.platform == "darwin")
        else:
            self.setting.query()

    def set_allowed(self, allowed: bool) -> None:
        """Take the system's setting. `changed` is emitted when it differs."""
        if allowed != self.allowed:
            self.allowed = allowed
            self.changed.emit()
