"""The tray icon: the worst state of all accounts, and a menu for each account."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from keyrack.ui.integration.tray_icon import TrayState, panel_is_dark, state_for, tray_icon, worst
from keyrack.ui.integration.tray_menu import TrayEntry, TrayMenu
from keyrack.ui.theme.theme import theme

CHECKS = 5
CHECK_EVERY_MS = 5000
# A slow desktop starts its panel minutes after the programs of the sign-in.
LATE_CHECKS = 20
SLOWER = 6


class TraySource(Protocol):
    """The accounts that the tray shows."""

    def entries(self) -> Sequence[TrayEntry]:
        """All accounts in their order, as they were when they last changed."""
        ...

    def entries_now(self) -> Sequence[TrayEntry]:
        """The same at this second, with the times that are left."""
        ...


class Tray(QObject):
    """An icon in the system's tray. Each menu entry emits a signal with the account's id.

    `counted` says of groups of states how many accounts are in each.
    `available` returns whether the desktop has a tray. `check_ms` is the time between two checks for one.
    """

    copy = Signal(str)
    refresh = Signal(str)
    sign_in = Signal(str)
    show = Signal(str)
    refresh_all = Signal()
    hide_amounts = Signal()
    settings = Signal()
    open = Signal()
    lock_pressed = Signal()
    quit = Signal()
    appeared = Signal()

    def __init__(
        self,
        source: TraySource,
        counted: Callable[[Iterable[str]], str],
        available: Callable[[], bool] = QSystemTrayIcon.isSystemTrayAvailable,
        check_ms: int = CHECK_EVERY_MS,
    ) -> None:
        super().__init__()
        self._source = source
        self._counted = counted
        self._available = available
        self._icon: QSystemTrayIcon | None = None
        self._locked = False
        self._shown: tuple[TrayState, bool] | None = None
        self._checks_left = 0
        self._timer = QTimer(self)
        self._check_ms = check_ms
        self._timer.timeout.connect(self._check)
        self.menu = TrayMenu(self)
        theme().changed.connect(self.update)
        self.menu.follow(source.entries(), locked=False)
        self.menu.about_to_open.connect(self._follow_in_menu)

    def start(self) -> None:
        """Check for a tray now, four times more soon, and then now and then for ten minutes.

        Call it again when a tray may have appeared.
        """
        if self._icon is None:
            self._checks_left = CHECKS + LATE_CHECKS
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
        entries = self._source.entries()
        self.menu.follow(entries, locked=self._locked)
        if self._icon is None:
            return
        state: TrayState = "locked" if self._locked else worst(state_for(entry.group) for entry in entries)
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
        """How many accounts are in which state, as the overview counts them. Never a secret (S99)."""
        return self._counted(entry.group for entry in entries) or self.tr("Keyrack")

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
            self._timer.start(self._check_ms * (1 if self._checks_left > LATE_CHECKS else SLOWER))
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
        self.appeared.emit()

    def _follow_in_menu(self) -> None:
        self.menu.follow(self._source.entries_now(), locked=self._locked)

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        """A left click shows the window. On macOS it opens the menu."""
        if reason == QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":
            self.open.emit()
