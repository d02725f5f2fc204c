"""The step in which the credentials are entered and the account is saved."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from keyrack.core.accounts.draft import Draft, default_redirect
from keyrack.core.failures import DraftProblem
from keyrack.language.translation import translated
from keyrack.primitives.failure import Failure
from keyrack.providers.announced_end import announced_end
from keyrack.ui.account.credentials_form import CredentialsForm
from keyrack.ui.account.host_fields import HostFields, elsewhere
from keyrack.ui.safeguards.keyring_notice import KeyringNotice
from keyrack.ui.sign_in.info_line import InfoLine
from keyrack.ui.theme.metrics import GAP_L, GAP_S
from keyrack.ui.widgets.buttons import CheckBox, PrimaryButton, RadioButton
from keyrack.ui.widgets.controls import Card, Text, delete_later
from keyrack.ui.widgets.fields import EnterKey, holds_input
from keyrack.ui.widgets.flow_layout import FlowLayout, button_row

if TYPE_CHECKING:
    from keyrack.providers.schema import FlowName, Provider
    from keyrack.ui.actions.actions import Actions

_KEY = "add_account"


class CredentialsStep(QWidget):
    """The choice of a flow where there is one, the form and the save button. `added` carries the account."""

    added = Signal(object)

    def __init__(self, provider: "Provider", region: str, actions: "Actions") -> None:
        super().__init__()
        self._provider = provider
        self._region = region
        self._actions = actions
        self._flow: FlowName = next(iter(provider.flows))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.card = Card()
        self.card.body.setSpacing(GAP_L)
        column.setSpacing(GAP_S)
        column.addWidget(self.card)
        self.card.body.addWidget(KeyringNotice(actions))
        self.info = InfoLine(provider, region, self._flow)
        column.addWidget(self.info)
        if len(provider.flows) > 1:
            self.card.body.addLayout(self._choice())
        self.hosts = HostFields(provider.name) if provider.regions[region].typed_in else None
        if self.hosts is not None:
            self.card.body.addWidget(self.hosts)
        self.form = self._new_form()
        self.card.body.addWidget(self.form)
        self.opt_in = CheckBox(self.tr("Keep the secret of this key on this computer all the same"))
        self.opt_in.setObjectName("opt_in")
        self.opt_in.toggled.connect(self._allow)
        self.card.body.addWidget(self.opt_in)
        self.problem = Text(role="caption", tone="urgent", wrap=True)
        self.problem.hide()
        self.save = PrimaryButton("")
        self.save.setObjectName("save_account")
        self.save.clicked.connect(self._start)
        self.card.body.addWidget(self.problem)
        self.card.body.addLayout(button_row(self.save))
        self._name_button()
        EnterKey(self, self._enter)

    def is_for(self, provider: "Provider", region: str) -> bool:
        """Whether its form is for this provider and region."""
        return (self._provider, self._region) == (provider, region)

    @property
    def unfinished(self) -> bool:
        """Whether it holds something entered that is to survive leaving and coming back."""
        return holds_input(self)

    def first_focus(self) -> QWidget:
        """The first empty field, else the main button."""
        hosts = self.hosts.first_empty() if self.hosts is not None else None
        return hosts or self.form.first_empty() or self.save

    def event(self, event: QEvent) -> bool:
        """Keep room for every line. A scrolling page asks for the least height and ignores that texts wrap."""
        layout = self.layout()
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize) and layout is not None:
            self.setMinimumHeight(layout.totalHeightForWidth(self.width()))
        return super().event(event)

    def _choice(self) -> FlowLayout:
        row = FlowLayout(gap=GAP_L)
        self._ways = QButtonGroup(self)
        for name, flow in self._provider.flows.items():
            way = RadioButton(translated(flow.title))
            way.setObjectName(f"flow:{name}")
            way.setChecked(name == self._flow)
            way.clicked.connect(lambda _=False, chosen=name: self._choose(chosen))
            self._ways.addButton(way)
            row.addWidget(way)
        return row

    def _choose(self, flow: "FlowName") -> None:
        """Change the flow and keep what was entered."""
        self._flow = flow
        old, self.form = self.form, self._new_form()
        self.form.take_over(old)
        self.card.body.replaceWidget(old, self.form)
        self.form.show()
        self.info.tell(self._provider, self._region, flow)
        delete_later(old)
        self._name_button()

    def _new_form(self) -> CredentialsForm:
        flow = self._provider.flows[self._flow]
        if self.hosts is not None:
            flow = elsewhere(flow)
        form = CredentialsForm(
            flow,
            open_page=self._actions.open_page,
            copy=self._actions.copying.text,
            announced=announced_end(self._provider, self._actions.rack.clock),
        )
        form.fill(name=self._free_name(), redirect_uri=self._redirect())
        return form

    def _redirect(self) -> str:
        return default_redirect(self._provider.id)

    def _free_name(self) -> str:
        """The provider's name with that of the site, and with a number if that is taken."""
        first = f"{self._provider.name} {self._site()}".strip()
        accounts, number, name = self._actions.rack.accounts, 1, first
        while accounts.named(name) is not None:
            number += 1
            name = f"{first} {number}"
        return name

    def _site(self) -> str:
        """What sets the site apart in a name, such as "test" or "Korea". "" for the provider's main site."""
        region = self._provider.regions[self._region]
        if region.typed_in or self._region == next(iter(self._provider.regions)):
            return ""
        return self._region if region.test_network else self._provider.site(self._region)

    def _allow(self) -> None:
        """Keep the button off until the person agrees to keep a key here (WhiteBIT Fast API key Q16)."""
        self.save.setEnabled(self.opt_in.isHidden() or self.opt_in.isChecked())
        self._show_problem("")

    def _name_button(self) -> None:
        makes_key = self._provider.flows[self._flow].credential == "key"
        self.opt_in.setHidden(not makes_key)
        self._allow()
        texts = {
            "client_credentials": self.tr("Save and test"),
            "authorization_code": self.tr("Save and sign in"),
            "authorization_code_pkce": self.tr("Save and sign in"),
            "device_code": self.tr("Save and sign in"),
        }
        self.save.setText(self.tr("Save and make a key") if makes_key else texts.get(self._flow, self.tr("Save")))

    def _enter(self) -> None:
        """Save, or show what is missing."""
        if self.opt_in.isVisible() and not self.opt_in.isChecked():
            self.opt_in.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_problem(self.tr("Tick the box first: without it Keyrack cannot make the key."))
        else:
            self._start()

    def _show_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def _start(self) -> None:
        if self._actions.tasks.start(_KEY, self._add):
            self.save.setEnabled(False)

    async def _add(self) -> None:
        form = self.form
        form.clear_problems()
        if self.hosts is not None:
            self.hosts.show_problem(None)
        self._show_problem("")
        draft = Draft(
            self._provider.id, self._region, self._flow,
            form.name.entered(), form.client_id.entered(), form.secret(), form.redirect_uri(),
            self.hosts.hosts() if self.hosts else None,
        )  # fmt: skip
        try:
            account = await self._actions.rack.add(draft)
        except DraftProblem as problem:
            if self.hosts is None or not self.hosts.show_problem(problem):
                form.show_problem(problem)
        except Failure as why:
            self._show_problem(why.sentences())
            self._actions.rack.keyring.wake()  # it may be what failed, and its notice offers a way out
        else:
            form.clear_secret()
            self.added.emit(account)
        finally:
            self.save.setEnabled(True)
