"""Asks once before something is taken away from all selected accounts, and says what that means."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.core.accounts.state import Active
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import DangerButton, PlainButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.flow_layout import button_row

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
_NAMED = 6


class SelectionQuestion(QWidget):
    """The question "remove" or "sign_out". `words` is all of it. `answered` follows a press of either button."""

    answered = Signal()

    def __init__(self, verb: str, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        chosen = actions.selection.accounts()
        removes = verb == "remove"
        accounts = chosen if removes else tuple(each for each in chosen if isinstance(each.state, Active))
        title = _asked(len(accounts), removes=removes)
        meaning = self._meaning_of_removal() if removes else self._meaning_of_sign_out()
        about = " ".join((self._names(accounts), meaning))
        self.words = f"{title} {about}"
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        column.addWidget(Text(title, "strong", wrap=True))
        explanation = Text(about, wrap=True)
        explanation.setObjectName("selection_explanation")
        column.addWidget(explanation)
        self.go_on = DangerButton(_done(len(accounts), removes=removes), "trash" if removes else "sign-out")
        self.go_on.setObjectName("selection_go_on")
        self.cancel = PlainButton(self.tr("Cancel"))
        self.cancel.setObjectName("selection_cancel")
        column.addLayout(button_row(self.go_on, self.cancel))
        do = actions.together.remove if removes else actions.together.sign_out
        self.go_on.clicked.connect(lambda: do(accounts))
        for button in (self.go_on, self.cancel):
            button.clicked.connect(self.answered)

    def _names(self, accounts: "tuple[Account, ...]") -> str:
        names = [account.settings.name for account in accounts]
        shown, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
        if more > 0:
            return self.tr("{names} and {n} more.").format(names=shown, n=more)
        return self.tr("{names}.").format(names=shown)

    def _meaning_of_removal(self) -> str:
        return self.tr(
            "Keyrack deletes their credentials and tokens from the keyring and forgets their activity. It asks each "
            "provider that revokes tokens to do so. For ten seconds you can undo this, for all of them at once."
        )

    def _meaning_of_sign_out(self) -> str:
        return self.tr("Keyrack deletes their tokens and keeps their credentials, so that you can sign in again.")


def _asked(count: int, *, removes: bool) -> str:
    if removes:
        one, several = (
            translate("SelectionQuestion", "Remove 1 account?"),
            translate("SelectionQuestion", "Remove {n} accounts?"),
        )
    else:
        one = translate("SelectionQuestion", "Sign out of 1 account?")
        several = translate("SelectionQuestion", "Sign out of {n} accounts?")
    return (one if count == 1 else several).format(n=count)


def _done(count: int, *, removes: bool) -> str:
    if removes:
        one, several = (
            translate("SelectionQuestion", "Remove 1 account"),
            translate("SelectionQuestion", "Remove {n} accounts"),
        )
    else:
        one = translate("SelectionQuestion", "Sign out of 1 account")
        several = translate("SelectionQuestion", "Sign out of {n} accounts")
    return (one if count == 1 else several).format(n=count)
