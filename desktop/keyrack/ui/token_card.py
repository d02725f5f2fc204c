"""The card that shows how long a token lives, what renews it and what it may do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from keyrack.core.state import Active
from keyrack.core.status import format_left
from keyrack.ui.amounts import clock_time
from keyrack.ui.controls import Card, Hairline, Text
from keyrack.ui.countdown import put, share, urgency
from keyrack.ui.ring import PANE, Ring
from keyrack.ui.ring_kind import TONE
from keyrack.ui.rights_line import RightsLine
from keyrack.ui.storage_view import Bar
from keyrack.ui.theme import GAP_L, GAP_M, GAP_S, GAP_XL, GRID

if TYPE_CHECKING:
    from keyrack.core.account import Account
    from keyrack.providers.schema import Provider
    from keyrack.ui.words import View


class TokenCard(Card):
    """A ring with the exact time, what happens next, the sign-in window and the rights."""

    def __init__(self, account: "Account", provider: "Provider", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._account = account
        self._risky = provider.risky_scopes
        self.ring = Ring(PANE)
        self.ring.setObjectName("token_ring")
        self.headline = Text(role="strong")
        self.sentence = Text(role="second", wrap=True)
        self.facts = _Facts(self)
        self.window = _Window(self)
        self.rights = RightsLine(pkce=provider.dialect.pkce or account.settings.flow == "client_credentials")
        self._arrange()

    def _arrange(self) -> None:
        row = QHBoxLayout()
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
        column.addWidget(self.window)
        column.addStretch(1)
        row.addLayout(column, 1)
        self.body.addLayout(row)
        self.body.addWidget(Hairline())
        self.body.addWidget(self.rights)

    def refresh(self, view: "View") -> None:
        """Show another state; called when the account changed."""
        state = self._account.state
        if isinstance(state, Active):
            self.rights.show_scopes(state.token.scopes, self._risky)
        self.tick(view)

    def tick(self, view: "View") -> None:
        """Show the same state a second later."""
        self.ring.set(1.0 if view.endless else view.fraction, view.time(), view.kind)
        put(self.headline, view.headline())
        self.headline.set_tone(_tone(view))
        put(self.sentence, view.sentence())
        state = self._account.state
        self.facts.show_times(view, state.token.issued if isinstance(state, Active) else None)
        self.window.show_window(view)


class _Facts(QWidget):
    """Small names over exact figures."""

    def __init__(self, card: TokenCard) -> None:
        super().__init__(card)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP_XL)
        grid.setVerticalSpacing(2)
        names = (self.tr("Renews in"), self.tr("Last renewed"), self.tr("Lifetime"))
        self._names = [Text(name, "caption") for name in names]
        self.figures = [Text("", "body") for _ in names]
        for at, (name, figure) in enumerate(zip(self._names, self.figures, strict=True)):
            grid.addWidget(name, 0, at)
            grid.addWidget(figure, 1, at)
        grid.setColumnStretch(len(names), 1)

    def show_times(self, view: "View", issued: float | None) -> None:
        """The figures of a moment; a figure that does not apply is left out with its name."""
        status = view.status
        last = "" if issued is None or status.left is None else clock_time(view.wall_at(issued))
        texts = (
            "" if status.renews_in is None or view.name != "ready" else format_left(status.renews_in),
            last,
            "" if status.lifetime is None else format_left(status.lifetime),
        )
        for name, figure, text in zip(self._names, self.figures, texts, strict=True):
            put(figure, text)
            name.setVisible(bool(text))
            figure.setVisible(bool(text))


class _Window(QWidget):
    """How long the sign-in itself lasts unless it is renewed, as a bar and a sentence (S78)."""

    def __init__(self, card: TokenCard) -> None:
        super().__init__(card)
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

    def show_window(self, view: "View") -> None:
        """Show it where the provider has such a window, amber and red as it runs out."""
        status = view.status
        self.setVisible(status.sign_in_ends is not None)
        if status.sign_in_ends is None:
            return
        level = urgency(status.sign_in_left, status.sign_in_lifetime)
        time = clock_time(status.sign_in_ends)
        if status.sign_in_left == 0:
            text = self.tr("The sign-in ended at {time}.")
        elif level == "fresh":
            text = self.tr("Sign-in ends {time} if not renewed")
        else:
            text = self.tr("Sign-in ends {time} and has not been renewed: check the connection")
        put(self.sentence, text.format(time=time))
        put(self.left, format_left(status.sign_in_left))
        for label in (self.sentence, self.left):
            label.set_tone("soon" if level == "soon" else "urgent" if level == "urgent" else "")
        self.bar.set(share(status.sign_in_left, status.sign_in_lifetime) or 0.0, level)


def _tone(view: "View") -> str:
    return "" if view.kind in ("fresh", "unknown", "renewing", "off") else TONE[view.kind]
