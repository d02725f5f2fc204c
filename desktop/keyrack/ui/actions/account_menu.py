"""The menu of an account on the overview and in the sidebar."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from keyrack.core.accounts.state import Active
from keyrack.ui.actions.account_steps import Step, can_copy, is_keyed, next_step, step_words, take_step
from keyrack.ui.parts.entry_menu import EntryMenu
from keyrack.ui.text.state_text import AccountView

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


_WITHOUT_ICON = ("open", "select", "up", "down")


class AccountMenu(EntryMenu):
    """What is possible now. `go` opens the account's pane, with a step or a form there, or with "" for none."""

    def __init__(
        self, account: "Account", actions: "Actions", go: Callable[[str, str], object], parent: QWidget
    ) -> None:
        super().__init__("account_menu", parent)
        self._account = account
        self._actions = actions
        self._go = go
        self._fill()

    def _fill(self) -> None:
        account, actions, arrangement = self._account, self._actions, self._actions.rack.arrangement
        view = AccountView(account, actions.rack.clock)
        signed_in, step = isinstance(account.state, Active), next_step(view)
        self._add("open", self.tr("Open"), lambda: self._open(""))
        keyed = is_keyed(account, actions.rack)
        words = self.tr("Copy public key") if keyed else self.tr("Copy token")
        self._add("copy", words, lambda: actions.copy(account), "Ctrl+C", can_copy(account, view))
        self._add("refresh", self.tr("Refresh now"), lambda: actions.refresh(account), possible=signed_in)
        if step and step != "refresh":
            self._add("sign-in", step_words(step), lambda: self._take(step))
        elif signed_in and not keyed:
            self._add("sign-out", self.tr("Sign out"), lambda: actions.sign_out(account))
        self.addSeparator()
        selection = actions.selection
        words = self.tr("Select no more") if account.id in selection else self.tr("Select")
        self._add("select", words, lambda: selection.toggle(account.id), "Ctrl+Space")
        pinned = arrangement.is_pinned(account)
        words = self.tr("Unpin") if pinned else self.tr("Pin")
        self._add("pin", words, lambda: actions.arranging.pin(account, pinned=not pinned))
        for name, words, keys, by in (
            ("up", self.tr("Move up"), "Ctrl+Shift+Up", -1),
            ("down", self.tr("Move down"), "Ctrl+Shift+Down", 1),
        ):
            move = lambda by=by: actions.arranging.move(account, by)  # noqa: E731
            self._add(name, words, move, keys, arrangement.can_move(account, by))
        self.addSeparator()
        self._add("edit", self.tr("Rename"), lambda: self._open("rename"))
        self._add("trash", self.tr("Remove…"), lambda: self._open("remove"))

    def _take(self, step: Step) -> None:
        if not take_step(step, self._account, self._actions):
            self._open(step)

    def _open(self, what: str) -> None:
        self._go(self._account.id, what)

    def _add(self, name: str, text: str, do: Callable[[], object], keys: str = "", possible: bool = True) -> None:
        picture = "" if name in _WITHOUT_ICON else name
        self.add(name, text, do, keys=keys, picture=picture, possible=possible)
