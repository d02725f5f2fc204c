"""Another release was installed while this one runs: the window offers to restart, and loses nothing by it."""

import os
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.accounts.state import Unsaved
from keyrack.core.preferences.all_settings import LANGUAGE
from keyrack.core.system.program_files import ProgramFiles
from keyrack.core.vault.vault_errors import Locked
from keyrack.language.translation import SOURCE
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.window_language import window_language
from keyrack.ui.safeguards.program_watch import LOOK_SECONDS, PUT_OFF_SECONDS
from keyrack.ui.safeguards.restart_bar import RestartBar
from keyrack.ui.safeguards.restarting import Restarting
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.controls import delete_later
from tests.ui.harness import WindowHarness, button, make_harness, seen, visible_texts
from tests.ui.sizes.walk import laid_out

UPDATED = "Keyrack was updated. Restart it to use the new version."


@pytest.fixture
def harness(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path)
    made.window.show()
    return made


class Ended:
    """What ends the program, and the sentences that were told."""

    def __init__(self, harness: WindowHarness, folder: Path, code: str = "") -> None:
        script = folder / "keyrack"
        script.write_text(f"{code}\n")
        self.count = 0
        self.told: list[str] = []
        again = [sys.executable, str(script)]
        self.restarting = Restarting(harness.window, harness.rack, harness.tasks, self._end, self._tell, lambda: again)
        self.restarting.offer(harness.contents.restart)

    def _end(self) -> None:
        self.count += 1

    def _tell(self, _id: str, _kind: str, text: str) -> None:
        self.told.append(text)


def install(harness: WindowHarness, release: str) -> None:
    fresh = harness.program.with_suffix(".new")
    fresh.write_text(f'__version__ = "{release}"\n')
    os.replace(fresh, harness.program)


def press_restart(harness: WindowHarness) -> None:
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    button(harness, "restart").click()


def test_it_is_told_within_half_a_minute(harness: WindowHarness) -> None:
    harness.tick(LOOK_SECONDS)
    assert not harness.contents.restart.isVisible()
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    assert UPDATED in visible_texts(harness.contents.restart)
    assert button(harness, "restart").isEnabled()


def test_later_puts_it_off_for_a_day_or_to_the_next_release(harness: WindowHarness) -> None:
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    button(harness, "restart_later").click()
    harness.tick(LOOK_SECONDS)
    assert not harness.contents.restart.isVisible()
    harness.tick(PUT_OFF_SECONDS)
    assert harness.contents.restart.isVisible()


async def test_another_language_forgets_neither_the_update_nor_that_it_was_put_off(harness: WindowHarness) -> None:
    """Another language or size of text makes the window's contents anew."""
    frontend = Frontend(harness.window, harness.rack, ProgramFiles(harness.program, "1.0"))

    async def told(language: str, seconds: float) -> bool:
        harness.rack.preferences.choose(LANGUAGE, language)
        contents = harness.window.contents
        assert contents is not None
        assert contents.ticker is not None
        await seen(contents.isVisible)
        harness.clock.move(seconds)
        contents.ticker.ticked.emit()
        return contents.restart.isVisible()

    try:
        install(harness, "2.0")
        assert await told("en", LOOK_SECONDS)
        assert await told("de", 1)
        button(harness, "restart_later").click()
        assert not await told("cs", LOOK_SECONDS)
        assert await told("en", PUT_OFF_SECONDS)
    finally:
        window_language().speak(SOURCE)
        await frontend.close()


def test_an_update_that_is_removed_is_told_anew(harness: WindowHarness) -> None:
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    harness.program.unlink()
    harness.tick(LOOK_SECONDS)
    harness.tick(LOOK_SECONDS)
    assert "Keyrack was removed from this computer." in visible_texts(harness.contents.restart)


