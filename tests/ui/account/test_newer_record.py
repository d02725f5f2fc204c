"""An account that a newer Keyrack has saved: nothing here offers a sign-in that could not be kept."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.vault.vault_errors import NewerSchema
from keyrack.ui.frontend import Frontend
from tests.ui.harness import WindowHarness, make_harness, visible_texts

NEWER = LoggedOut(Reason.ITEM_NEWER, NewerSchema())


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.window.show()
    return made


def offered(harness: WindowHarness) -> list[str]:
    """What can begin a sign-in in the pane that is open."""
    found = [*harness.window.findChildren(QAbstractButton, "sign_in")]
    lines = harness.window.findChildren(QLineEdit, "user_code")
    return [each.objectName() for each in (*found, *lines) if each.isVisible()]


@pytest.mark.security("S68")
@pytest.mark.parametrize(("id", "usual"), [("w1", "sign_in"), ("b2", "user_code")])
def test_the_pane_says_so_and_offers_no_sign_in(harness: WindowHarness, id: str, usual: str) -> None:
    harness.signed_out(id)
    harness.contents.open(id)
    assert usual in offered(harness)
    harness.feed(id, NEWER)
    assert offered(harness) == []
    said = visible_texts(harness.window)
    assert "This account was saved by a newer version of Keyrack." in said
    assert "Use the newer version for this account." in said


@pytest.mark.security("S68")
def test_neither_does_the_overview(harness: WindowHarness) -> None:
    def offered_there() -> bool:
        action = harness.contents.pages.overview.cards["p1"].action
        return action is not None and action.isVisible()

    harness.signed_out("p1")
    assert offered_there()
    assert harness.account("p1") in harness.actions.sign_in_round.waiting()
    harness.feed("p1", NEWER)
    assert not offered_there()
    assert harness.account("p1") not in harness.actions.sign_in_round.waiting()


@pytest.mark.security("S68")
async def test_neither_does_the_tray(harness: WindowHarness) -> None:
    harness.signed_out("w2")
    harness.feed("w1", NEWER)
    frontend = Frontend(harness.window, harness.rack)
    menus = {action.text(): action.menu() for action in frontend.tray.menu.actions()}
    can = {name: menus[name].actions()[2].isEnabled() for name in menus if "Trading" in name}  # type: ignore[attr-defined]
    assert can == {"Trading · sign in": False, "Trading EU · sign in": True}
    await frontend.close()


@pytest.mark.security("S68")
async def test_nothing_is_asked_when_it_is_pressed_all_the_same(harness: WindowHarness) -> None:
    account = harness.feed("w1", NEWER)
    await harness.rack.sign_in(account)
    assert account.state is NEWER
    assert account.activity.lines() == ()
    outcome = harness.rack.sign_ins.outcome(account)
    assert outcome is not None
    assert outcome.code == "keyring_record_newer"
