"""The card that asks for the public part of an API key, which the provider shows on its own page only."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from keyrack.core.accounts.state import Authorizing
from keyrack.primitives.failure import Failure
from keyrack.ui.sign_in.step_card import StepCard
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.buttons import PrimaryButton
from keyrack.ui.widgets.controls import set_text
from keyrack.ui.widgets.fields import EnterKey, Field
from keyrack.ui.widgets.ring import CARD, Ring

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.text.state_text import AccountView

LONGEST_KEY = 512


class PublicKeyCard(StepCard):
    """A field for the public key, its problem below, and the time that is left."""

    def __init__(self, account: "Account", actions: "Actions", parent: QWidget | None = None) -> None:
        self.ring = Ring(CARD)
        super().__init__(self.ring, parent)
        self._account = account
        self._actions = actions
        self.sentence.setObjectName("key_sentence")
        self.field = Field(self.tr("Public key"), QLineEdit(maxLength=LONGEST_KEY))
        self.field.edit.setObjectName("public_key")
        self.use = PrimaryButton(self.tr("Use this key"))
        self.use.setObjectName("use_key")
        self.use.clicked.connect(self._submit)
        EnterKey(self.field, self._submit)
        self.field.row.addWidget(self.use)
        self.column.addSpacing(GAP_M)
        self.column.addWidget(self.field)

    def refresh(self, view: "AccountView") -> None:
        """Show another step. The field is cleared when it is no longer needed."""
        state = self._account.state
        if view.step != "public_key":
            self.field.edit.clear()
            self.field.show_problem("")
            return
        why = state.why if isinstance(state, Authorizing) else None
        self.field.show_problem(why.sentences() if why is not None else "")
        set_text(self.headline, view.headline())
        text = self.tr(
            "The key's secret is stored. {company} shows its public part under “API keys” on its site: "
            "copy it from there. The secret is not needed."
        )
        company = self._actions.rack.provider_of(self._account.settings).company_name
        set_text(self.sentence, text.format(company=company))
        self.tick(view)

    def first_focus(self) -> QWidget:
        """The field for the key."""
        return self.field.edit

    def tick(self, view: "AccountView") -> None:
        """The time that is left."""
        super().tick(view)
        self.ring.set(None, "", view.kind)

    def _submit(self) -> None:
        try:
            self._actions.rack.sign_ins.paste_key(self._account, self.field.entered())
        except Failure as why:
            self.field.show_problem(why.sentences())
            self.field.edit.setFocus()
