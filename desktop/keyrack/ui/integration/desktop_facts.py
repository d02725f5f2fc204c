"""What only the window knows of the desktop, for the diagnostics: Qt, the screens, the tray, the portal."""

from PySide6.QtCore import QLocale, qVersion
from PySide6.QtDBus import QDBusConnection
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from keyrack.ui.theme.portal_setting import has_session_bus

_TRAY = "org.kde.StatusNotifierWatcher"
_PORTAL = "org.freedesktop.portal.Desktop"
_NOTIFIER = "org.freedesktop.Notifications"


def desktop_facts() -> dict[str, str]:
    """The facts by their topics. On a desktop with D-Bus the bus is asked for the names that are taken."""
    screens = [
        f"{screen.size().width()} × {screen.size().height()} at {screen.devicePixelRatio():g}"
        for screen in QGuiApplication.screens()
    ]
    return {
        "Qt": f"{qVersion()} with {QGuiApplication.platformName()}",
        "Screens": ", ".join(screens) or "none",
        "Text": f"{QApplication.font().family()}, {QApplication.font().pixelSize()} pixels",
        "Locale": QLocale().name(),
        "Tray": _tray(),
        "Portal": _said(_PORTAL),
        "Notifications": _said(_NOTIFIER),
    }


def _tray() -> str:
    if not QSystemTrayIcon.isSystemTrayAvailable():
        return "none"
    return "StatusNotifier" if _is_taken(_TRAY) else "the system's own kind"


def _said(name: str) -> str:
    return "there" if _is_taken(name) else "none"


def _is_taken(name: str) -> bool:
    """Whether a program of the session has this name."""
    bus = QDBusConnection.sessionBus().interface() if has_session_bus() else None
    return bus is not None and bool(bus.isServiceRegistered(name).value())
