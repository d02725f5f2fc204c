"""The choice of how Keyrack connects, which is tried before it is kept (S52)."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.connection.proxy_setting import ProxyChoice, choice_of
from keyrack.net.network_errors import NetworkFailure
from keyrack.net.proxy.proxies import NONE, SYSTEM
from keyrack.net.proxy.proxy_address import BadProxy, holds_login, login_of, parse
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.ui.connection.proxy_fields import ProxyFields
from keyrack.ui.connection.way_choice import OWN, WayChoice
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.theme.metrics import GAP_L, GAP_S, GRID
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import Card, Text, Tone, set_text
from keyrack.ui.widgets.fields import EnterKey, holds_input
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.ui.actions.actions import Actions

_KEY = "connection"
_SHOWN = "connection_shown"


class ConnectionForm(QWidget):
    """What is in force, the three ways, the login for a proxy, and what came of the last try.

    A way is kept only after a connection over it, or when the person insists. `leave` is called before it is deleted.
    """

    def __init__(self, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._proxy = actions.rack.proxy
        self._left = False
        self.now = Text(wrap=True)
        self.now.setObjectName("connection_now")
        chosen = self._proxy.chosen
        self.way = WayChoice(chosen if chosen in (NONE, SYSTEM) else OWN)
        self.fields = ProxyFields(actions.rack.vault_name)
        self.keyring = QWidget()  # it has nothing to say about a way without a login
        only = QVBoxLayout(self.keyring)
        only.setContentsMargins(0, 0, 0, 0)
        only.addWidget(KeyringNotice(actions))
        self.result = Text(role="caption", wrap=True)
        self.result.setObjectName("connection_result")
        self.result.hide()
        self.use = PrimaryButton(self.tr("Use this way"))
        self.attempt = PlainButton(self.tr("Try it"))
        self.insist = PlainButton(self.tr("Use it all the same"))
        self._arrange()
        self._connect()
        if self.way.chosen == OWN:
            self.fields.address.edit.setText(chosen)
        self._changed()
        self._show_in_force()

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_L)
        in_force = Card()
        in_force.body.setSpacing(GRID)
        in_force.body.addWidget(Text(self.tr("In force now"), "caption"))
        in_force.body.addWidget(self.now)
        column.addWidget(in_force)
        card = Card()
        card.body.setSpacing(GAP_S)
        card.body.addWidget(self.way)
        card.body.addWidget(self.fields)
        card.body.addWidget(self.keyring)
        card.body.addWidget(self.result)
        for name, button in (("use", self.use), ("try", self.attempt), ("insist", self.insist)):
            button.setObjectName(f"connection_{name}")
        card.body.addSpacing(GRID)
        card.body.addLayout(button_row(self.use, self.attempt, self.insist))
        column.addWidget(card)
        about = self.tr(
            "This holds for tokens, figures, prices and live streams. A proxy sees the providers' names and nothing of "
            "what is said. This computer itself is never asked through a proxy."
        )
        column.addWidget(Text(about, "caption", wrap=True))

    def _connect(self) -> None:
        self.way.changed.connect(self._changed)
        self.fields.edited.connect(self._changed)
        EnterKey(self, self._use)
        self.fields.address_entered.connect(self._take_apart)
        self.use.clicked.connect(self._use)
        self.attempt.clicked.connect(lambda: self._start(self._try))
        self.insist.clicked.connect(lambda: self._start(self._keep))
        self._disconnect = self._proxy.changed.connect(self._show_in_force)

    def first_focus(self) -> QWidget:
        """The way that is chosen. A focus proxy would take the focus at each Tab, past the rest of a page."""
        return self.way.first_focus()

    @property
    def unfinished(self) -> bool:
        """Whether it holds something entered that is not in force."""
        chosen = self._proxy.chosen
        other = self.way.chosen != (chosen if chosen in (NONE, SYSTEM) else OWN)
        return other or holds_input(self.fields)

    def leave(self) -> None:
        """End what runs, and clear what was typed."""
        self._left = True
        self._disconnect()
        for key in (_KEY, _SHOWN):
            self._actions.tasks.cancel(key)
        self.fields.clear()

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def _changed(self) -> None:
        self.fields.show_for(own=self.way.chosen == OWN, login=self.way.chosen != NONE)
        self.keyring.setVisible(self.way.chosen != NONE)
        self._actions.tasks.cancel(_KEY)  # it tries what was entered before
        self.insist.hide()
        self._say("", "")

    def _show_in_force(self) -> None:
        self._actions.tasks.start(_SHOWN, self._read_in_force)

    async def _read_in_force(self) -> None:
        set_text(self.now, await self._proxy.connects())
        self.fields.show_kept(kept=await self._proxy.has_login())
        self.way.show_system(await self._proxy.would_connect(SYSTEM))

    def _entered(self) -> ProxyChoice:
        """The choice that is entered. Raises BadProxy."""
        chosen, user, password = self.way.chosen, self.fields.user.entered(), self.fields.password.edit.text()
        login = login_of(user, Secret(password)) if chosen != NONE and (user or password) else None
        return choice_of(chosen if chosen != OWN else self.fields.address.entered(), login)

    def _take_apart(self) -> None:
        """Move a login out of the address, where everybody who looks at the screen can read it."""
        address = self.fields.address.entered()
        if self.way.chosen != OWN or not holds_login(address):
            return
        with suppress(BadProxy):  # told when the address is to be used
            proxy = parse(address)
            if proxy.login is not None:
                self.fields.fill(proxy.address, proxy.login)
                self._say("", self.tr("The user name and the password were taken out of the address."))

    def _use(self) -> None:
        self._start(self._keep if self.way.chosen == NONE else self._try_and_keep)

    def _start(self, operation: Callable[[ProxyChoice], Awaitable[None]]) -> None:
        self.fields.clear_problems()
        self.insist.hide()
        self._take_apart()
        try:
            choice = self._entered()
        except BadProxy as why:
            self._refused(why)
            return
        self._actions.tasks.start(_KEY, self._guarded, operation, choice)

    async def _guarded(self, operation: Callable[[ProxyChoice], Awaitable[None]], choice: ProxyChoice) -> None:
        try:
            await operation(choice)
        except Failure as why:
            if not self._left:
                self._refused(why)

    async def _try(self, choice: ProxyChoice) -> None:
        self._say("", self.tr("Trying…"))
        self._say("fresh", await self._actions.rack.parts.proxy_trial.run(choice))

    async def _try_and_keep(self, choice: ProxyChoice) -> None:
        try:
            await self._try(choice)
        except NetworkFailure:
            self.insist.show()
            raise
        await self._keep(choice)

    async def _keep(self, choice: ProxyChoice) -> None:
        where = await self._proxy.choose(choice)
        if self._left:
            return
        self.fields.clear_login()
        tried = self.result.text() if self.result.property("tone") == "fresh" else ""
        self._say("fresh", " ".join(part for part in (tried, self.tr("This way is in force now."), where) if part))

    def _refused(self, why: Failure) -> None:
        """Show what was wrong. What is about a field stands below it, and what is to be done is this form."""
        self._say("", "")
        words = f"{why.happened} {why.means}".strip()
        if not self.fields.show_problem(why.code, words):
            self._say("urgent", words)

    def _say(self, tone: Tone, text: str) -> None:
        self.result.set_tone(tone)
        set_text(self.result, text)
        self.result.setVisible(bool(text))
