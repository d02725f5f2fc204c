"""Whether the person asked the system for less motion."""

import os
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtDBus import QDBusConnection, QDBusMessage, QDBusPendingCallWatcher
from PySide6.QtWidgets import QApplication

_PORTAL = ("org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop", "org.freedesktop.portal.Settings")
_SETTING = ("org.gnome.desktop.interface", "enable-animations")


class Motion(QObject):
    """What the system says about motion; until it has answered, things may move.

    Linux desktops tell it through the settings portal, which is asked without waiting for it.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.allowed = True
        self._watcher: QDBusPendingCallWatcher | None = None

    def ask(self) -> None:
        """Find out; `changed` tells when the answer is another than was assumed."""
        if sys.platform in ("win32", "darwin"):
            self._learn(QApplication.isEffectEnabled(Qt.UIEffect.UI_General) or sys.platform == "darwin")
        elif has_session_bus():
            question = QDBusMessage.createMethodCall(*_PORTAL, "Read")
            question.setArguments(_SETTING)
            self._watcher = QDBusPendingCallWatcher(QDBusConnection.sessionBus().asyncCall(question), self)
            self._watcher.finished.connect(self._answered)

    def _answered(self, watcher: QDBusPendingCallWatcher) -> None:
        answer = watcher.reply()
        self._watcher = None
        watcher.deleteLater()
        if answer.type() == QDBusMessage.MessageType.ReplyMessage and answer.arguments():
            self._learn(bool(_plain(answer.arguments()[0])))

    def _learn(self, allowed: bool) -> None:
        if allowed != self.allowed:
            self.allowed = allowed
            self.changed.emit()


def has_session_bus() -> bool:
    """Whether there is a session bus to ask, without starting one."""
    if os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return True
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return bool(runtime) and Path(str(runtime), "bus").exists()


def _plain(value: object) -> object:
    """What lies inside D-Bus variants; the portal's Read wraps its answer twice."""
    inner = getattr(value, "variant", None)
    return _plain(inner()) if callable(inner) else value
