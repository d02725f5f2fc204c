"""Words on an account that a press explains: what its token can do, and what a sign-in window is."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from keyrack.core.accounts.credential import Credential, Key
from keyrack.core.accounts.state import Active
from keyrack.language.translation import plural
from keyrack.ui.parts.popover import DottedButton, Told
from keyrack.ui.text.scope_text import Right, rights
from keyrack.ui.text.word_text import Word, word_text
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account

# So many fit on a screen.
_MOST = 14


class ExplainedWords(QWidget):
    """A question about the rights, and the sign-in window where there is one. `keyed` is for an API key."""

    def __init__(self, account: "Account", risky: tuple[str, ...], *, keyed: bool) -> None:
        super().__init__()
        self._account = account
        self._risky = risky
        question = self.tr("What can this key do?") if keyed else self.tr("What can this token do?")
        self.question = DottedButton(question, question, lambda: list(self._told()))
        self.question.setObjectName("word_rights")
        self.lasting = dotted("sign_in_window")
        flow = FlowLayout(self, gap=GAP_M)
        flow.addWidget(self.question)
        flow.addWidget(self.lasting)

    def take(self, account: "Account") -> None:
        """Tell of another account of the same provider and way to sign in."""
        self._account = account

    def _told(self) -> Iterator[Told]:
        """One line for each right, then what holds for all of them."""
        state = self._account.state
        found = rights(rights_of(state.credential), self._risky) if isinstance(state, Active) else []
        if not found:
            yield Told(self.tr("The provider does not state the rights. Take it that everything is allowed."))
        for right in found[:_MOST]:
            yield Told(_words(right), "soon" if right.risky else "")
        if len(found) > _MOST:
            yield Told(plural("{n} more right.", "{n} more rights.", len(found) - _MOST))
        if any(right.risky for right in found):
            yield Told(
                self.tr("Whoever has it can do that without you. Give it only to programs you trust."), small=True
            )
        yield Told(self.tr("Keyrack itself only reads: it never trades and never withdraws."), small=True)


def dotted(word: Word) -> DottedButton:
    """A word that a press explains."""
    name, text = word_text(word)
    button = DottedButton(name, name, lambda: [Told(text)])
    button.setObjectName(f"word_{word}")
    return button


def rights_of(credential: Credential) -> tuple[str, ...]:
    """The rights of a key, or the scopes of a token."""
    return credential.rights if isinstance(credential, Key) else credential.scopes


def _words(right: Right) -> str:
    """The words, and the provider's own name for it where that is another one."""
    return right.words if right.words == right.scope else f"{right.words} ({right.scope})"
