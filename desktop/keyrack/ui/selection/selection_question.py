"""Asks once before something is taken away from all selected accounts, and says what that means."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from keyrack.language.translation import plural, translated
from keyrack.ui.selection.verbs import signed_in
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.buttons import DangerButton, PlainButton
from keyrack.ui.widgets.controls import Text
from keyrack.ui.widgets.flow_layout import button_row
from keyrack.ui.widgets.scroll_page import ScrollPage

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate
_NAMED = 6
_MOST_OF_WINDOW = 0.4
_SAID_OF_PROVIDERS = 2


class SelectionQuestion(QWidget):
    """The question "remove" or "sign_out". `words` is all of it. `answered` follows a press of either button."""

    answered = Signal()

    def __init__(self, verb: str, actions: "Actions", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        chosen = actions.selection.accounts()
        removes = verb == "remove"
        accounts = chosen if removes else signed_in(chosen, actions.rack)
        title = _asked(len(accounts), removes=removes)
        meaning = self._meaning_of_removal(accounts, actions) if removes else self._meaning_of_sign_out()
        about = " ".join((self._names(accounts), meaning))
        self.words = f"{title} {about}"
        self.setAccessibleName(title)
        self.setAccessibleDescription(about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_S)
        self._texts = ScrollPage()
        self._texts.column.setSpacing(GAP_S)
        self._texts.column.addWidget(Text(title, "strong", wrap=True))
        explanation = Text(about, wrap=True)
        explanation.setObjectName("selection_explanation")
        self._texts.column.addWidget(explanation)
        column.addWidget(self._texts)
        words = self.tr("Remove") if removes else self.tr("Sign out")
        self.go_on = DangerButton(words, "trash" if removes else "sign-out")
        self.go_on.setObjectName("selection_go_on")
        self.go_on.setAccessibleName(_done(len(accounts), removes=removes))
        self.cancel = PlainButton(self.tr("Cancel"))
        self.cancel.setObjectName("selection_cancel")
        column.addLayout(button_row(self.go_on, self.cancel))
        do = actions.together.remove if removes else actions.together.sign_out
        self.go_on.clicked.connect(lambda: do(accounts))
        for button in (self.go_on, self.cancel):
            button.clicked.connect(self.answered)

    def event(self, event: QEvent) -> bool:
        """Show all of the text, or in a low window as much as leaves room for the page. The rest scrolls."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            needed = self._texts.column.totalHeightForWidth(self.width())
            self._texts.setFixedHeight(max(1, min(needed, int(self.window().height() * _MOST_OF_WINDOW))))
        return super().event(event)

    def _names(self, accounts: "tuple[Account, ...]") -> str:
        names = [account.settings.name for account in accounts]
        shown, more = ", ".join(names[:_NAMED]), len(names) - _NAMED
        if more > 0:
            return plural("{names} and {n} more.", "{names} and {n} more.", more, names=shown)
        return self.tr("{names}.").format(names=shown)

    def _meaning_of_removal(self, accounts: "tuple[Account, ...]", actions: "Actions") -> str:
        here = self.tr(
            "Keyrack deletes their credentials and tokens from the keyring and forgets their activity. It asks each "
            "provider that revokes tokens to do so."
        )
        providers = (actions.rack.provider_of(account.settings) for account in accounts)
        said = list(dict.fromkeys(translated(provider.removal) for provider in providers if provider.removal))
        if len(said) > _SAID_OF_PROVIDERS:
            said = [self.tr("What is left to do at a provider is said afterwards.")]
        undo = self.tr("For ten seconds you can undo this, for all of them at once.")
        return " ".join((here, *said, undo))

    def _meaning_of_sign_out(self) -> str:
        return self.tr("Keyrack deletes their tokens and keeps their credentials, so that you can sign in again.")


def _asked(count: int, *, removes: bool) -> str:
    if removes:
        return plural("Remove 1 account?", "Remove {n} accounts?", count)
    return plural("Sign out of 1 account?", "Sign out of {n} accounts?", count)


def _done(count: int, *, removes: bool) -> str:
    if removes:
        return plural("Remove 1 account", "Remove {n} accounts", count)
    return plural("Sign out of 1 account", "Sign out of {n} accounts", count)