def test_the_buttons_stand_at_the_right_of_the_sentence_where_there_is_room(harness: WindowHarness) -> None:
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    banner = harness.contents.restart.banner
    laid_out()

    def at(widget: QWidget) -> QRect:
        return QRect(widget.mapTo(banner, QPoint()), widget.size())

    sentence, later, again = at(banner.text), at(button(harness, "restart_later")), at(button(harness, "restart"))
    assert sentence.right() < later.left() < later.right() < again.left()
    assert banner.width() - again.right() < 2 * GAP_M
    assert later.bottom() == again.bottom()
    assert banner.height() < 2 * again.height()


def test_taken_back_there_is_nothing_to_restart_for(harness: WindowHarness) -> None:
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    install(harness, "1.0")
    harness.tick(LOOK_SECONDS)
    assert not harness.contents.restart.isVisible()


def test_removed_it_says_so_and_offers_no_restart(harness: WindowHarness) -> None:
    harness.program.unlink()
    harness.tick(LOOK_SECONDS)
    harness.tick(LOOK_SECONDS)
    bar = harness.contents.restart
    assert "Keyrack was removed from this computer." in visible_texts(bar)
    assert not bar.findChildren(QAbstractButton, "restart")[0].isVisible()


async def test_locked_it_is_hidden(harness: WindowHarness) -> None:
    await harness.rack.lock.load()
    install(harness, "2.0")
    harness.tick(LOOK_SECONDS)
    harness.rack.lock.lock(by_hand=True)
    assert not harness.contents.restart.isVisible()
    harness.rack.lock.unlock_by_press()
    assert harness.contents.restart.isVisible()


async def test_a_press_tries_the_new_one_and_ends(harness: WindowHarness, tmp_path: Path) -> None:
    ended = Ended(harness, tmp_path)
    press_restart(harness)
    await seen(lambda: ended.count == 1)
    assert ended.restarting.asked
    assert ended.told == []


async def test_a_new_one_that_does_not_start_leaves_this_one_running(harness: WindowHarness, tmp_path: Path) -> None:
    ended = Ended(harness, tmp_path, "import sys; sys.exit('A library is missing.')")
    press_restart(harness)
    await seen(lambda: bool(ended.told))
    assert ended.told == ["The new version does not start here, so this one goes on: A library is missing."]
    assert (ended.count, ended.restarting.asked) == (0, False)
    await seen(lambda: harness.tasks.idle)
    assert button(harness, "restart").isEnabled(), "it may be pressed again"


async def test_a_bar_that_is_made_anew_during_the_trial_waits_for_its_end(
    harness: WindowHarness, tmp_path: Path
) -> None:
    """A change of language or of the text's size deletes the bar that was pressed."""
    go = tmp_path / "go"
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(go)!r}).exists():\n    time.sleep(0.01)"
    ended = Ended(harness, tmp_path, wait)
    press_restart(harness)
    pressed = harness.contents.restart
    assert not pressed.restart.isEnabled()
    delete_later(pressed)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    anew = RestartBar(harness.rack, parent=harness.contents)
    ended.restarting.offer(anew)
    assert not anew.restart.isEnabled()
    go.touch()
    await seen(lambda: harness.tasks.idle)
    assert anew.restart.isEnabled()
    assert ended.count == 1


async def test_a_token_that_is_not_stored_is_asked_about(harness: WindowHarness, tmp_path: Path) -> None:
    ended = Ended(harness, tmp_path)
    harness.active("w1", Unsaved(Locked()))
    press_restart(harness)
    await seen(harness.contents.notice.isVisible)
    assert "Not in the keyring yet: the newest token of Trading." in visible_texts(harness.contents.notice)
    await seen(lambda: harness.tasks.idle)
    button(harness, "keep").click()
    assert ended.count == 0
    button(harness, "restart").click()
    await seen(harness.contents.notice.isVisible)
    button(harness, "anyway").click()
    assert ended.count == 1


async def test_secrets_of_this_session_are_asked_about(harness: WindowHarness, tmp_path: Path) -> None:
    ended = Ended(harness, tmp_path)
    await harness.rack.keyring.use_memory()
    press_restart(harness)
    await seen(harness.contents.notice.isVisible)
    assert "Secrets are kept for this session only." in visible_texts(harness.contents.notice)
    assert ended.count == 0
