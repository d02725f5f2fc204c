"""The part of a pane that shows the sign-in: the token, a problem, or the current step."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.accounts.state import Active, Closed
from keyrack.primitives.secret import Secret
from keyrack.providers.announced_end import announced_end
from keyrack.providers.schema import ENTERED_FLOWS
from keyrack.ui.parts.callout import Callout, split_warning
from keyrack.ui.sign_in.browser_card import BrowserCard
from keyrack.ui.sign_in.device_card import DeviceCard
from keyrack.ui.sign_in.info_line import InfoLine
from keyrack.ui.sign_in.problem_card import CONNECTION, SHOWN_FOR, ProblemCard
from keyrack.ui.sign_in.public_key_card import PublicKeyCard
from keyrack.ui.sign_in.token_card import TokenCard
from keyrack.ui.sign_in.user_code_entry import RefreshTokenEntry, UserCodeEntry
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.metrics import GAP_L, GAP_S

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


class SignInPanel(QWidget):
    """One account's sign-in.

    `form_requested` carries "edit" or "remove" when the person chose so, `add_requested` the id of the provider that
    replaces one whose service has ended.
    """

    form_requested = Signal(str)
    add_requested = Signal(str)

    def __init__(self, account: "Account", actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._actions = actions
        provider = actions.rack.provider_of(account.settings)
        self._provider = provider
        successor = actions.rack.catalog.get(provider.successor)
        self._successor = successor.id if successor is not None else ""
        self.announced_end = Callout(name="announced_end")
        self.problem = ProblemCard(self._run_action, successor=successor.name if successor is not None else "")
        self.browser = BrowserCard(account, provider.company_name, actions)
        self.device = DeviceCard(account, provider.company_name, actions)
        self.key = PublicKeyCard(account, actions)
        self.token = TokenCard(account, provider)
        self.info = InfoLine(provider, account.settings.region, account.settings.flow)
        self.user_code = self._user_code_entry()
        self._flow = provider.flows[account.settings.flow]
        self.opt_in = Callout(*split_warning(self._flow.warning))
        self.problem.extra.addWidget(self.opt_in)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        for part in (self.announced_end, self.problem, self.browser, self.device, self.key):
            column.addWidget(part)
        below = QVBoxLayout()
        below.setSpacing(GAP_S)
        below.addWidget(self.token)
        below.addWidget(self.info)
        column.addLayout(below)

    def _user_code_entry(self) -> UserCodeEntry | None:
        settings, actions = self._account.settings, self._actions
        if settings.flow not in ENTERED_FLOWS:
            return None
        provider, token = actions.rack.provider_of(settings), settings.flow == "refresh_token"
        url = provider.flows[settings.flow].credentials_url
        page = url if token else provider.regions[settings.region].user_code_page
        kind: type[UserCodeEntry] = RefreshTokenEntry if token else UserCodeEntry
        entry = kind(provider.company_name, lambda: actions.open_page(page))
        entry.page.setVisible(bool(page))
        entry.submitted.connect(self._submitted)
        self.problem.extra.addWidget(entry)
        return entry

    def sign_in(self) -> None:
        """Begin a sign-in, with the entered code where the flow needs one."""
        if self.user_code is not None:
            self.user_code.submit()
        else:
            self._actions.sign_in(self._account)

    def _submitted(self, code: Secret) -> None:
        self._actions.sign_in(self._account, code)

    def refresh(self, view: AccountView) -> None:
        """Show another state."""
        active = isinstance(self._account.state, Active)
        announced = announced_end(self._provider, self._actions.rack.clock)
        self.announced_end.say(announced if view.name != "closed" else "")
        waits = bool(view.step) and view.step not in ("exchanging", "device", "public_key", "network")
        self.token.setVisible(active)
        self.info.setVisible(active and bool(self.info.text.text()))
        self.browser.setVisible(waits)
        self.device.setVisible(view.step == "device")
        self.key.setVisible(view.step == "public_key")
        self.key.refresh(view)
        self.problem.setVisible(view.name in SHOWN_FOR or view.step in ("exchanging", "network"))
        keyed = self._flow.credential == "key"
        self.opt_in.setVisible(keyed and view.name == "needs_login" and bool(self._flow.warning))
        if self.user_code is not None:
            self.user_code.setVisible(view.name == "needs_login" and not view.status.left_alone)
        if active:
            self.token.refresh(view)
        self.browser.refresh(view)
        self.device.refresh(view)
        self.problem.refresh(view)
        self.tick(view)

    def first_focus(self) -> QWidget | None:
        """What the sign-in waits for. None where it waits for nothing."""
        if self.user_code is not None and not self.user_code.isHidden():
            return self.user_code.edit
        for card in (self.key, self.device, self.browser):
            if not card.isHidden():
                return card.first_focus()
        return None

    def tick(self, view: AccountView) -> None:
        """Show the same state a second later."""
        for card in (self.problem, self.browser, self.device, self.key, self.token):
            if not card.isHidden():
                card.tick(view)

    @property
    def _ended(self) -> bool:
        state = self._account.state
        return isinstance(state, Closed) and state.why is not None

    def _run_action(self, name: str) -> None:
        """Run the problem card's action for the state in which it was offered."""
        if name == CONNECTION:
            self._actions.connection_asked.emit()
        elif name == "retrying":
            self._actions.refresh(self._account)
        elif name == "keyring_unavailable":
            self._actions.use_memory()
        elif self._ended and self._successor:
            self.add_requested.emit(self._successor)
        else:
            self.form_requested.emit("remove" if name == "closed" else "edit")
