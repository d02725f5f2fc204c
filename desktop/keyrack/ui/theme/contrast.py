"""Whether the system asks for more contrast."""

import sys

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QStyleHints

from keyrack.ui.theme.portal_setting import PortalSetting

# The key's only value besides "no preference", as the portal's documentation of the Settings interface has it.
_HIGHER = 1


class Contrast(QObject):
    """The system's preference for contrast, as Qt knows it and, on Linux, as the portal's `setting` does.

    `changed` is emitted when `more` differs.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.more = False
        self._of_portal = False
        self._hints: QStyleHints | None = None
        self.setting = PortalSetting("org.freedesktop.appearance", "contrast", self)
        self.setting.told.connect(self._told)

    def query(self) -> None:
        """Ask both, and follow both."""
        # PySide6 6.11 takes the preferences for gone when the hints that they belong to are no longer held.
        self._hints = QGuiApplication.styleHints()
        self._hints.accessibility().contrastPreferenceChanged.connect(self._weigh)
        self._weigh()
        if sys.platform not in ("win32", "darwin"):
            self.setting.query()

    def _told(self, value: object) -> None:
        self._of_portal = value == _HIGHER
        self._weigh()

    def _weigh(self) -> None:
        more = self._of_portal
        if self._hints is not None:
            more |= self._hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        if more != self.more:
            self.more = more
            self.changed.emit()
