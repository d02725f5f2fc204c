"""The card of a sign-in that waits for the browser, or for the person's answer to a question."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from keyrack.core.accounts.state import Authorizing
from keyrack.messages.catalogue import message
from keyrack.messages.sign_in_question import sign_in_question
from keyrack.primitives.failure import Failure
from keyrack.ui.sign_in.step_card import StepCard
from keyrack.ui.theme.metrics import GAP_M, GAP_S
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import ActionButton, Text, set_text
from keyrack.ui.widgets.fields import EnterKey, Field
from keyrack.ui.widgets.flow_layout import FlowLayout, button_row
from keyrack.ui.widgets.ring import CARD, Ring

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions
    from keyrack.ui.text.state_text import AccountView

LONGEST_ADDRESS = 32 * 1024


class BrowserCard(StepCard):
    """What to do in the browser, alternatives when it does not come back, or a question with two answers."""

    def __init__(self, account: "Account", provider: str, actions: "Actions", parent: QWidget | None = None) -> None:
        self.ring = Ring(CARD)
        super().__init__(self.ring, parent)
        self._account = account
        self._provider = provider
        self._actions = actions
        flow = actions.rack.provider_of(account.settings).flows[account.settings.flow]
        self._makes_key = flow.credential == "key"
        self.sentence.setObjectName("waiting_sentence")
        self.gates = Text(role="caption", wrap=True)
        self.gates.setObjectName("key_gates")
        self.gates.setContentsMargins(0, 0, 0, GAP_S)
        self.look_again = PlainButton(self.tr("Look again"), "refresh")
        self.look_again.setObjectName("look_again")
        self.look_again.clicked.connect(lambda: self._actions.rack.sign_ins.look_again(self._account))
        self.paste = PasteAddress(self._paste)
        self.alternatives = self._make_alternatives()
        self.question = self._make_question()
        self.column.addSpacing(GAP_M)
        for widget in (self.gates, self.alternatives, self.question, self.paste):
            self.column.addWidget(widget)
        self.column.addLayout(button_row(self.look_again))

    def _make_alternatives(self) -> QWidget:
        row_widget = QWidget()
        line = FlowLayout(row_widget)
        self.open_again = PlainButton(self.tr("Open again"), "browser")
        self.copy_link = ActionButton(self.tr("Copy link"), "link")
        self.paste_address = PlainButton(self.tr("Paste the address instead"), "paste")
        for button, name in (
            (self.open_again, "open_again"),
            (self.copy_link, "copy_link"),
            (self.paste_address, "paste_address"),
        ):
            button.setObjectName(name)
            line.addWidget(button)
        self.open_again.clicked.connect(lambda: self._actions.open_again(self._account))
        self.copy_link.clicked.connect(self._copy_link)
        self.paste_address.clicked.connect(self.paste.open)
        return row_widget

    def _make_question(self) -> QWidget:
        row_widget = QWidget()
        row = FlowLayout(row_widget)
        self.yes = PrimaryButton("")
        self.yes.setObjectName("answer_yes")
        self.no = PlainButton("")
        self.no.setObjectName("answer_no")
        self.yes.clicked.connect(lambda: self._actions.confirm(self._account, yes=True))
        self.no.clicked.connect(lambda: self._actions.confirm(self._account, yes=False))
        row.addWidget(self.yes)
        row.addWidget(self.no)
        return row_widget

    def refresh(self, view: "AccountView") -> None:
        """Show another step."""
        state = self._account.state
        identity = state.identity if isinstance(state, Authorizing) else ""
        has_question = view.step in ("confirming", "refusal")
        self.alternatives.setVisible(view.step == "browser")
        self.question.setVisible(has_question)
        if view.step != "browser":
            self.paste.reset()
            self.copy_link.setText(self.tr("Copy link"))
        self.look_again.setVisible(view.step == "key")
        self.gates.setVisible(self._makes_key and view.step in ("browser", "key"))
        set_text(self.gates, message("key_gates", {"provider": self._provider}).happened if self._makes_key else "")
        awaited = message("key_awaited", {"provider": self._provider}).happened
        set_text(self.headline, awaited if view.step == "key" else view.headline())
        set_text(self.sentence, sign_in_question(view.step, self._provider, identity) or self._sentence(view.step))
        self._show_browser(view)
        if has_question:
            self._label_answers(view.step)
        # It has the focus then. What is asked is announced with the state, and of whom is asked here.
        asked = self.sentence.text() if has_question else ""
        if self.accessibleName() != asked:
            self.setAccessibleName(asked)
        self.tick(view)

    def first_focus(self) -> QWidget:
        """The button that opens the browser again. At a question the card itself: no key may answer by chance (S33)."""
        return next((button for button in (self.open_again, self.look_again) if button.isVisibleTo(self)), self)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """From a question Tab goes to its answers. Qt has no place in its order for what nobody can go to."""
        if forward and self.hasFocus():
            self.yes.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        return super().focusNextPrevChild(forward)

    def _show_browser(self, view: "AccountView") -> None:
        """Say so where no browser could be opened. The link is what goes on then."""
        state = self._account.state
        why = state.why if isinstance(state, Authorizing) and view.step == "browser" else None
        self.copy_link.fill(why is not None)
        if why is not None:
            set_text(self.headline, self.tr("No browser opened"))
            set_text(self.sentence, f"{why.happened} {why.todo}".strip())

    def tick(self, view: "AccountView") -> None:
        """Show the seconds that are left."""
        super().tick(view)
        self.ring.set(None, "", view.kind)

    def _label_answers(self, step: str) -> None:
        confirming = step == "confirming"
        self.yes.setText(self.tr("Keep") if confirming else self.tr("End sign-in"))
        self.no.setText(self.tr("Discard") if confirming else self.tr("Keep waiting"))

    def _sentence(self, step: str) -> str:
        if step == "browser":
            text = self.tr("Sign in to {provider} in your browser. Keyrack goes on by itself when you are done there.")
        elif step == "key":
            text = message("key_awaited", {"provider": self._provider}).means
        elif step == "key_secret":
            text = self.tr("{provider} is busy with the key. Keyrack asks again by itself.")
        else:
            text = self.tr("{provider} sent its answer. Keyrack is asking for the token and saving it.")
        return text.format(provider=self._provider)

    def _copy_link(self) -> None:
        if self._actions.copying.link(self._account):
            self.copy_link.setText(self.tr("Link copied"))

    def _paste(self, text: str) -> str:
        try:
            self._actions.rack.sign_ins.paste(self._account, text)
        except Failure as why:
            return why.sentences()
        return ""


class PasteAddress(QWidget):
    """A field for the address at which the browser ended, with its problem below."""

    def __init__(self, paste: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paste = paste
        self.field = Field(
            self.tr("Address the browser ended at"),
            QLineEdit(maxLength=LONGEST_ADDRESS, placeholderText="http://127.0.0.1:…"),
        )
        self.field.edit.setObjectName("pasted_address")
        self.use = PlainButton(self.tr("Use this address"))
        self.use.setObjectName("use_address")
        self.use.clicked.connect(self._submit)
        EnterKey(self, self._submit)
        self.field.row.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_M, 0, 0)
        column.addWidget(self.field)
        self.hide()

    def open(self) -> None:
        """Show the field, or hide it again."""
        self.setVisible(self.isHidden())
        if not self.isHidden():
            self.field.edit.setFocus()

    def reset(self) -> None:
        """Hide the field and clear it, because it may hold a code."""
        self.field.edit.setText("")  # unlike clear, it keeps nothing to undo
        self.field.show_problem("")
        self.hide()

    def _submit(self) -> None:
        problem = (
            self._paste(self.field.entered()) if self.field.entered() else self.tr("Paste the whole address first.")
        )
        self.field.show_problem(problem)
        if problem:
            self.field.edit.setFocus()
