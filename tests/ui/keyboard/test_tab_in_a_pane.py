"""Tab goes through an account's page in the order in which it is read."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.state import Retrying
from keyrack.net.network_errors import Unreachable
from keyrack.ui.account.account_pane import AccountPane
from tests.ui.harness import WindowHarness, button, holdings, make_harness

PAIR = tuple(Settings(id, id, "whitebit", "global", "authorization_code", "client") for id in ("w1", "w3"))
HEAD = ["copy_token", "menu_refresh", "more"]
CARDS = ["word_rights", "Hide zeros", "find", "balances_table", "Show more"]
_MOST = 40


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, PAIR)
    qtbot.addWidget(made.window)
    for account in made.rack.accounts:
        made.active(account.id, token=made.token(refresh=None))
        account.show_balances(holdings(made.clock))
        for _ in range(12):
            account.note("refreshed")
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


def opened(harness: WindowHarness, id: str = "w1") -> AccountPane:
    harness.contents.open(id)
    pane = harness.contents.pages.pane
    assert pane is not None
    return pane


def stops(pane: AccountPane, first: QWidget, key: Qt.Key = Qt.Key.Key_Tab) -> list[str]:
    """Where Tab stops on the page, from one control on."""
    first.setFocus(Qt.FocusReason.TabFocusReason)
    found: list[str] = []
    while (focus := QApplication.focusWidget()) is not None and pane.isAncestorOf(focus) and len(found) < _MOST:
        words = focus.text() if isinstance(focus, QAbstractButton) else "find"
        found.append(focus.objectName() or words)
        QTest.keyClick(focus, key)
    return found


def test_it_goes_from_the_head_over_the_token_and_the_balances_to_the_activity(harness: WindowHarness) -> None:
    pane = opened(harness)
    assert stops(pane, pane.header.copy_token) == HEAD + CARDS
    assert stops(pane, pane.activity.more, Qt.Key.Key_Backtab) == [*reversed(HEAD + CARDS)]


def test_the_page_comes_after_the_sidebar(harness: WindowHarness) -> None:
    pane = opened(harness)
    QTest.keyClick(pane.header.copy_token, Qt.Key.Key_Backtab)
    before = QApplication.focusWidget()
    assert before is not None
    assert harness.contents.sidebar.isAncestorOf(before)


def test_so_it_does_on_a_page_that_takes_another_account(harness: WindowHarness) -> None:
    pane = opened(harness)
    assert opened(harness, "w3") is pane
    assert stops(pane, pane.header.copy_token) == HEAD + CARDS


def test_a_form_comes_before_what_it_stands_above(harness: WindowHarness) -> None:
    pane = opened(harness)
    pane.open_form("remove")
    assert stops(pane, pane.header.refresh_now) == [*HEAD[1:], "inline_done", "inline_cancel", *CARDS]
    pane.open_form("rename")
    assert stops(pane, pane.header.refresh_now) == [*HEAD[1:], "field_name", "inline_done", "inline_cancel", *CARDS]
    pane.close_form()
    assert stops(pane, pane.header.copy_token) == HEAD + CARDS


def test_a_choice_of_a_form_is_reached_where_it_stands_whichever_it_is(harness: WindowHarness) -> None:
    pane = opened(harness)
    pane.open_form("scripts")
    form = ["inline_done", "inline_cancel", "scripts_call", "scripts_call_copy"]
    for choice in ("scripts:allow", "scripts:off"):
        button(harness, choice).setFocus()
        button(harness, choice).click()
        assert stops(pane, pane.header.refresh_now) == [*HEAD[1:], choice, *form, *CARDS]


def test_the_columns_change_nothing(harness: WindowHarness, qtbot: QtBot) -> None:
    pane = opened(harness)
    for width, beside in ((2000, True), (1000, False)):
        harness.window.resize(width, 900)
        qtbot.waitUntil(lambda beside=beside: pane.columns.beside == beside)  # type: ignore[misc]
        assert stops(pane, pane.header.copy_token) == HEAD + CARDS


def test_cards_that_come_later_are_reached_where_they_stand(harness: WindowHarness) -> None:
    harness.signed_out("w1")
    pane = opened(harness)
    harness.waiting("w1")
    steps = stops(pane, pane.header.cancel)
    assert steps[0] == "cancel"
    assert steps.index("open_again") < steps.index("balances_table")
    token, why = harness.token(refresh=None), Unreachable("example.org", "", detail="ConnectError")
    harness.active("w1", Retrying(harness.clock.elapsed + 20, why), token)
    assert stops(pane, pane.header.copy_token) == [*HEAD, "state_action", "state_connection", *CARDS]


def test_the_keys_scroll_the_page_from_its_head_as_well(harness: WindowHarness) -> None:
    harness.window.resize(900, 420)
    pane = opened(harness)
    QApplication.processEvents()
    bar = pane.page.verticalScrollBar()
    most, step, places = bar.maximum(), bar.pageStep(), []
    for key in (Qt.Key.Key_PageDown, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_Home):
        assert pane.header.copy_token.hasFocus()
        QTest.keyClick(pane.header.copy_token, key)
        places.append(bar.value())
    assert most > step
    assert places == [step, most, most - step, 0]
