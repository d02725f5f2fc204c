"""The tray's menu. Its entries are renamed while a panel may be reading them, and never replaced then.

lxqt-panel 1.2.1 does not open a menu that is filled anew when it is about to show, and xfce4-panel and mate-panel show
it at the height of the old one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QTimer, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

_HAS_TOKEN = ("ready", "refreshing", "retrying", "unsaved")
_CAN_SIGN_IN = ("ready", "retrying", "unsaved", "needs_login", "refreshing")
# Not every panel says that a menu was closed.
_OPEN_FOR_MS = 20_000


@dataclass(frozen=True, slots=True)
class TrayEntry:
    """One account in the menu. `status` is a status of `status --json`, `left` the time left as text or "".

    `needs` marks one that needs its person, `offline` one whose sign-in waits for the network.
    """

    id: str
    name: str
    status: str
    left: str
    needs: bool = False
    offline: bool = False


class TrayVerbs(Protocol):
    """What the menu's entries do. The signals of an account carry its id."""

    copy: SignalInstance
    refresh: SignalInstance
    sign_in: SignalInstance
    refresh_all: SignalInstance
    open: SignalInstance
    lock_pressed: SignalInstance
    quit: SignalInstance


@dataclass(frozen=True, slots=True)
class _AccountActions:
    """The submenu of one account."""

    menu: QMenu
    copy: QAction
    refresh: QAction
    sign_in: QAction

    def show(self, entry: TrayEntry, *, locked: bool) -> None:
        """Name it and offer what can be done now."""
        title = f"{entry.name} · {entry.left}" if entry.left else entry.name
        self.menu.setTitle(title.replace("&", "&&"))
        has_token = entry.status in _HAS_TOKEN and not locked
        self.copy.setEnabled(has_token)
        self.refresh.setEnabled(has_token)
        self.sign_in.setEnabled(entry.status in _CAN_SIGN_IN and not locked)


class TrayMenu(QMenu):
    """A submenu for each account, and the verbs for all. `about_to_open` asks for `follow` with the newest entries."""

    about_to_open = Signal()

    def __init__(self, verbs: TrayVerbs) -> None:
        super().__init__()
        self._verbs = verbs
        self._locked = False
        self._entries: Sequence[TrayEntry] = ()
        self._followed: object = None
        self._accounts: dict[str, _AccountActions] = {}
        self._open = QTimer(self)
        self._open.setSingleShot(True)
        self._open.setInterval(_OPEN_FOR_MS)
        self._open.timeout.connect(self._closed)
        self._above = self.addSeparator()
        self._refresh_all = self._add(self, self.tr("Refresh all"), verbs.refresh_all.emit)
        self.addSeparator()
        self._lock = self._add(self, self.tr("Lock"), self._lock_or_unlock)
        self._add(self, self.tr("Open Keyrack"), verbs.open.emit)
        self._add(self, self.tr("Quit"), verbs.quit.emit)
        self.aboutToShow.connect(self._opening)
        self.aboutToHide.connect(self._closed)

    def follow(self, entries: Sequence[TrayEntry], *, locked: bool) -> None:
        """Show these accounts. Another list of accounts waits until the menu is closed.

        The times left are renewed only in a menu that is open, because a panel is told of each new title by D-Bus.
        """
        shown = ([(entry.id, entry.name, entry.status) for entry in entries], locked)
        if shown == self._followed and not self._is_open():
            return
        self._followed = shown
        self._entries, self._locked = entries, locked
        if [entry.id for entry in entries] != list(self._accounts) and not self._is_open():
            self._replace_accounts()
        self._refresh_all.setEnabled(not locked)
        self._lock.setText(self.tr("Unlock…") if locked else self.tr("Lock"))
        for entry in entries:
            if entry.id in self._accounts:
                self._accounts[entry.id].show(entry, locked=locked)

    def _is_open(self) -> bool:
        return self.isVisible() or self._open.isActive()

    def _opening(self) -> None:
        self._open.start()
        self.about_to_open.emit()

    def _closed(self) -> None:
        """Take in what changed meanwhile, in the next round of the loop: the pressed entry is still at work."""
        self._open.stop()
        QTimer.singleShot(0, self, self._take_in)

    def _take_in(self) -> None:
        self._followed = None
        self.follow(self._entries, locked=self._locked)

    def _replace_accounts(self) -> None:
        for account in self._accounts.values():
            self.removeAction(account.menu.menuAction())
            account.menu.deleteLater()
        self._accounts = {entry.id: self._account(entry.id) for entry in self._entries}

    def _account(self, id: str) -> _AccountActions:
        verbs, menu = self._verbs, QMenu(self)
        self.insertMenu(self._above, menu)
        return _AccountActions(
            menu,
            self._add(menu, self.tr("Copy token"), lambda: verbs.copy.emit(id)),
            self._add(menu, self.tr("Refresh now"), lambda: verbs.refresh.emit(id)),
            self._add(menu, self.tr("Sign in again"), lambda: verbs.sign_in.emit(id)),
        )

    def _add(self, menu: QMenu, text: str, do: Callable[[], object]) -> QAction:
        action = menu.addAction(text)
        action.triggered.connect(lambda _checked=False: self._chosen(do))
        return action

    def _chosen(self, do: Callable[[], object]) -> None:
        """A choice closes the menu, of which xfce4-panel says nothing."""
        self._closed()
        do()

    def _lock_or_unlock(self) -> None:
        (self._verbs.open if self._locked else self._verbs.lock_pressed).emit()
