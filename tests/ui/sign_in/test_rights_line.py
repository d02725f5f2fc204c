"""The line of rights: whether the provider was tried with a real account, and a test network."""

from pytestqt.qtbot import QtBot

from keyrack.ui.sign_in.rights_line import RightsLine
from keyrack.ui.widgets.controls import Badge

TRIED = "from documents, not tried live"


def labels(line: RightsLine) -> list[str]:
    return [badge.text() for badge in line.findChildren(Badge)]


def test_it_is_said_beside_the_rights(qtbot: QtBot) -> None:
    line = RightsLine(pkce=True, tried=TRIED, test_network=True)
    qtbot.addWidget(line)
    line.show_scopes(("balances:read",), ())
    assert labels(line) == ["See balances", "test network", TRIED]
    plain = RightsLine(pkce=True)
    qtbot.addWidget(plain)
    plain.show_scopes(("balances:read",), ())
    assert labels(plain) == ["See balances"]
