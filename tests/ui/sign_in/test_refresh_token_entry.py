"""The entry for a refresh token in the window: masked, taken once, and never left in the field."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.oauth.endpoints.token_response import LONGEST_TOKEN
from keyrack.startup.sandbox_accounts import store_provider_files
from keyrack.ui.sign_in.user_code_entry import RefreshTokenEntry
from keyrack.ui.widgets.secret_edit import SecretEdit
from tests.core.sites.test_user_files import FILE
from tests.ui.harness import WindowHarness, button, make_harness, visible_texts

BY_TOKEN = FILE.replace("[flows.client_credentials]", '[flows.refresh_token]\nneeds_secret = "optional"').replace(
    'renewal = "again"\n', ""
)
ACCOUNT = Settings("e1", "Own", "sample", "main", "refresh_token", "sample-client")


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    store_provider_files(tmp_path / "config", {"sample.toml": BY_TOKEN})
    made = make_harness(tmp_path, (ACCOUNT,))
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.open("e1")
    made.feed("e1", LoggedOut(Reason.NEW))
    return made


def entry(harness: WindowHarness) -> SecretEdit:
    found = harness.window.findChild(SecretEdit, "refresh_token")
    assert isinstance(found, SecretEdit)
    return found


@pytest.mark.security("S98")
def test_it_is_masked_and_takes_a_long_token(harness: WindowHarness) -> None:
    edit = entry(harness)
    assert edit.isVisible()
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    assert edit.maxLength() == LONGEST_TOKEN
    assert edit.accessibleName() == "Refresh token from Sample"


def test_without_a_token_it_says_so_and_sends_nothing(harness: WindowHarness) -> None:
    button(harness, "sign_in").click()
    assert "Paste the refresh token first." in visible_texts(harness.window)


@pytest.mark.security("S55")
def test_it_is_taken_out_of_the_field_when_it_is_sent(qtbot: QtBot) -> None:
    sent: list[str] = []
    made = RefreshTokenEntry("Sample", lambda: None)
    qtbot.addWidget(made)
    made.submitted.connect(lambda secret: sent.append(secret.reveal()))
    made.edit.setText("canary-refresh")
    made.submit()
    assert sent == ["canary-refresh"]
    assert made.edit.text() == ""
