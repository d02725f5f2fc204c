"""A half-filled form survives leaving and coming back, until it is cancelled or Keyrack locks."""

from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.ui.add_account.sign_in_step import SignInStep
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.widgets.secret_edit import SecretEdit
from tests.ui.harness import WindowHarness, button, field, make_harness

SECRET = "canary-client-secret"


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.window.show()
    made.contents.pages.add_account_at("whitebit")
    button(made, "region:eu").click()
    QTest.keyClicks(field(made, "field_client_id"), "half-an-id")
    QTest.keyClicks(field(made, "field_client_secret"), SECRET)
    return made


def is_kept(harness: WindowHarness) -> bool:
    return (field(harness, "field_client_id").text(), field(harness, "field_client_secret").text()) == (
        "half-an-id",
        SECRET,
    )


def leave_for(harness: WindowHarness, page: str) -> None:
    """Open another page, and let Qt delete what was given up for it."""
    harness.contents.open(page)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.security("S98")
def test_it_is_there_again_after_another_page(harness: WindowHarness) -> None:
    secret = field(harness, "field_client_secret")
    assert isinstance(secret, SecretEdit)
    secret.reveal()
    for page in ("w1", ""):
        leave_for(harness, page)
        harness.contents.pages.add_account()
        assert is_kept(harness)
        assert not secret.revealed
    harness.contents.pages.add_account_at("whitebit")
    button(harness, "region:eu").click()
    assert is_kept(harness)


def test_a_step_back_and_ctrl_n_keep_it(harness: WindowHarness) -> None:
    harness.contents.pages.escape()
    button(harness, "region:eu").click()
    assert is_kept(harness)
    harness.contents.pages.add_account()
    button(harness, "provider:whitebit").click()
    button(harness, "region:eu").click()
    assert is_kept(harness)
    harness.contents.pages.escape()
    button(harness, "region:global").click()
    assert field(harness, "field_client_id").text() == ""


def test_ctrl_n_on_a_page_that_lies_over_it_begins_anew_and_keeps_it(harness: WindowHarness) -> None:
    wizard = harness.contents.pages.currentWidget()
    harness.contents.pages.toggle_over("keys")
    harness.contents.pages.add_account()
    assert harness.contents.pages.currentWidget() is wizard
    assert harness.window.focusWidget() is button(harness, "provider:bitport")
    button(harness, "provider:whitebit").click()
    button(harness, "region:eu").click()
    assert is_kept(harness)
    assert harness.contents.pages.count() == 2, "the overview and this"


def test_its_own_cancel_drops_it(harness: WindowHarness) -> None:
    button(harness, "cancel_adding").click()
    assert harness.contents.pages.currentWidget() is harness.contents.pages.overview
    harness.contents.pages.add_account_at("whitebit")
    button(harness, "region:eu").click()
    assert field(harness, "field_client_id").text() == ""


def test_what_was_typed_survives_another_way_to_sign_in_and_another_page(qtbot: QtBot, tmp_path: Path) -> None:
    harness = make_harness(tmp_path)
    harness.window.show()
    harness.contents.pages.add_account_at("bitport")
    QTest.keyClicks(field(harness, "field_client_id"), "half-an-id")
    button(harness, "flow:user_code").click()
    leave_for(harness, "w1")
    harness.contents.pages.add_account_at("bitport")
    assert field(harness, "field_client_id").text() == "half-an-id"


@pytest.mark.parametrize("kind", ["provider:bitport", "import_provider"])
def test_a_form_into_which_nothing_was_typed_is_not_kept(qtbot: QtBot, tmp_path: Path, kind: str) -> None:
    harness = make_harness(tmp_path)
    harness.window.show()
    pages = harness.contents.pages
    before = pages.count()
    pages.add_account()
    button(harness, kind).click()
    leave_for(harness, "")
    assert pages.count() == before


@pytest.mark.security("S91")
async def test_a_lock_drops_it_also_from_another_page(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    leave_for(harness, "w1")
    harness.rack.lock.lock(by_hand=False)
    harness.rack.lock.unlock_by_press()
    harness.contents.pages.add_account_at("whitebit")
    button(harness, "region:eu").click()
    assert field(harness, "field_client_id").text() == ""
    assert field(harness, "field_client_secret").text() == ""


def begin_at_the_test(harness: WindowHarness) -> AddAccountWizard:
    """Change the secret of an account that has just been added."""
    wizard = harness.contents.pages.currentWidget()
    assert isinstance(wizard, AddAccountWizard)
    harness.signed_out("b2")
    wizard.test(harness.account("b2"))
    assert isinstance(wizard.step, SignInStep)
    wizard.step.open_form()
    QTest.keyClicks(field(harness, "field_client_secret"), SECRET)
    return wizard


def leave_the_test(harness: WindowHarness, way: str) -> None:
    pages = harness.contents.pages
    if way == "esc":
        before = pages.currentWidget()
        pages.escape()
        assert pages.currentWidget() is before, "the first one leaves the form"
        pages.escape()
        assert harness.contents.page_to_return_to() == "b2"
    elif way == "add":
        pages.add_account()
    else:
        harness.contents.open("w1")
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.mark.parametrize("way", ["esc", "add", "other"])
def test_what_was_begun_at_the_test_goes_on_in_the_pane_and_another_account_begins_anew(
    harness: WindowHarness, way: str
) -> None:
    begin_at_the_test(harness)
    leave_the_test(harness, way)
    harness.contents.pages.add_account()
    assert harness.window.focusWidget() is button(harness, "provider:bitport")
    harness.contents.open("b2")
    pane = harness.contents.pages.pane
    assert pane is not None
    pane.open_form("edit")
    assert field(harness, "field_client_secret").text() == SECRET
    button(harness, "inline_cancel").click()
    pane.open_form("edit")
    assert field(harness, "field_client_secret").text() == ""


def test_the_close_of_the_test_drops_what_was_begun_there(harness: WindowHarness) -> None:
    begin_at_the_test(harness)
    button(harness, "cancel_adding").click()
    assert harness.contents.pages.pane is not None
    harness.contents.pages.pane.open_form("edit")
    assert field(harness, "field_client_secret").text() == ""


@pytest.mark.security("S51")
@pytest.mark.parametrize("way", ["", "esc", "add", "other"])
def test_a_removed_account_takes_its_test_and_what_was_typed_there_with_it(harness: WindowHarness, way: str) -> None:
    begin_at_the_test(harness)
    if way:
        leave_the_test(harness, way)
    harness.rack.accounts.hide(harness.account("b2"))
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    typed = [line.text() for line in harness.window.findChildren(QLineEdit)]
    assert SECRET not in typed
    harness.contents.pages.add_account()
    assert harness.window.focusWidget() is button(harness, "provider:bitport")
