"""The step for credentials: what it says of a provider that was not tried with a real account."""

from pathlib import Path

from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.ui.add_account.test_wizard import go_to_credentials
from tests.ui.harness import make_harness

TRIED = "from documents, not tried live"


async def test_it_is_said_where_the_credentials_are_entered(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.pages.add_account()
    step = await go_to_credentials(made, "gemini", "sandbox")
    texts = [label.text() for label in step.findChildren(QLabel)]
    assert any(TRIED.capitalize() in text for text in texts)
    assert not step.form.client_secret.isVisible()
    assert step.form.redirect.isVisible()
