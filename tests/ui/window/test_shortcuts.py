"""A key that can do nothing where it is pressed says why, in one short sentence."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.harness import WindowHarness, holdings, make_harness

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is made.window)
    made.actions.refresh = lambda account: made.opened.append(account.id)  # type: ignore[method-assign]
    return made


def said(harness: WindowHarness, key: Qt.Key) -> str:
    """What is said after a press, "" for nothing."""
    harness.contents.notice.hide()
    held = Qt.KeyboardModifier.NoModifier if key == Qt.Key.Key_F5 else CONTROL
    QTest.keyClick(harness.window.windowHandle(), key, held)
    notice = harness.contents.notice
    return notice.banner.text.text() if notice.isVisible() else ""


def test_f5_ctrl_f_and_ctrl_c_tell_a_signed_out_account_from_other_pages(harness: WindowHarness) -> None:
    harness.signed_out("w1")
    harness.contents.open("w1")
    assert said(harness, Qt.Key.Key_F5) == "Sign in first. Then F5 renews."
    assert said(harness, Qt.Key.Key_C) == "Sign in first. Then Ctrl+C copies."
    assert said(harness, Qt.Key.Key_F) == "There is nothing to find: all there is can be seen here."
    harness.waiting("w1")
    assert said(harness, Qt.Key.Key_C) == "There is no token to copy: Waiting for the browser."
    harness.contents.pages.add_account()
    assert said(harness, Qt.Key.Key_F5) == "F5 renews an open account, on the overview all of them."
    assert said(harness, Qt.Key.Key_C) == "Open an account first. Then Ctrl+C copies its token."
    assert said(harness, Qt.Key.Key_F) == "Open the overview or an account first. Then Ctrl+F finds."
    assert QGuiApplication.clipboard().text() == ""


def test_where_they_work_they_say_nothing(harness: WindowHarness) -> None:
    harness.active("w1").show_balances(holdings(harness.clock))
    assert said(harness, Qt.Key.Key_F5) == ""
    harness.contents.open("w1")
    assert said(harness, Qt.Key.Key_F5) == ""
    assert said(harness, Qt.Key.Key_F) == ""


def test_a_number_without_an_account_is_named(harness: WindowHarness) -> None:
    assert said(harness, Qt.Key.Key_7) == "The list has no account with the number 7."
    assert harness.contents.pages.pane is None
    assert said(harness, Qt.Key.Key_6) == ""
    assert harness.contents.pages.pane is not None


@pytest.mark.security("S91")
async def test_while_locked_they_say_so_and_do_nothing(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    harness.rack.lock.lock(by_hand=True)
    for key in (Qt.Key.Key_F5, Qt.Key.Key_N, Qt.Key.Key_C, Qt.Key.Key_F, Qt.Key.Key_1, Qt.Key.Key_PageDown):
        assert said(harness, key) == "Unlock first."
    assert harness.contents.pages.count() == 1
    assert harness.contents.pages.isHidden()


def test_del_asks_about_the_open_account_and_says_where_there_is_none(harness: WindowHarness) -> None:
    harness.active("w1")
    harness.contents.open("w1")
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Delete)
    pane = harness.contents.pages.pane
    assert pane is not None
    assert pane.has_form
    assert harness.account("w1") in harness.rack.accounts
    harness.contents.pages.add_account()
    QTest.keyClick(harness.window.windowHandle(), Qt.Key.Key_Delete)
    assert (
        harness.contents.notice.banner.text.text() == "Choose an account first. Then Del removes it, after a question."
    )
