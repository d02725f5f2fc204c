"""Binds the table of keys to what each key does in the window."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, Qt, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from keyrack.core.rack import Rack
from keyrack.ui.actions.account_steps import can_copy, next_step
from keyrack.ui.actions.actions import Actions
from keyrack.ui.arrivals.arrivals import Arrivals
from keyrack.ui.keyboard.all_keys import Does, all_keys
from keyrack.ui.keyboard.escape_key import EscapeKey
from keyrack.ui.keyboard.menu_key import open_menu_by_key
from keyrack.ui.keyboard.window_parts import WindowPart, WindowParts
from keyrack.ui.safeguards.restart_bar import RestartBar
from keyrack.ui.safeguards.undo_bar import UndoBar
from keyrack.ui.selection.selection_bar import SelectionBar
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.window.lock_cover import LockCover
from keyrack.ui.window.notice_bar import NoticeBar
from keyrack.ui.window.pages import Pages
from keyrack.ui.window.program_pages import ProgramPages
from keyrack.ui.window.question_bar import QuestionBar
from keyrack.ui.window.sidebar import Sidebar

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account

translate = QCoreApplication.translate

_WHILE_LOCKED = ("next_part", "previous_part", "leave", "hide", "lock", "fill_screen", "close", "quit")


class Places(Protocol):
    """The parts of the window's contents that the shortcuts act on."""

    quit_asked: SignalInstance
    rack: Rack
    pages: Pages
    cover: LockCover
    sidebar: Sidebar
    notice: NoticeBar
    question: QuestionBar
    undo: UndoBar
    restart: RestartBar
    selected: SelectionBar
    program: ProgramPages
    account_actions: Actions
    arrivals: Arrivals

    def toggle_amounts(self) -> None:
        """Hide the amounts, or show them again."""
        ...


@runtime_checkable
class Finding(Protocol):
    """A page on which something can be found."""

    def start_finding(self) -> bool:
        """Go to the line for it. Returns False where there is nothing to find."""
        ...


