"""Everything about one account: head, sign-in, balances, activity."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.ui.account.activity_card import ActivityCard
from keyrack.ui.account.begun_forms import BegunForms
from keyrack.ui.account.inline_forms import InlineForm, inline_for
from keyrack.ui.account.pane_columns import PaneColumns
from keyrack.ui.account.pane_header import PaneHeader
from keyrack.ui.account.scripts_card import ScriptsCard
from keyrack.ui.balances.balances_card import BalancesCard
from keyrack.ui.keyboard.tab_order import tab_through
from keyrack.ui.sign_in.sign_in_panel import SignInPanel
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, GAP_S, MARGIN
from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.scroll_page import HeadedPage, ScrollPage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

# Below this height large text leaves next to nothing to the page under its head.
_HIGH_FROM = 320


class AccountPane(HeadedPage):
    """One account's pane. It follows the account until `leave`, or until it takes another.

    `add_requested` carries the id of a provider of which the person wants an account instead of this one.
    """

    add_requested = Signal(str)

    def __init__(
        self, account: "Account", actions: "Actions", parent: QWidget | None = None, *, private: bool = False
    ) -> None:
        super().__init__(parent)
        self.account = account
        self._actions = actions
        self._provider = actions.rack.provider_of(account.settings)
        self.forms = BegunForms(self._new_form, self._give_way)
        self.setProperty("role", "page")
        self.header = PaneHeader(account, actions, self)
        self.page = ScrollPage(MARGIN, MARGIN, self)
        self.columns = PaneColumns(self.page)
        self.page.column.addWidget(self.columns, 1)
        self.panel = SignInPanel(account, actions, self.columns.place)
        # Made outside: in a place that has no room yet its head would turn, and stay so.
        self.balances = BalancesCard(account, actions.rack, actions.courses)
        self.activity = ActivityCard(account, self.columns.place)
        self._arrange()
        self.header.form_requested.connect(self.open_form)
        self.panel.form_requested.connect(self.open_form)
        self.panel.add_requested.connect(self.add_requested)
        self.header.sign_in_pressed.connect(self.panel.sign_in)
        self.leave = account.changed.connect(self.refresh)
        # A window that is made anew deletes its old pane without leaving it, and the account lives on.
        self.destroyed.connect(lambda: self.leave())  # noqa: PLW0108 - `take` gives it another one
        self.hide_amounts(private)
        self.refresh()

    def can_take(self, account: "Account") -> bool:
        """Whether another account looks the same but for its texts and figures, and nothing is open or entered here."""
        same, other = self.account.settings, account.settings
        provider = self._actions.rack.provider_of(other)
        alike = (same.region, same.flow) == (other.region, other.flow) and provider is self._provider
        return alike and self.forms.none and self.panel.can_take(account)

    def take(self, account: "Account") -> None:
        """Show another account, which `can_take` has allowed, as a new pane would. Making one takes far longer."""
        self.leave()
        self.account = account
        for part in (self.header, self.panel, self.balances, self.activity):
            part.take(account)
        self.leave = account.changed.connect(self.refresh)
        self.refresh()
        self.page.verticalScrollBar().setValue(0)

    def _arrange(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._head = QVBoxLayout()
        self._head.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_L)
        self._head.addWidget(self.header)
        outer.addLayout(self._head)
        outer.addWidget(self.page, 1)
        self.columns.hold(self.panel, self.balances, self.activity)
        self.page.column.setSpacing(GAP_L)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room, as far as a table can be read across."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Keep the cards in the middle, in one or two columns."""
        used = self.columns.fit(self.width() - 2 * MARGIN)
        side = max(MARGIN, (self.width() - used) // 2)
        high = self.height() >= theme().px(_HIGH_FROM)
        self._head.setContentsMargins(side, MARGIN if high else GAP_S, side, GAP_L if high else GAP_S)
        self.page.set_margin(side)

    def refresh(self) -> None:
        """Show the account as it is now."""
        view = AccountView(self.account, self._actions.rack.clock)
        self.header.refresh(view)
        self.panel.refresh(view)
        self.balances.setVisible(self.account.balances is not None or view.name in ("ready", "refreshing"))
        self.balances.refresh()
        self.activity.refresh()
        self._fit()
        if self.forms.shown is not None:
            self.forms.shown.refresh()
        self._order()
        if self.hasFocus():
            self.first_focus().setFocus()

    def _order(self) -> None:
        """Have Tab go as the eye does. Cards and forms are made late, and the balances change their place."""
        form = () if self.forms.shown is None else (self.forms.shown,)
        tab_through((self.header, *form, self.panel, self.balances, self.activity))

    def first_focus(self) -> QWidget:
        """The open form, what the sign-in waits for, or the main button of the state.

        The pane itself where there is none, as while Keyrack asks for the token: the next Enter must not cancel.
        """
        if self.forms.shown is not None:
            return self.forms.shown.first_focus()
        return self.panel.first_focus() or self.header.first_focus() or self

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with the figures that came while it was not seen."""
        super().showEvent(event)
        self.balances.tick()

    def tick(self) -> None:
        """Show the same account a second later."""
        view = AccountView(self.account, self._actions.rack.clock)
        self.header.tick(view)
        self.panel.tick(view)
        self.balances.tick()

    def hide_amounts(self, private: bool) -> None:
        """Privacy mode."""
        self.balances.hide_amounts(private)

    def open_form(self, what: str) -> None:
        """Open the form "rename", "edit", "scripts", "delete_key" or "remove" above the rest, as it was left."""
        form = self.forms.open(what)
        self._give_way()
        self.page.column.insertWidget(0, form)
        self._order()
        form.show()  # a layout would show it later, too late for the focus
        self.page.verticalScrollBar().setValue(0)
        form.first_focus().setFocus()

    def _new_form(self, what: str) -> InlineForm:
        account, actions = self.account, self._actions
        return ScriptsCard(account, actions) if what == "scripts" else inline_for(what, account, actions)

    def _give_way(self) -> None:
        self.header.hide_main_button(hidden=self.has_form)
        self.panel.problem.give_way(to_form=self.has_form)

    def close_form(self) -> None:
        """Close the open form, if there is one, and drop what was entered."""
        self.forms.close()

    @property
    def has_form(self) -> bool:
        """Whether a form is open, which may be empty yet."""
        return self.forms.shown is not None

    @property
    def unfinished(self) -> bool:
        """Whether a form that was begun, or a step of the sign-in, holds something entered."""
        return self.forms.unfinished or self.panel.unfinished

    def escape(self) -> bool:
        """Leave the open form. Returns whether there was one. A sign-in goes on without its page."""
        left = self.forms.leave()
        if left:
            self._give_way()
        return left

    def start_finding(self) -> bool:
        """Go to the line that finds an asset. Returns False where there is none."""
        return self.balances.start_finding()
