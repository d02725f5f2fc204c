"""What a person is told of a provider whose file comes from documents alone, and of a test network."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider
from keyrack.ui.sign_in.rights_line import RightsLine
from keyrack.ui.text.scope_text import rights
from keyrack.ui.widgets.controls import Badge
from tests.ui.add_account.test_wizard import go_to_credentials
from tests.ui.harness import bench

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


@pytest.mark.parametrize("found", [found for found in built_in() if found.scope], ids=lambda found: found.id)
def test_the_rights_that_keyrack_asks_for_are_words_and_none_is_risky(found: Provider) -> None:
    """Deribit's trade:none is the opposite of trading."""
    shown = rights(found.scope.split())
    assert not [right for right in shown if right.risky]
    assert all(right.words != right.scope for right in shown)
    assert rights(["trade:read_write", "wallet:none"])[0].risky


async def test_it_is_said_where_the_credentials_are_entered(qtbot: QtBot, tmp_path: Path) -> None:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.pages.add_account()
    step = await go_to_credentials(made, "gemini", "sandbox")
    texts = [label.text() for label in step.findChildren(QLabel)]
    assert f"Gemini: {TRIED}." in texts
    assert not step.form.client_secret.isVisible()
    assert step.form.redirect.isVisible()
