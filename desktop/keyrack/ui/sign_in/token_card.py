"""The card that shows how long a token lives, what renews it and what it allows."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active
from keyrack.core.status import format_left
from keyrack.ui.sign_in.explained_words import ExplainedWords, rights_of
from keyrack.ui.sign_in.rights_line import RightsLine
from keyrack.ui.text.amount_text import clock_time
from keyrack.ui.text.spoken_text import told_sentence
from keyrack.ui.text.state_text import AccountView, token_words
from keyrack.ui.theme.metrics import GAP_L, GAP_M, GAP_S, GAP_XL, GRID
from keyrack.ui.widgets.bar import Bar
from keyrack.ui.widgets.controls import Card, Hairline, Text, set_counting_text, set_text
from keyrack.ui.widgets.flow_layout import FlowLayout, TurningRow
from keyrack.ui.widgets.ring import PANE, Ring
from keyrack.ui.widgets.ring_kind import share, urgency

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.core.accounts.credential import Credential
    from keyrack.oauth.token import Token
    from keyrack.providers.schema import Provider

_TURNS_BELOW = 300
_SHOWN_BY_PROBLEM_CARD = ("retrying", "unsaved")


class TokenCard(Card):
    """A ring with the exact time, what happens next, the sign-in window and the rights."""

    def __init__(self, account: "Account", provider: "Provider", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._risky = provider.risky_scopes
        self.ring = Ring(PANE)
        self.ring.setObjectName("token_ring")
        self.headline = Text(role="strong", wrap=True)
        self.sentence = Text(role="second", wrap=True)
        self.facts = _Facts(self)
        self.sign_in_window = _SignInWindow(self, provider.company_name)
        keyed = provider.flows[account.settings.flow].credential == "key"
        self.rights = RightsLine(key_of=provider.company_name if keyed else "")
        self.words = ExplainedWords(self._account, provider.risky_scopes, keyed=keyed)
        self._arrange()

    def _arrange(self) -> None:
        row = TurningRow(_TURNS_BELOW)
        row.setContentsMargins(GAP_S, GAP_S, GAP_S, GAP_S)
        row.setSpacing(GAP_XL)
        row.addWidget(self.ring, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(GRID)
        for widget in (self.headline, self.sentence):
            column.addWidget(widget)
        column.addSpacing(GAP_M)
        column.addWidget(self.facts)
        column.addSpacing(GAP_M)
        column.addWidget(self.sign_in_window)
        column.addStretch(1)
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self.body.addWidget(Hairline())
        self.body.addWidget(self.rights)
        self.body.addWidget(self.words)

    def take(self, account: "Account") -> None:
        """Follow another account of the same provider and way to sign in."""
        self._account = account
        self.words.take(account)

    def refresh(self, view: AccountView) -> None:
        """Show another state. Called when the account has changed."""
        state = self._account.state
        if isinstance(state, Active):
            self.rights.show_scopes(rights_of(state.credential), self._risky)
        self.tick(view)

    def tick(self, view: AccountView) -> None:
        """Show the same state a second later."""
        self.ring.set(1.0 if view.endless else view.fraction, view.time(), view.kind)
        headline, sentence = token_words(view)
        set_text(self.headline, headline)
        self.headline.set_tone("" if view.name in _SHOWN_BY_PROBLEM_CARD else view.tone)
        set_counting_text(self.sentence, sentence, told_sentence(view, sentence))
        state = self._account.state
        self.facts.show_times(view, state.credential if isinstance(state, Active) else None)
        self.sign_in_window.show_window(view)
        self.words.lasting.setVisible(not self.sign_in_window.isHidden())


class _Facts(QWidget):
    """Captions above exact figures."""

    def __init__(self, card: TokenCard) -> None:
        super().__init__(card)
        row = FlowLayout(self, gap=GAP_XL)
        self.names = [Text("", "caption") for _ in range(3)]
        self.figures = [Text("", "body") for _ in range(3)]
        self._pairs = [_pair(name, figure) for name, figure in zip(self.names, self.figures, strict=True)]
        for pair in self._pairs:
            row.addWidget(pair)

    def show_times(self, view: AccountView, credential: "Credential | None") -> None:
        """Show the figures of this moment. A figure that does not apply is left out with its caption."""
        facts = self._facts(view, credential) if credential is not None else []
        shown = [(name, text) for name, text in facts if text]
        for at, (name, figure) in enumerate(zip(self.names, self.figures, strict=True)):
            set_text(name, shown[at][0] if at < len(shown) else "")
            set_text(figure, shown[at][1] if at < len(shown) else "")
            self._pairs[at].setVisible(at < len(shown))

    def _facts(self, view: AccountView, credential: "Credential") -> list[tuple[str, str]]:
        if isinstance(credential, Key):
            return self._key_facts(view, credential)
        return self._token_facts(view, credential) if credential.access is not None else []

    def _token_facts(self, view: AccountView, token: "Token") -> list[tuple[str, str]]:
        ends = "" if token.expires is None or view.endless else clock_time(view.wall_at(token.expires))
        issued = clock_time(view.wall_at(token.issued))
        lifetime = "" if token.lifetime is None or view.endless else format_left(token.lifetime)
        renewed = self.tr("Last renewed") if token.renewable else self.tr("Signed in")
        return [(self.tr("Ends"), ends), (renewed, issued), (self.tr("Lifetime"), lifetime)]

    def _key_facts(self, view: AccountView, key: Key) -> list[tuple[str, str]]:
        ends = key.idle_ends
        return [
            (self.tr("Ends if not used"), "" if ends is None else clock_time(view.wall_at(ends))),
            (self.tr("Last used"), clock_time(view.wall_at(key.used))),
            (self.tr("Made"), clock_time(view.wall_at(key.made))),
        ]


class _SignInWindow(QWidget):
    """How long the sign-in itself lasts unless it is renewed, as a bar and a sentence (S78)."""

    def __init__(self, card: TokenCard, company: str) -> None:
        super().__init__(card)
        self._company = company
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GRID + 2)
        row = QHBoxLayout()
        row.setSpacing(GAP_L)
        self.sentence = Text(role="caption", wrap=True)
        self.left = Text(role="caption")
        row.addWidget(self.sentence, 1)
        row.addWidget(self.left, 0, Qt.AlignmentFlag.AlignTop)
        self.bar = Bar(self.tr("What is left of the sign-in"))
        column.addLayout(row)
        column.addWidget(self.bar)

    def _of_key(self, *, renewed: bool) -> str:
        if renewed:
            return self.tr("Keyrack can delete the key at {company}. Without a renewal that ends at {time}.")
        return self.tr("Until {time} Keyrack can delete the key at {company}. The key itself goes on working.")

    def show_window(self, view: AccountView) -> None:
        """Show it where the provider has such a window, in amber and red near its end."""
        status = view.status
        self.setVisible(status.sign_in_ends is not None)
        if status.sign_in_ends is None:
            return
        level = urgency(status.sign_in_left, status.sign_in_lifetime)
        time = clock_time(status.sign_in_ends)
        if status.is_key:
            text = self._of_key(renewed=status.renews_in is not None)
        elif status.sign_in_left == 0:
            text = self.tr("The sign-in ended at {time}.")
        elif level == "fresh":
            text = self.tr("Sign-in ends {time} if not renewed")
        else:
            text = self.tr("Sign-in ends {time} and has not been renewed: check the connection")
        set_text(self.sentence, text.format(time=time, company=self._company))
        set_counting_text(self.left, format_left(status.sign_in_left), self.tr("until {time}").format(time=time))
        for label in (self.sentence, self.left):
            label.set_tone("" if level == "fresh" else level)
        # The ring says in green that all is well, and one place is enough for it.
        tone = "off" if level == "fresh" else level
        self.bar.set(share(status.sign_in_left, status.sign_in_lifetime) or 0.0, tone)


def _pair(name: Text, figure: Text) -> QWidget:
    pair = QWidget()
    column = QVBoxLayout(pair)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(name)
    column.addWidget(figure)
    return pair
