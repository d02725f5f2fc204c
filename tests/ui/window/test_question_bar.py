"""The question whether a program gets a token: seen from every page, and answered on purpose only."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.access.policy import AccessRefused
from keyrack.core.access.program import UNKNOWN, Program
from keyrack.ui.window.question_bar import ARM_MS, QuestionBar
from tests.ui.harness import WindowHarness, seen, visible_texts
from tests.ui.question_harness import (
    BOT,
    CURL,
    LONG,
    OTHER,
    arm_timer,
    asked,
    bar,
    moment,
    press,
    window_with_questions,
)


@pytest.fixture
async def harness(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    async with window_with_questions(qtbot, tmp_path) as made:
        yield made


async def test_it_is_seen_whole_from_every_page_at_every_size(harness: WindowHarness) -> None:
    await asked(harness)
    await asked(harness, CURL, "p1")
    pages = harness.contents.pages
    places: tuple[Callable[[], None], ...] = (pages.show_overview, pages.add_account, partial(pages.open, "w1"))
    for size, go in product(((1000, 680), (640, 420)), places):
        harness.window.resize(*size)
        go()
        await moment()
        said = visible_texts(bar(harness))
        assert "/usr/bin/python3 bot.py\n" in said
        assert "wants the token of Trading" in said
        assert "In /srv/bots, process 4711." in said
        for part in (bar(harness).card, bar(harness).no, bar(harness).once, bar(harness).always, bar(harness).left):
            place = part.rect().translated(part.mapTo(harness.window, QPoint(0, 0)))
            assert part.isVisible()
            assert harness.window.rect().contains(place), part.objectName()
        assert pages.geometry().bottom() < bar(harness).geometry().top()
        assert pages.height() >= 200, "the page stays of use"


@pytest.mark.security("S92")
async def test_each_answer_reaches_the_program_that_asked(harness: WindowHarness) -> None:
    account, scripts = harness.account("w1"), harness.rack.access
    once = asyncio.create_task(scripts.admit(account, BOT))
    await press(harness, bar(harness).once)
    await once
    assert list(account.settings.programs) == []
    always = asyncio.create_task(scripts.admit(account, BOT))
    await press(harness, bar(harness).always)
    await always
    assert list(account.settings.programs) == [BOT.key]
    await asyncio.wait_for(scripts.admit(account, BOT), 1)
    refused = asyncio.create_task(scripts.admit(account, OTHER))
    await press(harness, bar(harness).no)
    with pytest.raises(AccessRefused, match="was not given"):
        await refused
    assert not bar(harness).isVisible()


@pytest.mark.security("S92")
async def test_what_can_only_be_allowed_once_offers_no_always(harness: WindowHarness) -> None:
    for program in (CURL, UNKNOWN):
        task = await asked(harness, program)
        assert not bar(harness).always.isVisible()
        assert "Keyrack cannot tell for certain what runs in it, so it will ask you each time." in visible_texts(
            bar(harness)
        )
        await press(harness, bar(harness).once)
        assert await task == "once"


async def test_nothing_is_answered_by_chance(harness: WindowHarness) -> None:
    """A question that comes while the person types takes neither the focus nor Enter, Space or Esc."""
    harness.contents.pages.add_account()
    await moment()
    typing = harness.window.focusWidget()
    task = await asked(harness)
    await seen(bar(harness).once.isEnabled)
    assert harness.window.focusWidget() is typing
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Y, Qt.Key.Key_A):
        QTest.keyClick(harness.window, key)
        QTest.keyClick(bar(harness).card, key)
        QTest.keyClick(bar(harness).card, key, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(bar(harness).once, Qt.Key.Key_Return)
    await moment()
    assert not task.done()
    assert bar(harness).isVisible()
    for button in (bar(harness).no, bar(harness).once, bar(harness).always):
        assert not button.isDefault()
        assert not button.autoDefault()
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
        assert button.property("role") == "plain", "none is filled"


async def test_the_buttons_work_half_a_second_after_it_was_seen(harness: WindowHarness) -> None:
    assert ARM_MS == 500
    arm_timer(bar(harness)).setInterval(ARM_MS)
    started = asyncio.get_running_loop().time()
    task = await asked(harness)
    for button in (bar(harness).no, bar(harness).once, bar(harness).always):
        assert not button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await moment()
    assert not task.done()
    await seen(bar(harness).once.isEnabled)
    assert asyncio.get_running_loop().time() - started > 0.45
    assert arm_timer(QuestionBar(harness.rack)).interval() == ARM_MS


async def test_the_press_that_brings_the_window_forward_answers_nothing(harness: WindowHarness) -> None:
    await asked(harness)
    await seen(bar(harness).once.isEnabled)
    arm_timer(bar(harness)).setInterval(ARM_MS)
    QApplication.sendEvent(bar(harness), QEvent(QEvent.Type.ActivationChange))
    assert not bar(harness).once.isEnabled()


async def test_several_wait_in_a_row_and_no_button_takes_the_place_of_no(harness: WindowHarness) -> None:
    tasks = [await asked(harness, CURL), await asked(harness, BOT, "p1"), await asked(harness, OTHER, "w2")]
    await moment()
    assert bar(harness).count.text() == "1 of 3"
    assert bar(harness).then.full_text() == "Then: /usr/bin/python3 bot.py for Main desk, and 1 more"
    place = bar(harness).no.mapTo(harness.window, QPoint(0, 0))
    await press(harness, bar(harness).no)
    assert await tasks[0] == "no"
    assert not bar(harness).no.isEnabled(), "a double press does not answer the next one"
    await moment()
    assert "wants the token of Main desk" in visible_texts(bar(harness))
    assert bar(harness).count.text() == "1 of 2"
    assert bar(harness).then.full_text() == "Then: /usr/bin/python3 report.py for Trading EU"
    assert bar(harness).no.mapTo(harness.window, QPoint(0, 0)) == place
    harness.rack.access.asking.answer(harness.rack.access.asking.pending[1], "no")
    await moment()
    assert not bar(harness).count.isVisible()
    assert not bar(harness).then.isVisible()
    assert "wants the token of Main desk" in visible_texts(bar(harness))


async def test_a_press_on_a_question_that_goes_is_no_answer_to_the_next(harness: WindowHarness) -> None:
    first, second = await asked(harness), await asked(harness, CURL)
    await seen(bar(harness).once.isEnabled)
    QTest.mousePress(bar(harness).once, Qt.MouseButton.LeftButton)
    first.cancel()
    await moment()
    QTest.mouseRelease(bar(harness).once, Qt.MouseButton.LeftButton)
    await moment()
    assert "/usr/bin/curl" in visible_texts(bar(harness))
    assert not second.done()
    second.cancel()
    await seen(lambda: not bar(harness).isVisible())


@pytest.mark.security("S49")
async def test_long_words_are_cut_in_the_middle_and_whole_elsewhere(harness: WindowHarness) -> None:
    harness.window.resize(640, 420)
    await asked(harness, LONG)
    await moment()
    program = bar(harness).program
    assert program.elided_text().startswith("/opt/a-long")
    assert program.elided_text().endswith("end.py")
    assert "…" in program.elided_text()
    assert program.accessibleName() == LONG.words
    tip = program.toolTip()
    assert tip.replace("\n", "") == LONG.key
    assert max(map(len, tip.splitlines())) <= 80
    assert LONG.words in bar(harness).card.accessibleName()
    right = bar(harness).card.mapTo(harness.window, bar(harness).card.rect().topRight()).x()
    assert right < harness.window.width()


@pytest.mark.security("S49")
async def test_a_hostile_name_is_plain_text(harness: WindowHarness) -> None:
    hostile = Program(4715, "/opt/<b>x</b>\u202eyp.tob\x1b[31m\n", "", lasting=True)
    await asked(harness, hostile)
    for part in (bar(harness), *bar(harness).findChildren(QWidget)):
        for text in (part.toolTip(), part.accessibleName(), part.accessibleDescription()):
            assert not {"\u202e", "\x1b"} & set(text)
    assert not {"\u202e", "\x1b"} & set(visible_texts(bar(harness)))
    assert "<" not in bar(harness).program.toolTip()
    assert bar(harness).program.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.security("S91")
async def test_locked_no_question_is_shown_or_answerable(harness: WindowHarness) -> None:
    task = await asked(harness)
    harness.rack.lock.lock(by_hand=False)
    assert await task == "no"
    assert not bar(harness).isVisible()
    waiting = await asked(harness)
    await moment()
    assert not bar(harness).isVisible()
    bar(harness).no.click()
    bar(harness).answer("once")
    await moment()
    assert not waiting.done()
    harness.rack.lock.unlock_by_press()
    await seen(bar(harness).once.isEnabled)
    await press(harness, bar(harness).once)
    assert await waiting == "once"


async def test_hiding_the_window_leaves_it_pending(harness: WindowHarness) -> None:
    task = await asked(harness)
    await seen(bar(harness).once.isEnabled)
    harness.window.hide()
    await moment()
    assert not bar(harness).once.isEnabled()
    assert not task.done()
    assert len(harness.rack.access.asking.pending) == 1
    harness.window.come_forward()
    assert not bar(harness).once.isEnabled(), "seen anew"
    await press(harness, bar(harness).once)
    assert await task == "once"


async def test_the_time_left_is_told_and_coloured(harness: WindowHarness) -> None:
    await asked(harness)
    shown = bar(harness).left
    assert (shown.text(), shown.property("tone")) == ("0:34 left", "")
    harness.tick(28)
    assert (shown.text(), shown.property("tone")) == ("0:06 left", "soon")
    harness.tick(4)
    assert shown.property("tone") == "urgent"
    harness.tick(60)
    assert shown.text() == "0:00 left"
    harness.rack.access.asking.settle("no", "late")
    assert not bar(harness).isVisible()


async def test_the_keyboard_reaches_it_and_stays_with_it(harness: WindowHarness) -> None:
    harness.contents.open("w1")
    first, second = await asked(harness), await asked(harness, CURL)
    await seen(bar(harness).no.isEnabled)
    QTest.keyClick(harness.window, Qt.Key.Key_F6)
    assert bar(harness).card.hasFocus()
    for button in (bar(harness).no, bar(harness).once):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert button.hasFocus()
    QTest.keyClick(bar(harness).once, Qt.Key.Key_Space)
    assert await first == "once"
    assert bar(harness).card.hasFocus(), "the next Space presses nothing of the page"
    assert not second.done()


async def test_screen_readers_are_told_what_each_button_answers(harness: WindowHarness) -> None:
    QAccessible.setActive(True)
    await asked(harness)
    said = "/usr/bin/python3 bot.py wants the token of Trading"
    spoken = QAccessible.queryAccessibleInterface(bar(harness).card)
    assert spoken.text(QAccessible.Text.Name) == said
    for button, name in (
        (bar(harness).no, "No"),
        (bar(harness).once, "Allow once"),
        (bar(harness).always, "Always for this program"),
    ):
        spoken = QAccessible.queryAccessibleInterface(button)
        assert (spoken.text(QAccessible.Text.Name), spoken.text(QAccessible.Text.Description)) == (name, said)
