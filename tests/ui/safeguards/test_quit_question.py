"""The question before Keyrack ends: what is asked about, how often, and who is never asked."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.state import Active, Idle, Unsaved
from keyrack.core.vault.vault_errors import Denied
from keyrack.primitives.secret import Secret
from keyrack.ui.frontend import Frontend
from keyrack.ui.safeguards.quit_question import SHORT_WINDOW, QuitQuestion
from keyrack.ui.window.pages import Pages
from tests.ui.harness import WindowHarness, button, field, make_harness, visible_texts

WHY = Denied()


def pages_of(harness: WindowHarness) -> Pages:
    assert harness.window.contents is not None
    return harness.window.contents.pages


def ask(harness: WindowHarness) -> str:
    """Press Ctrl+Q. Returns what the window shows then."""
    harness.window.quit_asked.emit()
    return visible_texts(harness.window)


async def test_it_quits_at_once_when_no_sign_in_can_be_lost(harness: WindowHarness, frontend: Frontend) -> None:
    """Client credentials and a sign-in of weeks lose nothing. Nor does one that nobody made."""
    harness.active("p1", token=harness.token(refresh=None))
    harness.active("w1", token=harness.token(refresh=SHORT_WINDOW + 400))
    harness.signed_out("w2")
    ask(harness)
    assert frontend.quitting.is_set()


async def test_a_short_sign_in_window_is_asked_about_once(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1", token=harness.token(left=298.0))
    said = ask(harness)
    assert "Closed for longer than 9:58, Trading must be signed in again." in said
    assert not frontend.quitting.is_set()
    assert button(harness, "keep").text() == "Minimise", "there is no tray here"
    assert button(harness, "keep") is harness.window.focusWidget(), "Enter must not quit"
    button(harness, "keep").click()
    assert harness.window.isMinimized()
    assert not frontend.quitting.is_set()
    ask(harness)
    assert frontend.quitting.is_set(), "once in a session"


async def test_the_question_goes_with_the_time_and_is_said_once(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1", token=harness.token(left=298.0))
    ask(harness)
    ticker = harness.window.contents.ticker  # type: ignore[union-attr]
    harness.clock.move(60)
    ticker.ticked.emit()  # type: ignore[union-attr]
    assert "Closed for longer than 8:58, Trading must be signed in again." in visible_texts(harness.window)
    assert button(harness, "keep") is harness.window.focusWidget()
    harness.signed_out("w1")
    ticker.ticked.emit()  # type: ignore[union-attr]
    assert "No sign-in would be lost now." in visible_texts(harness.window)
    button(harness, "anyway").click()
    assert frontend.quitting.is_set()


async def test_several_short_windows_are_told_with_their_times(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w2", token=harness.token(left=298.0))
    harness.active("w1", token=harness.token(left=200.0))
    for id in ("b1", "b2", "p1"):
        harness.active(id, token=harness.token(left=300.0, refresh=7200))
    said = ask(harness)
    assert (
        "While Keyrack is closed, sign-ins end: Trading after 8:20, Trading EU after 9:58, Archive after 2:00:00, "
        "2 more later."
    ) in said
    button(harness, "anyway").click()
    assert frontend.quitting.is_set()


async def test_the_window_of_a_key_is_no_reason_to_ask(harness: WindowHarness, frontend: Frontend) -> None:
    """The key goes on working without the token that made it."""
    now = harness.clock.elapsed
    key = Key(Secret("canary-public"), now, now, 1_209_600.0, grant=harness.token())
    harness.feed("w1", Active(key))
    ask(harness)
    assert frontend.quitting.is_set()


async def test_with_a_tray_it_is_kept_there(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path)
    made.active("w1")
    question = QuitQuestion(made.window, made.rack, lambda: None, lambda: True)
    made.window.show()
    question.ask()
    assert button(made, "keep").text() == "Keep in the tray"


async def test_half_filled_forms_are_asked_about_once_the_open_one_and_those_left(
    harness: WindowHarness, frontend: Frontend
) -> None:
    pages = pages_of(harness)
    pages.lock_passphrase()
    QTest.keyClicks(field(harness, "passphrase_new"), "half")
    pages.begin("w1", "rename")
    assert "Half filled: Lock passphrase. If you quit now, what you entered there is lost." in ask(harness)
    assert button(harness, "keep") is harness.window.focusWidget()
    QTest.keyClicks(name := field(harness, "field_name"), " two")
    pages.toggle_over("keys")
    assert "Half filled: Trading. If" in ask(harness), "it was begun since, and goes on below the keys"
    pages.toggle_over("keys")
    button(harness, "keep").click()
    assert harness.window.focusWidget() is name
    assert harness.window.isVisible()
    assert not frontend.quitting.is_set()
    ask(harness)
    assert frontend.quitting.is_set()


async def test_one_question_tells_of_sign_ins_and_forms(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1", token=harness.token(left=298.0))
    pages_of(harness).begin("w2", "rename")
    QTest.keyClicks(field(harness, "field_name"), " two")
    assert "Trading must be signed in again. Half filled: Trading EU. If you quit" in ask(harness)
    assert button(harness, "anyway").text() == "Quit anyway"
    button(harness, "anyway").click()
    assert frontend.quitting.is_set()


@pytest.mark.security("S74")
async def test_it_asks_before_a_token_that_is_not_stored_is_lost(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1", Unsaved(WHY))
    harness.active("p1", token=harness.token(refresh=None))
    harness.window.hide()
    frontend.tray.quit.emit()
    assert not frontend.quitting.is_set()
    assert harness.window.isVisible()
    said = visible_texts(harness.window)
    assert "the newest token of Trading. If you quit now, you must sign in again." in said
    assert "Main desk. If" not in said
    assert "Closed for longer" not in said, "it must be signed in again at once"
    button(harness, "anyway").click()
    assert frontend.quitting.is_set()


@pytest.mark.security("S74")
async def test_one_question_tells_both_and_a_token_that_is_not_stored_is_asked_about_again(
    harness: WindowHarness, frontend: Frontend
) -> None:
    harness.active("w1", Unsaved(WHY))
    harness.active("w2", token=harness.token(left=298.0))
    said = ask(harness)
    assert "you must sign in again. Closed for longer than 9:58, Trading EU must be signed in again." in said
    assert "the newest token of Trading." in ask(harness)
    assert not frontend.quitting.is_set()


@pytest.mark.security("S74")
async def test_once_it_is_stored_nothing_is_asked_any_more(harness: WindowHarness, frontend: Frontend) -> None:
    stored = harness.token(refresh=None)
    account = harness.active("w1", Unsaved(WHY), stored)
    ask(harness)
    harness.active("w1", Idle(), stored)
    assert account.state is harness.account("w1").state
    harness.window.contents.show_notice("accent", "Something else.")  # type: ignore[union-attr]
    assert not harness.window.contents.notice.anyway.isVisible()  # type: ignore[union-attr]
    assert not harness.window.contents.notice.keep.isVisible()  # type: ignore[union-attr]
    ask(harness)
    assert frontend.quitting.is_set()


async def test_a_signal_ends_it_without_a_question(harness: WindowHarness, frontend: Frontend) -> None:
    harness.active("w1", Unsaved(WHY))
    frontend.quit()
    async with asyncio.timeout(1):
        await frontend.quitting.wait()


async def test_the_end_of_the_desktops_session_waits_for_no_answer(
    harness: WindowHarness, frontend: Frontend, qapp: QApplication
) -> None:
    harness.active("w1", Unsaved(WHY))
    harness.active("w2")
    qapp.commitDataRequest.emit(None)
    assert frontend.quitting.is_set()
