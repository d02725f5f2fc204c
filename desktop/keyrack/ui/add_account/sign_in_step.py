"""The step that signs in to a new account and shows what works and what does not."""

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from keyrack.core.accounts.state import Active
from keyrack.core.sign_in.unattended import needs_nobody
from keyrack.ui.account.begun_forms import BegunForms
from keyrack.ui.account.inline_forms import InlineForm, inline_for
from keyrack.ui.sign_in.sign_in_panel import SignInPanel
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.theme.icons import Icon
from keyrack.ui.theme.metrics import GAP_L, GAP_M
from keyrack.ui.widgets.buttons import PlainButton, PrimaryButton
from keyrack.ui.widgets.controls import ActionButton, Card, Text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions


class SignInStep(QWidget):
    """A new account's sign-in with its result.

    `finished` carries the account's id, `add_requested` the id of the provider that replaces one that has ended.
    """

    __test__ = False
    finished = Signal(str)
    add_requested = Signal(str)

    def __init__(self, account: "Account", actions: "Actions") -> None:
        super().__init__()
        self.account = account
        self._actions = actions
        self.forms = BegunForms(self._new_form, self.refresh)
        self.panel = SignInPanel(account, actions)
        self.signed_in = ResultLine()
        self.figures = ResultLine()
        self.results = Card()
        self.open = PrimaryButton(self.tr("Open account"))
        self.sign_in = ActionButton(self.tr("Sign in"), "sign-in")
        self.edit = PlainButton(self.tr("Edit credentials"))
        self.cancel = PlainButton(self.tr("Cancel"), "close")
        self._arrange()
        self.panel.form_requested.connect(lambda _: self.open_form())
        self.panel.add_requested.connect(self.add_requested)
        self.leave = account.changed.connect(self.refresh)
        self.refresh()

    def _arrange(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_L)
        self.results.body.addWidget(self.signed_in)
        self.results.body.addWidget(self.figures)
        row = FlowLayout()
        for button, name, press in (
            (self.open, "open_account", lambda: self.finished.emit(self.account.id)),
            (self.sign_in, "sign_in", self.panel.sign_in),
            (self.cancel, "cancel", lambda: self._actions.cancel(self.account)),
            (self.edit, "edit_credentials", self.open_form),
        ):
            button.setObjectName(name)
            button.clicked.connect(lambda _=False, press=press: press())
            row.addWidget(button)
        self._column.addWidget(self.panel)
        self._column.addWidget(self.results)
        self._column.addLayout(row)

    def begin(self) -> None:
        """Sign in at once, unless the person must enter a code first."""
        if self.panel.user_code is None:
            self._actions.sign_in(self.account)

    def _new_form(self, name: str) -> InlineForm:
        form = inline_for(name, self.account, self._actions)
        form.saved.connect(self._test_again)
        return form

    def _test_again(self) -> None:
        """Test the mended credentials at once, or go to the sign-in that needs the person."""
        if needs_nobody(self.account):
            self._actions.sign_in(self.account)
        else:
            self.first_focus().setFocus()

    def first_focus(self) -> QWidget:
        """The open form, what the sign-in waits for, or the main button. The step itself where there is none."""
        if self.forms.shown is not None:
            return self.forms.shown.first_focus()
        buttons = (self.open, self.sign_in)
        waited = self.panel.first_focus() if not self.panel.isHidden() else None
        return waited or next((button for button in buttons if not button.isHidden()), self)

    def refresh(self) -> None:
        """Show the account as it is now."""
        view = AccountView(self.account, self._actions.rack.clock)
        active = isinstance(self.account.state, Active)
        self.panel.refresh(view)
        self.panel.setHidden(active)
        self.results.setVisible(active)
        self.open.setVisible(active or view.name == "closed")
        has_form = self.forms.shown is not None
        self.panel.problem.give_way(to_form=has_form)
        self.edit.setVisible(view.name == "needs_login" and not view.refused)  # else the panel offers it
        self.sign_in.setVisible(view.name == "needs_login")
        self.sign_in.fill(not view.refused and not has_form)
        self.cancel.setVisible(view.name == "signing_in")
        if active:
            self._show_results()
        if self.hasFocus():
            self.first_focus().setFocus()

    def _show_results(self) -> None:
        identity = self.account.settings.identity
        text = self.tr("Signed in as {identity}.").format(identity=identity) if identity else self.tr("Signed in.")
        self.signed_in.show_result("good", text)
        balances = self.account.balances
        if balances is None:
            self.figures.show_result("open", self.tr("Reading balances…"))
        elif balances.failure is not None:
            text = self.tr("Balances cannot be read: {reason} The sign-in itself works.")
            self.figures.show_result("bad", text.format(reason=balances.failure.happened))
        else:
            self.figures.show_result("good", self.tr("Balances can be read."))

    @property
    def unfinished(self) -> bool:
        """Whether a form that was begun, or a step of the sign-in, holds something entered."""
        return self.forms.unfinished or self.panel.unfinished

    def tick(self, view: AccountView) -> None:
        """Show the same account a second later."""
        self.panel.tick(view)

    def open_form(self) -> None:
        """Open the credentials for editing, as they were left."""
        form = self.forms.open("edit")
        self.refresh()
        self._column.insertWidget(0, form)
        form.show()
        form.first_focus().setFocus()

    def escape(self) -> bool:
        """Leave the open form. Returns whether there was one."""
        had_form = self.forms.leave()
        self.refresh()
        return had_form


class ResultLine(QWidget):
    """A sign and a sentence: good, bad, or not known yet."""

    def __init__(self) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_M)
        sign = QLabel()
        self._icon = Icon("clock", "second").put_on(sign)
        self.text = Text(wrap=True)
        row.addWidget(sign)
        row.addWidget(self.text, 1)

    def show_result(self, result: Literal["good", "bad", "open"], text: str) -> None:
        """ "open" is "not known yet"."""
        signs = {"good": ("check-circle", "fresh"), "bad": ("alert", "soon"), "open": ("clock", "second")}
        self._icon.become(*signs[result])
        set_text(self.text, text)
