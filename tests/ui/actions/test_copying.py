"""What is put on the clipboard, and what is a secret there."""

from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from keyrack.command_name import command_name
from keyrack.core.access.lock import LockRefused
from keyrack.core.accounts.state import LoggedOut, Reason, Retrying, State
from keyrack.primitives.failure import Failure
from tests.ui.harness import CANARY, WindowHarness, make_harness, seen


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return make_harness(tmp_path, sandbox=False)


def test_the_curl_command_asks_the_accounts_api_and_posts_where_the_api_wants_it(harness: WindowHarness) -> None:
    for id, expected in (
        ("w1", "header Trading | curl --header @- -X POST https://whitebit.com/"),
        ("p1", "header 'Main desk' | curl --header @- https://api.probit.com/"),
        ("b1", "header Archive | curl --header @- https://api.bitport.io/"),
    ):
        harness.actions.copying.curl(harness.account(id))
        assert QGuiApplication.clipboard().text().startswith(f"{command_name()} {expected}")


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
    assert QGuiApplication.clipboard().text().startswith(f"{command_name()} header Trading |")


@pytest.mark.security("S91")
def test_no_command_is_copied_while_locked(harness: WindowHarness) -> None:
    harness.rack.lock.lock(by_hand=True)
    with pytest.raises(LockRefused):
        harness.actions.copying.curl(harness.account("w1"))
    assert QGuiApplication.clipboard().text() == ""


async def copied(harness: WindowHarness) -> None:
    """A token of the account w1 lies on the clipboard."""
    harness.active("w1")
    harness.actions.copy(harness.account("w1"))
    await seen(lambda: harness.clipboard.holds_secret)


@pytest.mark.security("S96")
@pytest.mark.parametrize("way", ["sign_out", "remove"])
async def test_a_token_is_cleared_when_the_rack_ends_it_whoever_asked_for_that(
    harness: WindowHarness, way: str
) -> None:
    """The command line and the agent call the rack, and press no button."""
    await copied(harness)
    await getattr(harness.rack, way)(harness.account("w1"))
    assert QGuiApplication.clipboard().text() == ""


@pytest.mark.security("S96")
async def test_a_token_is_cleared_when_a_removal_begins_although_it_can_be_undone(harness: WindowHarness) -> None:
    await copied(harness)
    harness.actions.remove(harness.account("w1"))
    await seen(lambda: bool(harness.rack.removals.pending))
    assert QGuiApplication.clipboard().text() == ""
    harness.rack.removals.undo(harness.rack.removals.pending[0])
    await seen(lambda: harness.tasks.idle)


@pytest.mark.security("S96")
@pytest.mark.parametrize(
    "end",
    [LoggedOut(Reason.REFRESH_REJECTED), LoggedOut(Reason.WRONG_ACCOUNT), LoggedOut(Reason.REFRESH_EXPIRED)],
    ids=["by the provider", "another identity", "by time"],
)
async def test_a_token_is_cleared_when_its_account_loses_it_by_itself(harness: WindowHarness, end: State) -> None:
    await copied(harness)
    harness.feed("w1", end)
    assert QGuiApplication.clipboard().text() == ""
    assert not harness.clipboard.holds_secret


@pytest.mark.security("S95", "S96")
async def test_a_token_stays_through_what_does_not_end_it(harness: WindowHarness) -> None:
    await copied(harness)
    harness.active("p1")
    harness.signed_out("p1")
    harness.active("w1", Retrying(harness.clock.elapsed + 8, Failure("unexpected")))
    harness.account("w1").note("token_copied")
    assert QGuiApplication.clipboard().text() == "canary-access-token"
    harness.clipboard.clear()
    QGuiApplication.clipboard().setText("a shopping list")
    harness.signed_out("w1")
    assert QGuiApplication.clipboard().text() == "a shopping list"
