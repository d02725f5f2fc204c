"""One setting of the desktop, asked of the settings portal without waiting and followed live."""

import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher, QDBusVariant

_PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")
# Qt's stub asks for bytes; the call takes nothing but text.
_CHANGED: Any = SLOT("setting_changed(QString,QString,QDBusVariant)")


class PortalSetting(QObject):
    """`told` carries each value that the portal reports. A desktop without a portal reports none."""

    told = Signal(object)

    def __init__(self, namespace: str, key: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._setting = (namespace, key)
        self._watcher: QDBusPendingCallWatcher | None = None

    def query(self) -> None:
        """Ask for the value, and listen for changes from now on. No bus is started for it."""
        if has_session_bus():
            bus = QDBusConnection.sessionBus()
            self.ask(bus)
            self.follow(bus)

    def ask(self, bus: QDBusConnection) -> None:
        """Ask for the value, without waiting for it."""
        question = QDBusMessage.createMethodCall(*_PORTAL, "Read")
        question.setArguments(self._setting)
        self._watcher = QDBusPendingCallWatcher(bus.asyncCall(question), self)
        self._watcher.finished.connect(self._answered)

    def follow(self, bus: QDBusConnection) -> None:
        """Listen for changes of the setting. Only the portal's own signals count."""
        service, path, interface = _PORTAL
        bus.connect(service, path, interface, "SettingChanged", self, _CHANGED)

    @Slot(str, str, QDBusVariant)
    def setting_changed(self, namespace: str, key: str, value: QDBusVariant) -> None:
        """A setting of the desktop is another one."""
        if (namespace, key) == self._setting:
            self.told.emit(unwrapped(value))

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        answer = watcher.reply()
        self._watcher = None
        watcher.deleteLater()
        if answer.type() == QDBusMessage.MessageType.ReplyMessage and answer.arguments():
            self.told.emit(unwrapped(answer.arguments()[0]))


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
