"""The card that asks for the public part of an API key, which the provider shows on its own page alone."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from keyrack.core.state import Authorizing
from keyrack.core.status import format_left
from keyrack.net.failure import Failure
from keyrack.ui.controls import Card, PrimaryButton, Text
from keyrack.ui.countdown import put
from keyrack.ui.fields import Field
from keyrack.ui.ring import CARD, Ring
from keyrack.ui.theme import GAP_L, GAP_M, GRID

if TYPE_CHECKING:
    from keyrack.core.account import Account
    from keyrack.ui.verbs import Verbs
    from keyrack.ui.words import View

LONGEST_KEY = 512


class KeyCard(Card):
    """A line for the public key, what is wrong with it beside it, and how long it is waited for."""

    def __init__(self, account: "Account", verbs: "Verbs", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._verbs = verbs
        self.ring = Ring(CARD)
        self.headline = Text(role="strong")
        self.left = Text(role="second")
        self.sentence = Text(role="body", wrap=True)
        self.sentence.setObjectName("key_sentence")
        self.field = Field(self.tr("Public key"), QLineEdit(maxLength=LONGEST_KEY))
        self.field.edit.setObjectName("public_key")
        self.use = PrimaryButton(self.tr("Use this key"))
        self.use.setObjectName("use_key")
        self.use.clicked.connect(self._submit)
        self.field.edit.returnPressed.connect(self._submit)
        self.field.row.addWidget(self.use)
        self._arrange()

    def _arrange(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        row.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        head = QHBoxLayout()
        head.addWidget(self.headline, 1)
        head.addWidget(self.left)
        column.addLayout(head)
        column.addWidget(self.sentence)
        column.addSpacing(GAP_M)
        column.addWidget(self.field)
        row.addLayout(column, 1)
        self.body.addLayout(row)

    def refresh(self, view: "View") -> None:
        """Show another step; the line is emptied when it is no longer needed."""
        state = self._account.state
        if view.step != "public_key":
            self.field.edit.clear()
            self.field.show_problem("")
            return
        why = state.why if isinstance(state, Authorizing) else None
        self.field.show_problem(why.sentences() if why is not None else "")
        put(self.headline, view.headline())
        put(self.sentence, self.tr(
            "The key's secret is stored. WhiteBIT shows its public part under “API keys” on its site: "
            "copy it from there. The secret is not needed."
        ))  # fmt: skip
        self.tick(view)

    def tick(self, view: "View") -> None:
        """The time that is left."""
        self.ring.set(None, "", view.kind)
        left = view.status.left
        put(self.left, "" if left is None else self.tr("{time} left").format(time=format_left(left)))

    def _submit(self) -> None:
        try:
            self._verbs.rack.login.paste_key(self._account, self.field.entered())
        except Failure as why:
            self.field.show_problem(why.sentences())
