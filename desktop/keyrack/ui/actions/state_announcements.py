"""Has a screen reader say each change of an account's state once, and what else is only seen of an account."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QWidget

from keyrack.ui.actions.account_changes import AccountChanges
from keyrack.ui.screen_reader.announcement import announce
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.summary_text import summary

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.state import State
    from keyrack.core.rack import Rack

_NAMED = 3
# Between two states. A renewal comes by itself every few minutes.
_PASSING = ("opening", "refreshing")


class StateAnnouncements(QObject):
    """Follows all accounts. What changed in one turn is said in one sentence, up to three accounts by name.

    Without a screen reader it looks at no account. `begin` is called again and again, because Qt tells Python nothing
    when a screen reader comes. The states found then are not said.
    """

    def __init__(self, rack: "Rack", window: QWidget) -> None:
        super().__init__(window)
        self._rack = rack
        self._window = window
        self._known: dict[str, tuple[State, str]] = {}
        self._changes = AccountChanges(rack.accounts, self._changed, lambda _: self._is_followed())
        self.stop = self._changes.stop
        self.destroyed.connect(self.stop)

    def begin(self) -> None:
        """Look at all accounts if a screen reader has come."""
        if not self._known and QAccessible.isActive():
            self._news(tuple(self._rack.accounts))

    def tell(self, text: str) -> None:
        """Say a sentence."""
        announce(self._window, text)

    def _is_followed(self) -> bool:
        return bool(self._known) or QAccessible.isActive()

    def _changed(self, accounts: "Collection[Account]") -> None:
        if not QAccessible.isActive():
            self._known.clear()
        elif news := self._news(accounts):
            self._say(news)

    def _news(self, accounts: "Collection[Account]") -> "list[tuple[str, AccountView]]":
        """Those of the accounts that are in another state than before, each with its name."""
        news = []
        for account in accounts:
            if self._rack.accounts.find(account.id) is not account:
                self._known.pop(account.id, None)
                continue
            state, before = self._known.get(account.id, (None, ""))
            if state is account.state:  # figures come many times a second
                continue
            view = AccountView(account, self._rack.clock)
            if view.name in _PASSING:
                continue
            # What only comes nearer to its end is no change.
            now = view.name if view.name == "ready" else view.headline()
            self._known[account.id] = (account.state, now)
            if state is not None and before != now:
                news.append((account.settings.name, view))
        return news

    def _say(self, news: "list[tuple[str, AccountView]]") -> None:
        if len(news) > _NAMED:
            text = summary([AccountView(account, self._rack.clock) for account in self._rack.accounts])
        else:
            text = " ".join(f"{name}: {view.headline()}." for name, view in news)
        announce(self._window, text, urgent=any(view.needs_person for _, view in news))
