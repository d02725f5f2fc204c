"""The frontend: tray, window and notices agree, and nothing is looked at in vain."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from keyrack.broker.routes.status_body import account_answer
from keyrack.core.accounts.state import LoggedOut, Reason, State, Unreadable
from keyrack.core.vault.vault_errors import Denied
from keyrack.oauth.oauth_errors import ClientRejected, SignInCancelled
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.tray import CHECKS, LATE_CHECKS
from keyrack.ui.preferences.preferences_page import PreferencesPage
from keyrack.ui.text.state_text import AccountView
from keyrack.ui.text.summary_text import summary
from tests.ui.harness import ACCOUNTS, WindowHarness, holdings, in_front, make_harness, seen, visible_texts

WHY = Denied()


async def test_a_tray_is_looked_for_again_when_the_window_is_closed(harness: WindowHarness, frontend: Frontend) -> None:
    """A panel may come long after Keyrack. Without one the window stays in the task bar."""
    timer = frontend.tray.findChild(QTimer)
    assert timer is not None
    for _ in range(CHECKS + LATE_CHECKS):
        timer.timeout.emit()
    assert not timer.isActive()
    harness.window.close()
    assert harness.window.isMinimized()
    assert timer.isActive()


async def test_the_tray_opens_the_settings_and_keeps_notices_back(harness: WindowHarness, frontend: Frontend) -> None:
    entries = {action.text(): action for action in frontend.tray.menu.actions()}
    entries["Settings…"].trigger()
    contents = harness.window.contents
    assert contents is not None
    assert isinstance(contents.pages.currentWidget(), PreferencesPage)
    menu = entries["Keep notices back"].menu()
    assert isinstance(menu, QMenu)
    menu.actions()[0].trigger()
    assert "All notices are kept back until" in visible_texts(harness.window)
    harness.rack.lock.lock(by_hand=True)
    assert not entries["Settings…"].isEnabled()


async def test_the_tray_opens_the_page_of_an_account(harness: WindowHarness, frontend: Frontend) -> None:
    """Of one that failed for a reason that no sign-in mends, the page alone says what to do."""
    harness.feed("w1", Unreadable(WHY))
    frontend.tray.update()
    harness.window.hide()
    menu = next(action.menu() for action in frontend.tray.menu.actions() if action.text().startswith("Trading"))
    assert isinstance(menu, QMenu)
    next(entry for entry in menu.actions() if entry.text() == "Open").trigger()
    assert harness.window.isVisible()
    contents = harness.window.contents
    assert contents is not None
    assert contents.place() == ("w1", "")


@pytest.mark.security("S97")
async def test_a_token_that_is_back_on_the_clipboard_is_told_in_the_window(
    harness: WindowHarness, frontend: Frontend
) -> None:
    frontend.clipboard.returned.emit("w1")
    said = visible_texts(harness.window)
    assert "Trading: What Keyrack had copied and cleared is on the clipboard again" in said
    assert "Delete it from that program's history" in said


@pytest.mark.parametrize(
    ("state", "needs"),
    [
        (LoggedOut(Reason.NEW), False),
        (LoggedOut(Reason.NEW, SignInCancelled("sign_in_cancelled_by_person")), False),
        (LoggedOut(Reason.NEW, ClientRejected("client_rejected", server="WhiteBIT")), True),
        (LoggedOut(Reason.SIGNED_OUT, ClientRejected("client_rejected", server="WhiteBIT")), True),
        (LoggedOut(Reason.REFRESH_EXPIRED), True),
        (Unreadable(WHY), True),
    ],
)
async def test_pane_sidebar_overview_tray_notices_and_command_line_agree_on_who_needs_you(
    harness: WindowHarness, frontend: Frontend, state: State, needs: bool
) -> None:
    for account in harness.rack.accounts:
        harness.active(account.id)
    account = harness.feed("w1", state)
    view = AccountView(account, harness.rack.clock)
    assert (view.kind in ("needs", "locked")) == view.needs_person == needs
    await seen(lambda: ("needs you" in visible_texts(harness.window)) == needs)
    await seen(lambda: ("1 needs you" in frontend.tray.tooltip(frontend.entries())) == needs)
    views = [AccountView(each, harness.rack.clock) for each in harness.rack.accounts]
    counted = summary(views).removesuffix(".").replace(f" of {len(views)}", "")
    await seen(lambda: frontend.tray.tooltip(frontend.entries()) == counted)
    await seen(lambda: (frontend.notifications.due_in is not None) == needs)
    assert account_answer(account, harness.rack)["needs_you"] == needs


async def test_behind_a_hidden_window_only_a_changed_account_is_looked_at(qtbot: QtBot, tmp_path: Path) -> None:
    """Each look at an account that is signed in asks the clock."""
    harness = make_harness(tmp_path, tuple(replace(ACCOUNTS[4], id=f"m{at}", name=f"Desk {at}") for at in range(124)))
    for account in harness.rack.accounts:
        harness.active(account.id)
    frontend = Frontend(harness.window, harness.rack)
    await seen(lambda: frontend.tray.state != "needs" and len(frontend.entries()) == 124)
    before = harness.clock.asked
    harness.account("m0").show_balances(holdings(harness.clock))
    harness.signed_out("m1", Reason.REFRESH_EXPIRED)
    harness.active("m2")
    await seen(lambda: frontend.entries()[1].status == "needs_login")
    assert harness.clock.asked - before < 40
    assert [entry.id for entry in frontend.entries()] == [account.id for account in harness.rack.accounts]
    await frontend.close()


async def test_an_account_is_in_front_of_the_person_where_its_pane_is_open_in_the_active_window(
    qtbot: QtBot, tmp_path: Path
) -> None:
    harness = in_front(qtbot, tmp_path)
    frontend = Frontend(harness.window, harness.rack)
    contents = harness.window.contents
    assert contents is not None
    await harness.rack.lock.load()
    assert not frontend.is_in_front("w1"), "the overview shows all of them"
    contents.open("w1")
    assert frontend.is_in_front("w1")
    assert not frontend.is_in_front("w2")
    harness.rack.lock.lock(by_hand=False)
    assert not frontend.is_in_front("w1")
    harness.rack.lock.unlock_by_press()
    assert frontend.is_in_front("w1")
    contents.pages.add_account()
    wizard = contents.pages.currentWidget()
    assert isinstance(wizard, AddAccountWizard)
    assert not frontend.is_in_front("w1")
    wizard.test(harness.account("w2"))
    assert frontend.is_in_front("w2"), "its test is"
    harness.window.hide()
    assert not frontend.is_in_front("w2")
    await frontend.close()
