"""The window's keyboard shortcuts."""

from typing import Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.actions import Actions
from keyrack.ui.window.notice_bar import NoticeBar
from keyrack.ui.window.pages import Pages
from keyrack.ui.window.sidebar import Sidebar

translate = QCoreApplication.translate


class Places(Protocol):
    """The parts of the window's contents that the shortcuts act on."""

    quit_asked: SignalInstance
    pages: Pages
    sidebar: Sidebar
    notice: NoticeBar
    account_actions: Actions


class Shortcuts:
    """Ctrl+N, Ctrl+C, F5, Ctrl+F, Ctrl+H, Ctrl+L, Ctrl+W, Ctrl+Q, Esc, and Ctrl+PgUp/PgDn between accounts."""

    def __init__(self, contents: Places, owner: QWidget) -> None:
        self._contents = contents
        for keys, press in (
            ("Ctrl+N", contents.pages.add_account),
            ("Ctrl+C", self._copy),
            ("F5", contents.pages.refresh),
            ("Ctrl+F", self._find),
            ("Ctrl+H", self._hide_amounts),
            ("Ctrl+L", contents.account_actions.lock),
            ("Ctrl+W", lambda: owner.window().close()),
            ("Ctrl+Q", contents.quit_asked.emit),
            ("Esc", self._escape),
            ("Ctrl+PgDown", lambda: contents.sidebar.step(1)),
            ("Ctrl+PgUp", lambda: contents.sidebar.step(-1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), owner)
            shortcut.setObjectName(f"key:{keys}")
            shortcut.activated.connect(press)

    def _copy(self) -> None:
        """Copy the token. A text field or a selectable text handles Ctrl+C before."""
        pane = self._contents.pages.pane
        if pane is not None and pane.header.copy_token.isVisibleTo(pane):
            self._contents.account_actions.copy(pane.account)
        elif pane is not None and pane.header.sign_in.isVisibleTo(pane):
            self._contents.notice.show_notice("off", translate("Shortcuts", "Sign in first. Then Ctrl+C copies."))

    def _find(self) -> None:
        if self._contents.pages.pane is not None:
            self._contents.pages.pane.balances.start_finding()

    def _hide_amounts(self) -> None:
        self._contents.pages.hide_amounts(not self._contents.pages.private)

    def _escape(self) -> None:
        if self._contents.notice.isVisible():
            self._contents.notice.hide()
        else:
            self._contents.pages.escape()
