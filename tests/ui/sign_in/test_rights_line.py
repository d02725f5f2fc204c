"""What a token may do, in sentences, and below the card what else is worth knowing of its provider."""

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from keyrack.providers.registry import built_in
from keyrack.ui.sign_in.info_line import InfoLine
from keyrack.ui.sign_in.rights_line import RightsLine

ALL = {provider.id: provider for provider in built_in()}


def test_rights_are_sentences_and_the_risky_ones_come_first(qtbot: QtBot) -> None:
    line = RightsLine()
    qtbot.addWidget(line)
    line.show()
    line.show_scopes(("balances:read", "trading", "withdrawal", "Own.Scope"), ("trading",))
    assert line.warning.text.text() == "Can trade, can withdraw. Whoever holds this token can act for you."
    assert line.others.text.text() == "See balances, Own.Scope."
    assert line.others.text.toolTip() == "balances:read, Own.Scope"
    line.show_scopes(("balances:read",), ())
    assert not line.warning.isVisible()
    picture = next(label for label in line.others.findChildren(QLabel) if not label.text())
    can_see = picture.pixmap().toImage()
    line.show_scopes((), ())
    assert picture.pixmap().toImage() != can_see, "nothing says that anything can be seen"
    assert line.others.text.text() == "The provider does not state the rights."


def test_a_key_says_what_to_do(qtbot: QtBot) -> None:
    line = RightsLine(key_of="WhiteBIT")
    qtbot.addWidget(line)
    line.show_scopes(("trading",), ("trading",))
    assert "delete the key at WhiteBIT" in line.warning.text.text()


@pytest.mark.parametrize(
    ("id", "region", "said"),
    [
        ("deribit", "test", "Test network, no real money  ·  From documents, not tried live"),
        ("bitport", "global", "No PKCE"),
        ("probit", "global", ""),
    ],
)
def test_provenance_and_technique_stand_apart(qtbot: QtBot, id: str, region: str, said: str) -> None:
    provider = ALL[id]
    page = QWidget()
    qtbot.addWidget(page)
    line = InfoLine(provider, region, next(iter(provider.flows)))
    QVBoxLayout(page).addWidget(line)
    page.show()
    assert line.text.text() == said
    assert line.isVisible() is bool(said)


def test_a_flow_without_a_code_needs_no_pkce(qtbot: QtBot) -> None:
    line = InfoLine(ALL["bitport"], "global", "authorization_code")
    qtbot.addWidget(line)
    line.tell(ALL["bitport"], "global", "device_code")
    assert "PKCE" not in line.text.text()
