"""The part of a pane that shows the sign-in: the token, a problem, or the current step."""

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.accounts.state import Active, Closed
from keyrack.language.translation import translated
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
from keyrack.ui.widgets.fields import holds_input

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

Made = TypeVar("Made", bound=QWidget)
# The parts from above.
_ORDER = ("announced_end", "store_away", "problem", "browser", "device", "key")


class SignInPanel(QWidget):
    """One account's sign-in. Its cards are made when they are first shown: most sign-ins never need most of them.

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
        self.store_away = Callout(name="store_away")
        self.problem = ProblemCard(self._run_action, successor=successor.name if successor is not None else "")
        self.info = InfoLine(provider, account.settings.region, account.settings.flow)
        self.info.hide()
        self.user_code = self._user_code_entry()
        self._flow = provider.flows[account.settings.flow]
        self.opt_in = Callout(*split_warning(translated(self._flow.warning)))
        self.problem.extra.addWidget(self.opt_in)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_L)
        self._column.addWidget(self.announced_end)
        self._column.addWidget(self.store_away)
        self._column.addWidget(self.problem)
        self._below = QVBoxLayout()
        self._below.setSpacing(GAP_S)
        self._below.addWidget(self.info)
        self._column.addLayout(self._below)

    @cached_property
    def browser(self) -> BrowserCard:
        """The steps in the browser."""
        return self._placed("browser", BrowserCard(self._account, self._provider.company_name, self._actions))

    @cached_property
    def device(self) -> DeviceCard:
        """The code for another device."""
        return self._placed("device", DeviceCard(self._account, self._provider.company_name, self._actions))

    @cached_property
    def key(self) -> PublicKeyCard:
        """The public key to register."""
        return self._placed("key", PublicKeyCard(self._account, self._actions))

    @cached_property
    def token(self) -> TokenCard:
        """The token and how long it lives."""
        card = TokenCard(self._account, self._provider)
        card.hide()
        self._below.insertWidget(0, card)
        return card

    def _placed(self, name: str, card: Made) -> Made:
        above = _ORDER[: _ORDER.index(name)]
        card.hide()
        self._column.insertWidget(sum(other in vars(self) for other in above), card)
        return card

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

    def can_take(self, account: "Account") -> bool:
        """Whether nothing is here that was made or entered for one account alone, and the same card is needed."""
        made = vars(self)
        steps = any(name in made for name in ("browser", "device", "key"))
        return not steps and self.user_code is None and ("token" in made) == isinstance(account.state, Active)

    def take(self, account: "Account") -> None:
        """Follow another account of the same provider, site and way to sign in."""
        self._account = account
        self.problem.forget()
        for callout in (self.announced_end, self.opt_in):
            callout.fold()
        if "token" in vars(self):
            self.token.take(account)

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
        self._show("token", visible=active, view=view if active else None)
        self.info.setVisible(active and bool(self.info.text.text()))
        self._show("browser", visible=waits, view=view)
        self._show("device", visible=view.step == "device", view=view)
        self._show("key", visible=view.step == "public_key", view=view)
        self.problem.setVisible(view.name in SHOWN_FOR or view.step in ("exchanging", "network"))
        keyed = self._flow.credential == "key"
        self.opt_in.setVisible(keyed and view.name == "needs_login" and bool(self._flow.warning))
        if self.user_code is not None:
            self.user_code.setVisible(view.name == "needs_login" and not view.status.left_alone)
        if not self.problem.isHidden():  # a screen reader hears the seconds of a hidden one too
            self.problem.refresh(view)
        self._say_what_keeps_the_store_away(view)
        self.tick(view)

    def _say_what_keeps_the_store_away(self, view: AccountView) -> None:
        """Unless the account's own trouble is the same, which the problem card shows."""
        away = view.status.shared.away if view.status.shared is not None else None
        told = away is None or (not self.problem.isHidden() and view.status.happened == away.happened)
        self.store_away.say("" if away is None or told else away.sentences())

    def _show(self, name: str, *, visible: bool, view: AccountView | None) -> None:
        """Show or hide a card, and give it this state. It is not made to be hidden."""
        if visible or name in vars(self):
            card = getattr(self, name)
            card.setVisible(visible)
            if view is not None:
                card.refresh(view)

    def first_focus(self) -> QWidget | None:
        """What the sign-in waits for, or what mends it. None where there is neither."""
        if self.user_code is not None and not self.user_code.isHidden():
            return self.user_code.edit
        for name in ("key", "device", "browser"):
            card: BrowserCard | DeviceCard | PublicKeyCard | None = vars(self).get(name)
            if card is not None and not card.isHidden():
                return card.first_focus()
        return self.problem.first_focus() if not self.problem.isHidden() else None

    @property
    def unfinished(self) -> bool:
        """Whether a step that is shown holds something entered."""
        steps = (self.user_code, vars(self).get("browser"))
        return any(step is not None and not step.isHidden() and holds_input(step) for step in steps)

    def tick(self, view: AccountView) -> None:
        """Show the same state a second later."""
        for name in (*_ORDER[2:], "token"):
            card = vars(self).get(name)
            if card is not None and not card.isHidden():
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
