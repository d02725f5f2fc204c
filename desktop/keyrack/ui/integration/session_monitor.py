"""Hears from a Linux desktop that the screen is locked or opened, and that the computer goes to sleep or wakes."""

import os
import sys
from pathlib import Path
from typing import Any

from PySide6.QtCore import SIGNAL, SLOT, QObject, Signal, Slot
from PySide6.QtDBus import QDBusConnection

from keyrack.ui.theme.motion import has_session_bus

SCREENS = tuple(f"org.{name}.ScreenSaver" for name in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))
_LOGIN = "org.freedesktop.login1"
_LOGIN_PATH = "/org/freedesktop/login1"
_SYSTEM_BUS = Path("/run/dbus/system_bus_socket")
# Qt's stub asks for bytes; the call takes nothing but text.
_HEARD: Any = SLOT("heard(bool)")
_LEFT: Any = SIGNAL("left()")


class SessionMonitor(QObject):
    """`left` tells that the person went away, `came` that time may have passed; nothing is asked, only heard."""

    left = Signal()
    came = Signal()

    def start(self) -> None:
        """Listen on the buses that there are."""
        if sys.platform in ("win32", "darwin"):
            return
        if has_session_bus():
            self.hear_screens(QDBusConnection.sessionBus())
        if os.environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM_BUS.exists():
            self.hear_login(QDBusConnection.systemBus(), os.environ.get("XDG_SESSION_ID", ""))

    def hear_screens(self, bus: QDBusConnection) -> None:
        """Listen for a screen that is locked, whichever desktop's."""
        for interface in SCREENS:
            bus.connect("", "", interface, "ActiveChanged", self, _HEARD)

    def hear_login(self, bus: QDBusConnection, session: str) -> None:
        """Listen for a computer that goes to sleep, and for `loginctl lock-session` of the named session.

        On the system's bus any user may speak, so logind alone is listened to.
        """
        bus.connect(_LOGIN, _LOGIN_PATH, f"{_LOGIN}.Manager", "PrepareForSleep", self, _HEARD)
        if session:
            path = f"{_LOGIN_PATH}/session/{_escaped(session)}"
            bus.connect(_LOGIN, path, f"{_LOGIN}.Session", "Lock", self, _LEFT)

    @Slot(bool)
    def heard(self, on: bool) -> None:
        """The screen was locked or opened, the computer goes to sleep or wakes."""
        if on:
            self.left.emit()
        else:
            self.came.emit()


def _escaped(label: str) -> str:
    """A session's name as logind writes it into a path: a first digit, and all but letters and digits, in hex."""
    plain = (c.isascii() and c.isalnum() and (at or not c.isdigit()) for at, c in enumerate(label))
    return "".join(c if kept else f"_{ord(c):02x}" for c, kept in zip(label, plain, strict=True))
