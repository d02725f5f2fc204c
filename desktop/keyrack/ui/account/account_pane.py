"""Everything about one account: head, sign-in, balances, activity."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.account.activity_card import ActivityCard
from keyrack.ui.account.inline_forms import InlineForm, inline_for
from keyrack.ui.account.pane_header import PaneHeader
from keyrack.ui.account.scripts_card import ScriptsCard
from keyrack.ui.balances.balances_card import BalancesCard
from keyrack.ui.sign_in.sign_in_panel import SignInPanel
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, MARGIN
from keyrack.ui.widgets.scroll_page import ScrollPage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


class AccountPane(QWidget):
    """One account's pane; it follows the account until `leave`."""

    def __init__(self, account: "Account", actions: "Actions", *, private: bool = False) -> None:
        super().__init__()
        self.account = account
        self._actions = actions
        self.header = PaneHeader(account, actions)
        self.body = SignInPanel(account, actions)
        self.balances = BalancesCard(account, actions.rack)
        self.activity = ActivityCard(account)
        self._inline: InlineForm | None = None
        self.setProperty("role", "page")
        self._arrange()
        self.header.asked.connect(self.ask)
        self.body.asked.connect(self.ask)
        self.header.sign_in_pressed.connect(self.body.sign_in)
        self.leave = account.changed.connect(self.refresh)
        self.hide_amounts(private)
        self.refresh()

    def _arrange(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        head.addWidget(self.header)
        outer.addLayout(head)
        self.page = ScrollPage(MARGIN, MARGIN)
        outer.addWidget(self.page, 1)
        column = self.page.column
        column.setSpacing(GAP_L)
        for widget in (self.body, self.balances, self.activity):
            column.addWidget(widget)
        column.addStretch(1)

    def refresh(self) -> None:
        """Show the account as it is now."""
        view = AccountView(self.account, self._actions.rack.clock)
        self.header.refresh(view)
        self.body.refresh(view)
        self.balances.setVisible(self.account.balances is not None or view.name in ("ready", "refreshing"))
        self.balances.refresh()
        self.activity.refresh()
        if self._inline is not None:
            self._inline.refresh()

    def tick(self) -> None:
        """Show the same a second later."""
        self.body.tick(AccountView(self.account, self._actions.rack.clock))
        self.balances.tick()

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self.balances.hide_amounts(private)

    def ask(self, what: str) -> None:
        """Open the card for "rename", "edit", "scripts", "delete_key" or "remove"."""
        self.stop_asking()
        account, actions = self.account, self._actions
        self._inline = ScriptsCard(account, actions) if what == "scripts" else inline_for(what, account, actions)
        self._inline.closed.connect(self.stop_asking)
        self.header.keep_quiet(quiet=True)
        self.page.column.insertWidget(0, self._inline)
        self.page.verticalScrollBar().setValue(0)
        self._inline.setFocus()

    def stop_asking(self) -> bool:
        """Close that card; whether one was open."""
        card, self._inline = self._inline, None
        if card is not None:
            card.setParent(None)
            card.deleteLater()
            self.header.keep_quiet(quiet=False)
        return card is not None

    def escape(self) -> None:
        """Close what is open, else cancel the sign-in."""
        if not self.stop_asking() and self.header.cancel.isVisibleTo(self.header):
            self._actions.cancel(self.account)
