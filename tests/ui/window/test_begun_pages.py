"""What was typed on a page survives another page, until it is finished, dropped, or Keyrack locks."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from keyrack.ui.connection.connection_page import ConnectionPage
from keyrack.ui.lock.passphrase_page import PassphrasePage
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, visible_texts

TYPED = "canary-typed"


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.signed_out("b2")
    made.window.show()
    return made


def leave_for(harness: WindowHarness, page: str = "") -> None:
    """Open another page, and let Qt delete what was given up for it."""
    harness.contents.open(page)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def begin_passphrase(harness: WindowHarness) -> str:
    harness.contents.pages.lock_passphrase()
    return "passphrase_new"


def begin_connection(harness: WindowHarness) -> str:
    harness.contents.program.open_connection()
    for way in harness.window.findChildren(QRadioButton, "connection:own"):
        way.click()
    return "connection_address"


def begin_user_code(harness: WindowHarness) -> str:
    leave_for(harness, "b2")
    return "user_code"


def begin_pasted_address(harness: WindowHarness) -> str:
    leave_for(harness, "b1")
    if not [line for line in harness.window.findChildren(QLineEdit, "pasted_address") if line.isVisible()]:
        harness.waiting("b1")
        button(harness, "paste_address").click()
    return "pasted_address"


BEGINNINGS = (begin_passphrase, begin_connection, begin_user_code, begin_pasted_address)
Begin = Callable[[WindowHarness], str]


def lines(harness: WindowHarness, name: str) -> list[QLineEdit]:
    return [line for line in harness.window.findChildren(QLineEdit, name) if line.isVisible()]


@pytest.mark.parametrize("begin", BEGINNINGS)
async def test_it_is_there_again_after_other_pages(harness: WindowHarness, begin: Begin) -> None:
    QTest.keyClicks(field(harness, begin(harness)), TYPED)
    for page in ("w1", ""):
        leave_for(harness, page)
        assert lines(harness, begin(harness)) == [field(harness, begin(harness))]
        assert field(harness, begin(harness)).text() == TYPED
    await harness.tasks.close()


@pytest.mark.parametrize("begin", BEGINNINGS)
async def test_nothing_is_kept_where_nothing_was_typed(harness: WindowHarness, begin: Begin) -> None:
    before = harness.contents.pages.count()
    harness.contents.pages.lock_passphrase() if begin is begin_connection else begin(harness)
    leave_for(harness)
    assert harness.contents.pages.count() == before
    await harness.tasks.close()


@pytest.mark.security("S91")
@pytest.mark.parametrize("begin", BEGINNINGS)
async def test_a_lock_drops_it_from_the_open_page_and_from_one_that_was_left(
    harness: WindowHarness, begin: Begin
) -> None:
    await harness.rack.lock.load()
    for left in (False, True):
        QTest.keyClicks(field(harness, begin(harness)), TYPED)
        if left:
            leave_for(harness)
        harness.rack.lock.lock(by_hand=False)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert harness.contents.pages.count() == 1
        harness.rack.lock.unlock_by_press()
        harness.signed_out("b1")
        assert field(harness, begin(harness)).text() == ""
        leave_for(harness)
    await harness.tasks.close()


async def test_cancel_and_esc_drop_a_begun_passphrase(harness: WindowHarness) -> None:
    for drop in (lambda: button(harness, "passphrase_cancel").click(), harness.contents.pages.escape):
        QTest.keyClicks(field(harness, begin_passphrase(harness)), TYPED)
        drop()
        assert not isinstance(harness.contents.pages.currentWidget(), PassphrasePage)
        assert field(harness, begin_passphrase(harness)).text() == ""


async def test_a_passphrase_that_is_set_while_another_page_is_open_leaves_that_page_open(
    harness: WindowHarness,
) -> None:
    begin_passphrase(harness)
    for name in ("passphrase_new", "passphrase_again"):
        QTest.keyClicks(field(harness, name), TYPED)
    button(harness, "passphrase_save").click()
    leave_for(harness, "w1")
    await seen(lambda: harness.rack.lock.has_passphrase and harness.tasks.idle)
    assert harness.contents.pages.pane is not None
    assert "The lock passphrase is set." in visible_texts(harness.window)
    begin_passphrase(harness)
    assert [field(harness, f"passphrase_{name}").text() for name in ("old", "new", "again")] == ["", "", ""]


async def test_a_way_that_is_chosen_and_not_in_force_is_kept_and_leads_back_to_where_it_was_opened(
    harness: WindowHarness,
) -> None:
    begin_connection(harness)
    leave_for(harness, "w1")
    harness.contents.program.open_connection()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, ConnectionPage)
    assert page.form.way.chosen == "own"
    page.back.click()
    assert harness.contents.page_to_return_to() == "w1"
    await harness.tasks.close()


def test_a_pair_that_was_pasted_into_an_open_form_is_kept(harness: WindowHarness) -> None:
    leave_for(harness, "w1")
    harness.contents.pages.begin("w1", "edit")
    edit = field(harness, "field_client_id")
    edit.selectAll()
    edit.insert("sample-id:canary-secret")
    edit.textEdited.emit(edit.text())
    leave_for(harness)
    leave_for(harness, "w1")
    assert field(harness, "field_client_id").text() == "sample-id"
    assert field(harness, "field_client_secret").text() == "canary-secret"
