"""Esc does one thing a press: it clears Find, leaves a form or page, closes a message, and leads back home."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.add_account.wizard import AddAccountWizard
from tests.ui.harness import WindowHarness, button, field, holdings, make_harness


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1").show_balances(holdings(made.clock))
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    return made


def escape(harness: WindowHarness) -> None:
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Escape)
    QApplication.processEvents()


def pane(harness: WindowHarness, id: str = "w1") -> AccountPane:
    harness.contents.open(id)
    found = harness.contents.pages.pane
    assert found is not None
    return found


def at_overview(harness: WindowHarness) -> bool:
    return harness.contents.pages.currentWidget() is harness.contents.pages.overview


@pytest.mark.parametrize("focused", [True, False])
def test_one_press_clears_find_the_next_leaves_the_form_then_closes_the_message_and_then_leads_home(
    harness: WindowHarness, focused: bool
) -> None:
    shown = pane(harness)
    shown.open_form("rename")
    shown.balances.search.setText("USDT")
    harness.contents.show_notice("urgent", "It failed.")
    (shown.balances.search if focused else shown.balances.table).setFocus()
    state = []
    for _ in range(3):
        escape(harness)
        form = any(edit.isVisible() for edit in shown.findChildren(QLineEdit, "field_name"))
        state.append((shown.balances.search.text(), form, harness.contents.notice.isVisible()))
    assert state == [("", True, True), ("", False, True), ("", False, False)]
    for _ in range(2):
        escape(harness)
        assert at_overview(harness), "which has nothing to leave itself"


def test_the_message_that_has_the_focus_is_closed_first(harness: WindowHarness) -> None:
    shown = pane(harness)
    shown.open_form("rename")
    harness.contents.show_notice("urgent", "It failed.")
    close = harness.contents.notice.banner.button
    assert close is not None
    close.setFocus()
    escape(harness)
    assert not harness.contents.notice.isVisible()
    assert field(harness, "field_name").isVisible()


def test_a_sign_in_that_waits_goes_on_when_its_page_is_left(harness: WindowHarness) -> None:
    cancelled: list[str] = []
    harness.actions.cancel = lambda account: cancelled.append(account.id)  # type: ignore[method-assign]
    harness.waiting("w2")
    pane(harness, "w2")
    escape(harness)
    assert cancelled == []
    assert at_overview(harness)


def test_adding_an_account_is_left_step_by_step(harness: WindowHarness) -> None:
    harness.contents.pages.add_account_at("whitebit")
    button(harness, "region:eu").click()
    for name in ("region:eu", "provider:whitebit"):
        escape(harness)
        assert isinstance(harness.contents.pages.currentWidget(), AddAccountWizard)
        assert button(harness, name).isVisible()
    escape(harness)
    assert at_overview(harness)


@pytest.mark.parametrize("covered", [False, True])
def test_adding_an_account_leads_back_to_the_account_that_was_open(harness: WindowHarness, covered: bool) -> None:
    pane(harness)
    if covered:
        harness.contents.pages.toggle_over("help")
    harness.contents.pages.add_account()
    button(harness, "provider:bitport").click()
    QTest.keyClicks(field(harness, "field_client_id"), "half-an-id")
    for _ in range(2):
        escape(harness)
    assert harness.contents.page_to_return_to() == "w1"
    harness.contents.open("")
    harness.contents.pages.add_account()
    escape(harness)
    assert at_overview(harness), "whence it was opened the second time"
    pane(harness)
    harness.contents.pages.add_account()
    button(harness, "cancel_adding").click()
    assert harness.contents.page_to_return_to() == "w1"


async def test_small_pages_are_left(harness: WindowHarness) -> None:
    pages = harness.contents.pages
    for go in (pages.lock_passphrase, pages.show_connection, pages.import_provider, pages.toggle_over):
        go()
        assert not at_overview(harness)
        escape(harness)
        if go == pages.import_provider:
            assert button(harness, "import_provider").isVisible()
            escape(harness)
        assert at_overview(harness)
