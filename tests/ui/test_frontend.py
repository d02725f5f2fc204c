"""The frontend: what quits, and when it asks first."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Idle, Unsaved
from keyrack.core.vault.vault_errors import Denied
from keyrack.ui.frontend import Frontend
from tests.ui.harness import WindowHarness, bench, button, visible_texts

WHY = Denied()


@pytest.fixture
def b(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    return bench(tmp_path)


@pytest.fixture
async def frontend(b: WindowHarness) -> AsyncIterator[Frontend]:
    frontend = Frontend(b.window, b.rack)
    b.window.show()
    yield frontend
    await frontend.close()


async def test_it_quits_at_once_when_everything_is_stored(b: WindowHarness, frontend: Frontend) -> None:
    b.active("w1")
    b.window.quit_asked.emit()
    assert frontend.quitting.is_set()


@pytest.mark.security("S74")
async def test_it_asks_before_a_token_that_is_not_stored_is_lost(b: WindowHarness, frontend: Frontend) -> None:
    b.active("w1", Unsaved(WHY))
    b.active("p1")
    b.window.hide()
    frontend.tray.quit.emit()
    assert not frontend.quitting.is_set()
    assert b.window.isVisible()
    said = visible_texts(b.window)
    assert "the newest token of Trading. If you quit now, you must sign in again." in said
    assert "Main desk. If" not in said
    button(b, "anyway").click()
    assert frontend.quitting.is_set()


@pytest.mark.security("S74")
async def test_once_it_is_stored_nothing_is_asked_any_more(b: WindowHarness, frontend: Frontend) -> None:
    account = b.active("w1", Unsaved(WHY))
    b.window.quit_asked.emit()
    b.active("w1", Idle(), b.token())
    assert account.state is b.account("w1").state
    b.window.contents.show_notice("accent", "Something else.")  # type: ignore[union-attr]
    assert not b.window.contents.notice.anyway.isVisible()  # type: ignore[union-attr]
    b.window.quit_asked.emit()
    assert frontend.quitting.is_set()


async def test_a_signal_ends_it_without_a_question(b: WindowHarness, frontend: Frontend) -> None:
    b.active("w1", Unsaved(WHY))
    frontend.quit()
    async with asyncio.timeout(1):
        await frontend.quitting.wait()
