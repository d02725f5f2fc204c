"""Watches a Linux desktop for a locked screen and for sleep."""

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import SIGNAL, SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication

from keyrack.ui.theme.portal_setting import has_session_bus

SCREENS = tuple(f"org.{name}.ScreenSaver" for name in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))
_LOGIN = "org.freedesktop.login1"
_LOGIN_PATH = "/org/freedesktop/login1"
_SYSTEM_BUS = Path("/run/dbus/system_bus_socket")
# Qt's stub asks for bytes; the call takes nothing but text.
_ACTIVE_CHANGED: Any = SLOT("active_changed(bool)")
_AWAY: Any = SIGNAL("away()")


class SessionMonitor(QObject):
    """Emits `away` when the person went away, and `back` when time may have passed. It only listens.

    `ending` tells that the desktop's session ends and waits for every program (Qt, QGuiApplication::commitDataRequest).
    """

    away = Signal()
    back = Signal()
    ending = Signal()

    def start(self) -> None:
        """Listen to Qt, and on the buses that exist."""
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.commitDataRequest.connect(self.ending)
        if sys.platform in ("win32", "darwin"):
            return
        if has_session_bus():
            self.watch_screens(QDBusConnection.sessionBus())
        if os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM_BUS.exists():
            self.watch_login(QDBusConnection.systemBus(), os.environ.get("XDG_SESSION_ID", ""))

    def watch_screens(self, bus: QDBusConnection) -> None:
        """Listen for a locked screen of any desktop."""
        for interface in SCREENS:
            bus.connect("", "", interface, "ActiveChanged", self, _ACTIVE_CHANGED)

    def watch_login(self, bus: QDBusConnection, session: str) -> None:
        """Listen for sleep, and for `loginctl lock-session` of the given session.

        On the system bus any user may send signals, so only those of logind are accepted.
        """
        bus.connect(_LOGIN, _LOGIN_PATH, f"{_LOGIN}.Manager", "PrepareForSleep", self, _ACTIVE_CHANGED)
        if session:
            path = f"{_LOGIN_PATH}/session/{_escaped(session)}"
            bus.connect(_LOGIN, path, f"{_LOGIN}.Session", "Lock", self, _AWAY)

    @Slot(bool)
    def active_changed(self, on: bool) -> None:
        """The screen was locked or unlocked, or the computer goes to sleep or wakes."""
        if on:
            self.away.emit()
        else:
            self.back.emit()


def _escaped(label: str) -> str:
    """A session's name as logind writes it into a path. A first digit and all but letters and digits become hex."""
    plain = (c.isascii() and c.isalnum() and (at or not c.isdigit()) for at, c in enumerate(label))
    return "".join(c if kept else f"_{ord(c):02x}" for c, kept in zip(label, plain, strict=True))
