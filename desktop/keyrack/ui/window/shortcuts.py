"""The window's keyboard shortcuts."""

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.account_steps import can_copy, next_step
from keyrack.ui.actions.actions import Actions
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.window.notice_bar import NoticeBar
from keyrack.ui.window.pages import Pages
from keyrack.ui.window.sidebar import Sidebar

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account

translate = QCoreApplication.translate


class Places(Protocol):
    """The parts of the window's contents that the shortcuts act on."""

    quit_asked: SignalInstance
    pages: Pages
    sidebar: Sidebar
    notice: NoticeBar
    account_actions: Actions


class Shortcuts:
    """Ctrl+N, Ctrl+C, F5, Ctrl+F, Ctrl+H, Ctrl+L, Ctrl+W, Ctrl+Q, Esc, Ctrl+PgUp/PgDn, and Ctrl+Shift+Up/Down."""

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
            ("Ctrl+Shift+Up", lambda: self._move(-1)),
            ("Ctrl+Shift+Down", lambda: self._move(1)),
        ):
            shortcut = QShortcut(QKeySequence(keys), owner)
            shortcut.setObjectName(f"key:{keys}")
            shortcut.activated.connect(press)

    def _copy(self) -> None:
        """Copy the token. A text field or a selectable text handles Ctrl+C before."""
        account, actions = self._current(), self._contents.account_actions
        if account is None:
            if self._contents.pages.currentWidget() is self._contents.pages.overview:
                self._say(translate("Shortcuts", "Choose an account with the arrows or by Find. Then Ctrl+C copies."))
        elif can_copy(account, AccountView(account, actions.rack.clock)):
            actions.copy(account)
        elif next_step(view := AccountView(account, actions.rack.clock)) == "sign_in":
            self._say(translate("Shortcuts", "Sign in first. Then Ctrl+C copies."))
        else:
            text = translate("Shortcuts", "There is no token to copy: {state}.")
            self._say(text.format(state=view.headline()))

    def _find(self) -> None:
        pages = self._contents.pages
        if pages.pane is not None:
            pages.pane.balances.start_finding()
        elif pages.currentWidget() is pages.overview:
            pages.overview.head.start_finding()

    def _move(self, by: int) -> None:
        account = self._current()
        if account is not None:
            self._contents.account_actions.arranging.move(account, by)

    def _current(self) -> "Account | None":
        """The account that the focus is on, in the sidebar or on the overview, else the one whose pane is open."""
        pages = self._contents.pages
        found = self._contents.sidebar.current()
        if found is None and pages.currentWidget() is pages.overview:
            found = pages.overview.current()
        return found or (pages.pane.account if pages.pane is not None else None)

    def _say(self, text: str) -> None:
        self._contents.notice.show_notice("off", text)

    def _hide_amounts(self) -> None:
        self._contents.pages.hide_amounts(not self._contents.pages.private)

    def _escape(self) -> None:
        if self._contents.notice.isVisible():
            self._contents.notice.hide()
        else:
            self._contents.pages.escape()