class Shortcuts:
    """Makes a shortcut of each key that the window answers. A key that can do nothing now says why."""

    def __init__(self, contents: Places, owner: QWidget) -> None:
        self._contents = contents
        self._window = owner.window
        pages, sidebar = contents.pages, contents.sidebar
        # Qt holds only weakly what a bound method belongs to.
        self._escape = EscapeKey(pages, contents.notice, contents.selected, pages.escape, self._home)
        parts = _parts(contents)
        press: dict[Does, Callable[[], object]] = {
            "add": pages.add_account,
            "undo": self._undo,
            "find": self._find,
            "next": partial(sidebar.step, 1),
            "previous": partial(sidebar.step, -1),
            "move_up": partial(self._move, -1),
            "move_down": partial(self._move, 1),
            "next_part": partial(parts.go, 1),
            "previous_part": partial(parts.go, -1),
            "leave": self._escape.press,
            "select_all": self._select_all,
            "menu": open_menu_by_key,
            "remove": self._remove,
            "refresh": self._refresh,
            "copy": self._copy,
            "hide": contents.toggle_amounts,
            "paste": contents.arrivals.paste,
            "lock": contents.account_actions.lock,
            "fill_screen": self._fill_screen,
            **{which: partial(pages.toggle_over, which) for which in ("keys", "help", "activity", "diagnostics")},
            "preferences": contents.program.open_preferences,
            "close": lambda: owner.window().close(),
            "quit": contents.quit_asked.emit,
        }
        for key in all_keys():
            if key.does is None:
                continue
            for at, keys in enumerate(key.keys):
                shortcut = QShortcut(QKeySequence(keys), owner)
                shortcut.setObjectName(f"key:{keys}")
                does = partial(self._open, at) if key.does == "open" else press[key.does]
                shortcut.activated.connect(does if key.does in _WHILE_LOCKED else partial(self._unlocked, does))

    def _unlocked(self, does: Callable[[], object]) -> None:
        if self._contents.rack.lock.locked:
            self._say(translate("Shortcuts", "Unlock first."))
        else:
            does()

    def _home(self) -> None:
        if self._contents.pages.pane is not None:
            self._contents.pages.show_overview()

    def _say(self, text: str) -> None:
        self._contents.notice.show_notice("off", text)

    def _copy(self) -> None:
        """Copy the token. A text field or a selectable text handles Ctrl+C before."""
        account, actions = self._current(), self._contents.account_actions
        if account is None and self._contents.pages.currentWidget() is self._contents.pages.overview:
            self._say(translate("Shortcuts", "Choose an account with the arrows or by Find. Then Ctrl+C copies."))
        elif account is None:
            self._say(translate("Shortcuts", "Open an account first. Then Ctrl+C copies its token."))
        elif can_copy(account, view := AccountView(account, actions.rack.clock)):
            actions.copy(account)
        elif next_step(view) == "sign_in":
            self._say(translate("Shortcuts", "Sign in first. Then Ctrl+C copies."))
        else:
            self._say(translate("Shortcuts", "There is no token to copy: {state}.").format(state=view.headline()))

    def _move(self, by: int) -> None:
        account = self._current()
        if account is None:
            self._say(translate("Shortcuts", "Choose an account with the arrows first. Then it can be moved."))
        else:
            self._contents.account_actions.arranging.move(account, by)

    def _current(self) -> "Account | None":
        """The account that the focus is on, in the sidebar or on the overview, else the one whose pane is open."""
        pages = self._contents.pages
        found = self._contents.sidebar.current()
        if found is None and pages.currentWidget() is pages.overview:
            found = pages.overview.current()
        return found or (pages.pane.account if pages.pane is not None else None)

    def _select_all(self) -> None:
        """Select what is shown on the overview, or in the sidebar. A text field selects its text before."""
        pages, selection = self._contents.pages, self._contents.account_actions.selection
        if self._contents.sidebar.current() is not None:
            selection.choose(self._contents.rack.arrangement.ids())
        elif pages.currentWidget() is pages.overview:
            selection.choose(pages.overview.grid.ids)
        else:
            self._say(translate("Shortcuts", "Go to the overview or the list of accounts first. Then Ctrl+A selects."))

    def _remove(self) -> None:
        """Ask whether to remove what is selected, else the account. A text field deletes a letter before."""
        account, selection = self._current(), self._contents.account_actions.selection
        if len(selection):
            selection.ask("remove")
        elif account is not None:
            self._contents.pages.begin(account.id, "remove")
        else:
            self._say(translate("Shortcuts", "Choose an account first. Then Del removes it, after a question."))

    def _refresh(self) -> None:
        pages, actions = self._contents.pages, self._contents.account_actions
        selected = actions.selection.accounts()
        if selected:
            for account in selected:
                actions.refresh(account)
        elif pages.pane is not None and pages.pane.header.sign_in.isVisibleTo(pages.pane):
            self._say(translate("Shortcuts", "Sign in first. Then F5 renews."))
        elif pages.pane is not None:
            actions.refresh(pages.pane.account)
        elif pages.currentWidget() is pages.overview:
            actions.refresh_all()
        else:
            self._say(translate("Shortcuts", "F5 renews an open account, on the overview all of them."))

    def _find(self) -> None:
        page: object = self._contents.pages.currentWidget()
        if not isinstance(page, Finding):
            self._say(translate("Shortcuts", "Open the overview or an account first. Then Ctrl+F finds."))
        elif not page.start_finding():
            self._say(translate("Shortcuts", "There is nothing to find: all there is can be seen here."))

    def _undo(self) -> None:
        """Undo the last removal. A text field undoes its own changes before."""
        if not self._contents.undo.undo_last():
            self._say(translate("Shortcuts", "There is no removal to undo."))

    def _open(self, at: int) -> None:
        ids = self._contents.sidebar.list.ids
        if at < len(ids):
            self._contents.sidebar.chosen.emit(ids[at])
        else:
            self._say(translate("Shortcuts", "The list has no account with the number {n}.").format(n=at + 1))

    def _fill_screen(self) -> None:
        window = self._window()
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)


def _parts(contents: Places) -> WindowParts:
    """The parts that F6 goes round in."""

    def sidebar() -> QWidget | None:
        return None if contents.rack.lock.locked else contents.sidebar.first_focus()

    return WindowParts(
        (
            WindowPart(contents.sidebar, sidebar),
            WindowPart(contents.cover, contents.cover.first_focus),
            WindowPart(contents.selected, contents.selected.first_focus),
            WindowPart(contents.question, lambda: contents.question.card),
            WindowPart(contents.undo, contents.undo.first_focus),
            WindowPart(contents.restart, contents.restart.first_focus),
            WindowPart(contents.notice, contents.notice.first_focus),
        )
    )
