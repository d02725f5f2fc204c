"""What is put on the clipboard, and what is a secret there."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from keyrack.core.access.lock import LockRefused
from tests.ui.harness import CANARY, WindowHarness, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return make_harness(tmp_path, sandbox=False)


def test_the_curl_command_asks_the_accounts_api_and_posts_where_the_api_wants_it(harness: WindowHarness) -> None:
    for id, expected in (
        ("w1", "keyrack header Trading | curl --header @- -X POST https://whitebit.com/"),
        ("p1", "keyrack header 'Main desk' | curl --header @- https://api.probit.com/"),
        ("b1", "keyrack header Archive | curl --header @- https://api.bitport.io/"),
    ):
        harness.actions.copying.curl(harness.account(id))
        assert QGuiApplication.clipboard().text().startswith(expected)


@pytest.mark.security("S94")
def test_the_curl_command_holds_no_secret_so_it_is_ordinary_text_that_stays(harness: WindowHarness) -> None:
    account = harness.active("w1")
    harness.actions.copying.curl(account)
    copied = QGuiApplication.clipboard().text()
    assert CANARY not in copied
    assert "Bearer" not in copied
    assert not harness.clipboard.holds_secret
    assert harness.clipboard.formats() == ["text/plain"]
    assert account.activity.lines()[0].notice.code == "curl_copied"
    harness.clock.move(60)
    harness.clipboard.clear()
    assert QGuiApplication.clipboard().text() == copied


def test_the_curl_command_needs_no_token(harness: WindowHarness) -> None:
    harness.actions.copying.curl(harness.signed_out("w1"))
    assert QGuiApplication.clipboard().text().startswith("keyrack header Trading |")


@pytest.mark.security("S91")
def test_no_command_is_copied_while_locked(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=True)
    with pytest.raises(LockRefused):
        harness.actions.copying.curl(harness.account("w1"))
    assert QGuiApplication.clipboard().text() == ""
