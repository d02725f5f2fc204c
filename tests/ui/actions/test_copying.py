"""What is put on the clipboard, and what is a secret there."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from keyrack.core.access.lock import LockRefused
from tests.ui.harness import CANARY, WindowHarness, bench


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return bench(tmp_path, sandbox=False)


def test_the_curl_command_asks_the_accounts_api_and_posts_where_the_api_wants_it(b: WindowHarness) -> None:
    for id, expected in (
        ("w1", "keyrack header Trading | curl --header @- -X POST https://whitebit.com/"),
        ("p1", "keyrack header 'Main desk' | curl --header @- https://api.probit.com/"),
        ("b1", "keyrack header Archive | curl --header @- https://api.bitport.io/"),
    ):
        b.actions.copying.curl(b.account(id))
        assert QGuiApplication.clipboard().text().startswith(expected)


@pytest.mark.security("S94")
def test_the_curl_command_holds_no_secret_so_it_is_ordinary_text_that_stays(b: WindowHarness) -> None:
    account = b.active("w1")
    b.actions.copying.curl(account)
    copied = QGuiApplication.clipboard().text()
    assert CANARY not in copied
    assert "Bearer" not in copied
    assert not b.clipboard.holds_secret
    assert b.clipboard.formats() == ["text/plain"]
    assert account.activity.lines()[0].notice.code == "curl_copied"
    b.hands.move(60)
    b.clipboard.clear()
    assert QGuiApplication.clipboard().text() == copied


def test_the_curl_command_needs_no_token(b: WindowHarness) -> None:
    b.actions.copying.curl(b.signed_out("w1"))
    assert QGuiApplication.clipboard().text().startswith("keyrack header Trading |")


@pytest.mark.security("S91")
def test_no_command_is_copied_while_locked(b: WindowHarness) -> None:
    b.rack.lock.lock(by_hand=True)
    with pytest.raises(LockRefused):
        b.actions.copying.curl(b.account("w1"))
    assert QGuiApplication.clipboard().text() == ""
