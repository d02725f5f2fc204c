"""Whether the system asks for reduced motion."""

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, Qt, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant
from PySide6.QtWidgets import QApplication

_PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")
_SETTING = ("org.gnome.desktop.interface", "enable-animations")
# Qt's stub asks for bytes; the call takes nothing but text.
_CHANGED: Any = SLOT("setting_changed(QString,QString,QDBusVariant)")


class Motion(QObject):
    """The system's setting for motion. Until it has answered, motion is allowed.

    Linux desktops report it through the settings portal, which is queried asynchronously and tells of changes.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.allowed = True
        self._watcher: QDBusPendingCallWatcher | None = None

    def query(self) -> None:
        """Ask the system. `changed` is emitted when the answer differs from the assumption."""
        if sys.platform in ("win32", "darwin"):
            self.set_allowed(QApplication.isEffectEnabled(Qt.UIEffect.UI_General) or sys.platform == "darwin")
        elif has_session_bus():
            question = QDBusMessage.createMethodCall(*_PORTAL, "Read")
            question.setArguments(_SETTING)
            bus = QDBusConnection.sessionBus()
            self._watcher = QDBusPendingCallWatcher(bus.asyncCall(question), self)
            self._watcher.finished.connect(self._answered)
            self.follow(bus)

    def follow(self, bus: QDBusConnection) -> None:
        """Listen for changes of the setting. Only the portal's own signals count."""
        service, path, interface = _PORTAL
        bus.connect(service, path, interface, "SettingChanged", self, _CHANGED)

    @Slot(str, str, QDBusVariant)
    def setting_changed(self, namespace: str, key: str, value: QDBusVariant) -> None:
        """A setting of the desktop is another one."""
        if (namespace, key) == _SETTING:
            self.set_allowed(bool(unwrapped(value)))

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        answer = watcher.reply()
        self._watcher = None
        watcher.deleteLater()
        if answer.type() == QDBusMessage.MessageType.ReplyMessage and answer.arguments():
            self.set_allowed(bool(unwrapped(answer.arguments()[0])))

    def set_allowed(self, allowed: bool) -> None:
        """Take the system's setting. `changed` is emitted when it differs."""
        if allowed != self.allowed:
            self.allowed = allowed
            self.changed.emit()


def has_session_bus() -> bool:
    """Whether there is a session bus, checked without starting one."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(runtime) and Path(str(runtime), "bus").exists()


def unwrapped(value: object) -> object:
    """The value inside D-Bus variants. The portal's Read wraps its answer twice."""
    inner = getattr(value, "variant", None)
    return unwrapped(inner()) if callable(inner) else value
