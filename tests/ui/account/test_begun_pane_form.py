"""A half-filled form on an account's pane survives another page, until it is finished, cancelled or Keyrack locks."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from keyrack.core.failures import AccountGone
from keyrack.core.vault.vault_errors import Locked
from keyrack.primitives.failure import Failure
from keyrack.ui.account.account_pane import AccountPane
from keyrack.ui.widgets.secret_edit import SecretEdit
from tests.ui.harness import WindowHarness, button, field, make_harness, seen, visible_texts

SECRET = "canary-client-secret"


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.window.show()
    return made


def go_to(harness: WindowHarness, id: str) -> None:
    """Open a page, and let Qt delete what was given up for it."""
    harness.contents.open(id)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def pane(harness: WindowHarness) -> AccountPane:
    found = harness.contents.pages.pane
    assert found is not None
    return found


def begin(harness: WindowHarness, what: str = "edit") -> None:
    go_to(harness, "w1")
    pane(harness).open_form(what)
    if what == "edit":
        QTest.keyClicks(field(harness, "field_client_secret"), SECRET)


def lines(harness: WindowHarness) -> list[QLineEdit]:
    """The lines of a form that is open."""
    return [line for line in harness.window.findChildren(QLineEdit, "field_client_secret") if line.isVisible()]


@pytest.mark.security("S98")
def test_it_is_there_again_after_other_pages(harness: WindowHarness) -> None:
    begin(harness)
    secret = field(harness, "field_client_secret")
    assert isinstance(secret, SecretEdit)
    secret.reveal()
    go_to(harness, "w2")
    go_to(harness, "")
    harness.contents.pages.hide_amounts(private=True)
    go_to(harness, "w1")
    assert field(harness, "field_client_secret").text() == SECRET
    assert not secret.revealed
    assert pane(harness).balances.table.private
    button(harness, "inline_cancel").click()
    go_to(harness, "w2")
    go_to(harness, "w1")
    assert lines(harness) == [], "it was cancelled"
    pane(harness).open_form("edit")
    assert field(harness, "field_client_secret").text() == ""


@pytest.mark.parametrize("left", ["esc", "w2", "keys"])
def test_it_says_that_it_is_not_saved_when_it_comes_back(harness: WindowHarness, left: str) -> None:
    words = "Not saved yet: this is how you left it."
    pages = harness.contents.pages

    def leave_and_come_back() -> None:
        if left == "keys":
            pages.toggle_over("keys")
            pages.toggle_over("keys")
        elif left == "esc":
            pages.escape()
        else:
            go_to(harness, left)
            go_to(harness, "w1")
        if not pane(harness).has_form:
            pane(harness).open_form("edit")

    begin(harness)
    assert words not in visible_texts(harness.window), "nobody has left it yet"
    leave_and_come_back()
    assert field(harness, "field_client_secret").text() == SECRET
    assert words in visible_texts(harness.window)
    button(harness, "inline_cancel").click()
    pane(harness).open_form("edit")
    leave_and_come_back()
    assert words not in visible_texts(harness.window), "it is what is stored"


@pytest.mark.security("S98")
def test_esc_leaves_it_and_another_form_does_and_it_comes_back_as_it_was(harness: WindowHarness) -> None:
    begin(harness)
    secret = field(harness, "field_client_secret")
    assert isinstance(secret, SecretEdit)
    secret.reveal()
    for leave in (harness.contents.pages.escape, lambda: pane(harness).open_form("rename")):
        leave()
        assert lines(harness) == []
        assert not secret.revealed
        go_to(harness, "w2")
        go_to(harness, "w1")
        assert lines(harness) == []
        pane(harness).open_form("edit")
        assert field(harness, "field_client_secret") is secret
        assert secret.text() == SECRET


async def test_what_was_left_while_it_is_saved_is_gone_once_it_is_saved(harness: WindowHarness) -> None:
    begin(harness, "rename")
    QTest.keyClicks(field(harness, "field_name"), " two")
    button(harness, "inline_done").click()
    harness.contents.pages.escape()
    pane(harness).open_form("edit")
    await seen(lambda: harness.account("w1").settings.name == "Trading two")
    await seen(lambda: harness.tasks.idle)
    assert lines(harness) == [field(harness, "field_client_secret")]
    pane(harness).open_form("rename")
    assert field(harness, "field_name").text() == "Trading two"
    assert not pane(harness).unfinished


def test_nothing_is_kept_where_nothing_was_entered(harness: WindowHarness) -> None:
    begin(harness, "rename")
    go_to(harness, "")
    go_to(harness, "w1")
    assert [line for line in harness.window.findChildren(QLineEdit, "field_name") if line.isVisible()] == []
    assert harness.contents.pages.count() == 2


async def test_what_is_finished_from_there_is_saved(harness: WindowHarness) -> None:
    begin(harness, "rename")
    QTest.keyClicks(field(harness, "field_name"), " two")
    go_to(harness, "w2")
    go_to(harness, "w1")
    button(harness, "inline_done").click()
    await seen(lambda: harness.account("w1").settings.name == "Trading two")
    await seen(lambda: harness.tasks.idle)
    go_to(harness, "")
    spare = harness.contents.pages.kept.spare
    assert harness.contents.pages.count() == 2, "the overview, and a pane for the next account"
    assert spare is not None
    assert spare.findChildren(QLineEdit, "field_name") == []


@pytest.mark.security("S91")
async def test_a_lock_drops_it_from_the_open_page_and_from_those_left(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    for left in ("w2", "w1", "esc"):
        begin(harness)
        harness.contents.pages.escape() if left == "esc" else go_to(harness, left)
        harness.rack.lock.lock(by_hand=False)
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        assert harness.contents.pages.count() == 1
        harness.rack.lock.unlock_by_press()
        go_to(harness, "w1")
        assert lines(harness) == []
        assert not pane(harness).unfinished


def test_it_goes_with_its_account(harness: WindowHarness) -> None:
    begin(harness)
    go_to(harness, "")
    harness.rack.accounts.remove(harness.account("w1"))
    assert harness.contents.pages.count() == 1


@pytest.mark.parametrize(
    ("failure", "told"), [(AccountGone(account="Trading"), []), (Locked(), [("w1", "urgent", Locked().sentences())])]
)
async def test_what_is_saved_while_the_form_goes_fails_quietly_only_where_its_account_went(
    harness: WindowHarness, failure: Failure, told: list[tuple[str, str, str]], caplog: pytest.LogCaptureFixture
) -> None:
    begin(harness)
    form, notices, gone = pane(harness).forms.shown, list[tuple[str, str, str]](), asyncio.Event()
    assert form is not None
    harness.actions.notified.connect(lambda *notice: notices.append(notice))

    async def fail() -> None:
        await gone.wait()
        raise failure

    harness.actions.start(harness.account("w1"), "edit", lambda: form.run(fail(), print))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    button(harness, "inline_cancel").click()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gone.set()
    await seen(lambda: harness.tasks.idle)
    assert (notices, caplog.messages) == (told, [])
