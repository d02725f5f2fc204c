"""The tray icon: the worst state of all accounts, and a menu for each account."""

import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from keyrack.ui.integration.tray_icon import TrayState, panel_is_dark, state_for, tray_icon, worst
from keyrack.ui.theme.theme import theme

CHECKS = 5
CHECK_EVERY_MS = 5000

_HAS_TOKEN = ("ready", "refreshing", "retrying", "unsaved")
_CAN_SIGN_IN = ("ready", "retrying", "unsaved", "needs_login", "refreshing")


@dataclass(frozen=True, slots=True)
class TrayEntry:
    """One account in the menu. `status` is a status of `status --json`, `left` the time left as text or "".

    `waits` marks an account without a sign-in by choice. It does not count as trouble.
    """

    id: str
    name: str
    status: str
    left: str
    waits: bool = False


class TraySource(Protocol):
    """The accounts that the tray shows."""

    def entries(self) -> Sequence[TrayEntry]:
        """All accounts in their order, as they are now."""
        ...


class Tray(QObject):
    """An icon in the system's tray. Each menu entry emits a signal with the account's id.

    `available` returns whether the desktop has a tray. `check_ms` is the time between two checks for one.
    """

    copy = Signal(str)
    refresh = Signal(str)
    sign_in = Signal(str)
    refresh_all = Signal()
    open = Signal()
    lock_pressed = Signal()
    quit = Signal()

    def __init__(
        self,
        source: TraySource,
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        check_ms: int = CHECK_EVERY_MS,
    ) -> None:
        super().__init__()
        self._source = source
        self._available = available
        self._icon: QSystemTrayIcon | None = None
        self._locked = False
        self._shown: tuple[TrayState, bool] | None = None
        self._checks_left = 0
        self._timer = QTimer(self)
        self._timer.setInterval(check_ms)
        self._timer.timeout.connect(self._check)
        self.menu = QMenu()
        self.menu.aboutToShow.connect(self._fill)
        theme().changed.connect(self.update)
        self._fill()

    def start(self) -> None:
        """Check for a tray now and then four times more. Call it again when a tray may have appeared."""
        if self._icon is None:
            self._checks_left = CHECKS
            self._check()

    def stop(self) -> None:
        """Remove the icon."""
        self._timer.stop()
        if self._icon is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._icon = None

    def really_visible(self) -> bool:
        """Whether the person can reach Keyrack through the tray, so that its window may be hidden."""
        return self._icon is not None and self._icon.isVisible() and self._available()

    def set_locked(self, locked: bool) -> None:
        """Show that Keyrack is locked. The menu then only opens the window and quits."""
        self._locked = locked
        self.update()

    def update(self) -> None:
        """Draw the accounts as they are now. Cheap when nothing has changed."""
        if self._icon is None:
            return
        entries = self._source.entries()
        state: TrayState = "locked" if self._locked else worst(entry.status for entry in entries if not entry.waits)
        appearance = (state, panel_is_dark(theme().palette))
        if appearance != self._shown:
            self._shown = appearance
            self._icon.setIcon(tray_icon(state, dark=appearance[1]))
        words = self.tooltip(entries)
        if words != self._icon.toolTip():
            self._icon.setToolTip(words)

    @property
    def state(self) -> TrayState | None:
        """The state that the icon shows, None without an icon."""
        return self._shown[0] if self._icon is not None and self._shown is not None else None

    def tooltip(self, entries: Sequence[TrayEntry]) -> str:
        """How many accounts are in which state, from best to worst. Never a secret (S99)."""
        counted = Counter(state_for(entry.status) for entry in entries if not entry.waits)
        needs = self.tr("{n} needs you") if counted["needs"] == 1 else self.tr("{n} need you")
        words = (
            ("fresh", self.tr("{n} fresh")),
            ("renewing", self.tr("{n} renewing")),
            ("offline", self.tr("{n} offline")),
            ("needs", needs),
        )
        parts = [text.format(n=counted[state]) for state, text in words if counted[state]]  # type: ignore[index]
        return ", ".join(parts) if parts else self.tr("Keyrack")

    def notify(self, title: str, text: str) -> None:
        """Show a notification, if there is a tray to show it. A click on it opens the window."""
        if self._icon is not None and QSystemTrayIcon.supportsMessages():
            self._icon.showMessage(title, text, self._icon.icon())

    def _check(self) -> None:
        self._checks_left -= 1
        if self._available():
            self._timer.stop()
            self._add_icon()
        elif self._checks_left > 0:
            self._timer.start()
        else:
            self._timer.stop()

    def _add_icon(self) -> None:
        icon = QSystemTrayIcon(self)
        icon.setContextMenu(self.menu)
        icon.activated.connect(self._activated)
        icon.messageClicked.connect(self.open)
        self._icon, self._shown = icon, None
        self.update()
        icon.show()

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """A left click shows the window. On macOS it opens the menu."""
        if reason == QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.open.emit()

    def _fill(self) -> None:
        for action in self.menu.actions():
            submenu = action.menu()
            if isinstance(submenu, QMenu):
                submenu.deleteLater()
        self.menu.clear()
        for entry in self._source.entries():
            self._add_account(entry)
        self.menu.addSeparator()
        self._add(self.menu, self.tr("Refresh all"), self.refresh_all.emit).setEnabled(not self._locked)
        self.menu.addSeparator()
        if self._locked:
            self._add(self.menu, self.tr("Unlock…"), self.open.emit)
        else:
            self._add(self.menu, self.tr("Lock"), self.lock_pressed.emit)
        self._add(self.menu, self.tr("Open Keyrack"), self.open.emit)
        self._add(self.menu, self.tr("Quit"), self.quit.emit)

    def _add_account(self, entry: TrayEntry) -> None:
        title = f"{entry.name} · {entry.left}" if entry.left else entry.name
        submenu = QMenu(title.replace("&", "&&"), self.menu)
        self.menu.addMenu(submenu)
        copying = self._add(submenu, self.tr("Copy token"), lambda: self.copy.emit(entry.id))
        copying.setEnabled(entry.status in _HAS_TOKEN and not self._locked)
        refreshing = self._add(submenu, self.tr("Refresh now"), lambda: self.refresh.emit(entry.id))
        refreshing.setEnabled(entry.status in _HAS_TOKEN and not self._locked)
        signing_in = self._add(submenu, self.tr("Sign in again"), lambda: self.sign_in.emit(entry.id))
        signing_in.setEnabled(entry.status in _CAN_SIGN_IN and not self._locked)

    def _add(self, menu: QMenu, text: str, do: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: do())
        return action
