"""The help inside the program: short topics, words that are explained, and what the open account's token may do."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, qVersion
from PySide6.QtWidgets import QWidget

from keyrack import __version__
from keyrack.core.accounts.state import Active
from keyrack.core.system.libraries import libraries
from keyrack.ui.help.help_topics import Topic, topics
from keyrack.ui.help.state_pictures import state_pictures
from keyrack.ui.parts.cards_page import CardsPage
from keyrack.ui.sign_in.explained_words import dotted, rights_of
from keyrack.ui.sign_in.rights_line import RightsLine
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.widgets.controls import Card, Text
from keyrack.ui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from keyrack.core.accounts.account import Account
    from keyrack.ui.actions.actions import Actions

translate = QCoreApplication.translate


class HelpPage(CardsPage):
    """A card for each topic, in two columns where they fit. `account` is the one whose pane lies below."""

    def __init__(self, actions: "Actions", account: "Account | None", parent: QWidget | None = None) -> None:
        super().__init__("help", translate("HelpPage", "Help"), parent)
        cards = [_card(topic) for topic in topics()]
        if account is not None and isinstance(account.state, Active):
            cards.insert(0, self._rights(actions, account))
        cards.append(_about())
        half = (len(cards) + 1) // 2
        self.hold((cards[:half], cards[half:]))

    def _rights(self, actions: "Actions", account: "Account") -> Card:
        """What the token of the account may do."""
        card = Card()
        card.setMinimumWidth(0)
        card.setObjectName("help_rights")
        question = self.tr("What can the token of “{name}” do?").format(name=account.settings.name)
        card.body.addWidget(Text(question, "strong", wrap=True))
        provider = actions.rack.provider_of(account.settings)
        credential = account.state.credential if isinstance(account.state, Active) else None
        line = RightsLine()
        if credential is not None:
            line.show_scopes(rights_of(credential), provider.risky_scopes)
        card.body.addWidget(line)
        never = self.tr("Keyrack itself only reads. A program that you give the token can do all that it allows.")
        card.body.addWidget(Text(never, "caption", wrap=True))
        return card


def _about() -> Card:
    """The version, the licence, and what Keyrack is made of."""
    lines = (
        translate("HelpPage", "Keyrack {version}, under the Apache License 2.0.").format(version=__version__),
        translate("HelpPage", "It sends no report to anybody, and looks for updates only if you want it."),
        translate("HelpPage", "Libraries, with their licences:"),
    )
    card = _card(Topic("about", translate("HelpPage", "About Keyrack"), lines))
    qt = f"Qt {qVersion()}, LGPL-3.0-only"
    unknown = translate("HelpPage", "no licence stated")
    found = [f"{each.name} {each.version}, {each.licence or unknown}" for each in libraries()]
    card.body.addWidget(Text("\n".join([qt, *found]), "caption", wrap=True))
    return card


def _card(topic: Topic) -> Card:
    card = Card()
    card.setMinimumWidth(0)
    card.setObjectName(f"topic_{topic.name}")
    card.body.setSpacing(GAP_S)
    card.body.addWidget(Text(topic.title, "strong", wrap=True))
    for line in topic.lines:
        card.body.addWidget(Text(line, wrap=True))
    if topic.states:
        card.body.insertWidget(2, state_pictures())
    if topic.words:
        words = QWidget()
        flow = FlowLayout(words, gap=GAP_S)
        for word in topic.words:
            flow.addWidget(dotted(word))
        card.body.addWidget(words)
    return card
