"""The question whether a program gets a token: seen from every page, answered on purpose, and by nobody else."""

import asyncio
from collections.abc import AsyncIterator, Callable
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from keyrack.core.access.policy import AccessRefused
from keyrack.core.access.program import UNKNOWN, Program
from keyrack.core.access.prompts import Answer
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.notifications import REPEAT_AFTER
from keyrack.ui.integration.question_notifications import QuestionNotifications
from keyrack.ui.window.question_bar import ARM_MS, QuestionBar
from tests.ui.harness import WindowHarness, bench, seen, visible_texts

BOT = Program(4711, "/usr/bin/python3", "/srv/bots/bot.py", lasting=True)
OTHER = Program(4712, "/usr/bin/python3", "/srv/bots/report.py", lasting=True)
CURL = Program(4713, "/usr/bin/curl", "", lasting=False)
LONG = Program(4714, "/opt/" + "a-long-folder/" * 15 + "python3", f"/srv/{'nested/' * 60}end.py", lasting=True)


@pytest.fixture
async def b(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    made = bench(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.window.show()
    made.window.activateWindow()
    bar(made)._arming.setInterval(20)
    await made.rack.lock.load()
    detach = made.rack.access.asking.add_respondent()
    await seen(lambda: QApplication.activeWindow() is made.window)
    yield made
    detach()
    await asyncio.sleep(0)
    await made.rack.access.close()


def bar(b: WindowHarness) -> QuestionBar:
    return b.contents.question


async def answer_to(b: WindowHarness, program: Program = BOT, id: str = "w1") -> Answer:
    """What a program that asks is told."""
    return (await b.rack.access.asking.ask(b.account(id), program)).answer


async def asked(b: WindowHarness, program: Program = BOT, id: str = "w1") -> asyncio.Task[Answer]:
    """Let a program ask; its question waits when this returns."""
    task = asyncio.create_task(answer_to(b, program, id))
    before = len(b.rack.access.asking.pending)
    await seen(lambda: len(b.rack.access.asking.pending) > before)
    return task


async def press(b: WindowHarness, button: QAbstractButton) -> None:
    await seen(button.isEnabled)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def moment() -> None:
    """Let Qt and asyncio go on a little."""
    for _ in range(5):
        QApplication.processEvents()
        await asyncio.sleep(0)


async def test_it_is_seen_whole_from_every_page_at_every_size(b: WindowHarness) -> None:
    await asked(b)
    await asked(b, CURL, "p1")
    pages = b.contents.pages
    places: tuple[Callable[[], None], ...] = (pages.show_overview, pages.add_account, partial(pages.open, "w1"))
    for size, go in product(((1000, 680), (640, 420)), places):
        b.window.resize(*size)
        go()
        await moment()
        said = visible_texts(bar(b))
        assert "/usr/bin/python3 bot.py\n" in said
        assert "wants the token of Trading" in said
        assert "In /srv/bots, process 4711." in said
        for part in (bar(b).card, bar(b).no, bar(b).once, bar(b).always, bar(b).left):
            place = part.rect().translated(part.mapTo(b.window, QPoint(0, 0)))
            assert part.isVisible()
            assert b.window.rect().contains(place), part.objectName()
        assert pages.geometry().bottom() < bar(b).geometry().top()
        assert pages.height() >= 200, "the page stays of use"


@pytest.mark.security("S92")
async def test_each_answer_reaches_the_program_that_asked(b: WindowHarness) -> None:
    account, scripts = b.account("w1"), b.rack.access
    once = asyncio.create_task(scripts.admit(account, BOT))
    await press(b, bar(b).once)
    await once
    assert list(account.settings.programs) == []
    always = asyncio.create_task(scripts.admit(account, BOT))
    await press(b, bar(b).always)
    await always
    assert list(account.settings.programs) == [BOT.key]
    await asyncio.wait_for(scripts.admit(account, BOT), 1)
    refused = asyncio.create_task(scripts.admit(account, OTHER))
    await press(b, bar(b).no)
    with pytest.raises(AccessRefused, match="was not given"):
        await refused
    assert not bar(b).isVisible()


@pytest.mark.security("S92")
async def test_what_can_only_be_allowed_once_offers_no_always(b: WindowHarness) -> None:
    for program in (CURL, UNKNOWN):
        task = await asked(b, program)
        assert not bar(b).always.isVisible()
        assert "It can only be allowed once at a time." in visible_texts(bar(b))
        await press(b, bar(b).once)
        assert await task == "once"


async def test_nothing_is_answered_by_chance(b: WindowHarness) -> None:
    """Somebody types and presses Enter, Space and Esc while a question comes: it neither takes the focus nor a key."""
    b.contents.pages.add_account()
    await moment()
    typing = b.window.focusWidget()
    task = await asked(b)
    await seen(bar(b).once.isEnabled)
    assert b.window.focusWidget() is typing
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Y, Qt.Key.Key_A):
        QTest.keyClick(b.window, key)
        QTest.keyClick(bar(b).card, key)
        QTest.keyClick(bar(b).card, key, Qt.KeyboardModifier.AltModifier)
    QTest.keyClick(bar(b).once, Qt.Key.Key_Return)
    await moment()
    assert not task.done()
    assert bar(b).isVisible()
    for button in (bar(b).no, bar(b).once, bar(b).always):
        assert not button.isDefault()
        assert not button.autoDefault()
        assert button.focusPolicy() == Qt.FocusPolicy.TabFocus
        assert button.property("role") == "plain", "none is filled"


async def test_the_buttons_work_half_a_second_after_it_was_seen(b: WindowHarness) -> None:
    assert ARM_MS == 500
    bar(b)._arming.setInterval(ARM_MS)
    started = asyncio.get_running_loop().time()
    task = await asked(b)
    for button in (bar(b).no, bar(b).once, bar(b).always):
        assert not button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    await moment()
    assert not task.done()
    await seen(bar(b).once.isEnabled)
    assert asyncio.get_running_loop().time() - started > 0.45
    assert QuestionBar(b.rack)._arming.interval() == ARM_MS


async def test_the_press_that_brings_the_window_forward_answers_nothing(b: WindowHarness) -> None:
    await asked(b)
    await seen(bar(b).once.isEnabled)
    bar(b)._arming.setInterval(ARM_MS)
    QApplication.sendEvent(bar(b), QEvent(QEvent.Type.ActivationChange))
    assert not bar(b).once.isEnabled()


async def test_several_wait_in_a_row_and_no_button_takes_the_place_of_no(b: WindowHarness) -> None:
    tasks = [await asked(b, CURL), await asked(b, BOT, "p1"), await asked(b, OTHER, "w2")]
    await moment()
    assert bar(b).count.text() == "1 of 3"
    assert bar(b).then.whole() == "Then: /usr/bin/python3 bot.py for Main desk, and 1 more"
    place = bar(b).no.mapTo(b.window, QPoint(0, 0))
    await press(b, bar(b).no)
    assert await tasks[0] == "no"
    assert not bar(b).no.isEnabled(), "a double press does not answer the next one"
    await moment()
    assert "wants the token of Main desk" in visible_texts(bar(b))
    assert bar(b).count.text() == "1 of 2"
    assert bar(b).then.whole() == "Then: /usr/bin/python3 report.py for Trading EU"
    assert bar(b).no.mapTo(b.window, QPoint(0, 0)) == place
    b.rack.access.asking.answer(b.rack.access.asking.pending[1], "no")
    await moment()
    assert not bar(b).count.isVisible()
    assert not bar(b).then.isVisible()
    assert "wants the token of Main desk" in visible_texts(bar(b))


async def test_a_press_on_a_question_that_goes_is_no_answer_to_the_next(b: WindowHarness) -> None:
    first, second = await asked(b), await asked(b, CURL)
    await seen(bar(b).once.isEnabled)
    QTest.mousePress(bar(b).once, Qt.MouseButton.LeftButton)
    first.cancel()
    await moment()
    QTest.mouseRelease(bar(b).once, Qt.MouseButton.LeftButton)
    await moment()
    assert "/usr/bin/curl" in visible_texts(bar(b))
    assert not second.done()
    second.cancel()
    await seen(lambda: not bar(b).isVisible())


@pytest.mark.security("S49")
async def test_long_words_are_cut_in_the_middle_and_whole_elsewhere(b: WindowHarness) -> None:
    b.window.resize(640, 420)
    await asked(b, LONG)
    await moment()
    program = bar(b).program
    assert program.shown().startswith("/opt/a-long")
    assert program.shown().endswith("end.py")
    assert "…" in program.shown()
    assert program.accessibleName() == LONG.words
    tip = program.toolTip()
    assert tip.replace("\n", "") == LONG.key
    assert max(map(len, tip.splitlines())) <= 80
    assert LONG.words in bar(b).card.accessibleName()
    right = bar(b).card.mapTo(b.window, bar(b).card.rect().topRight()).x()
    assert right < b.window.width()


@pytest.mark.security("S49")
async def test_a_hostile_name_is_plain_text(b: WindowHarness) -> None:
    hostile = Program(4715, "/opt/<b>x</b>\u202eyp.tob\x1b[31m\n", "", lasting=True)
    await asked(b, hostile)
    for part in (bar(b), *bar(b).findChildren(QWidget)):
        for text in (part.toolTip(), part.accessibleName(), part.accessibleDescription()):
            assert not {"\u202e", "\x1b"} & set(text)
    assert not {"\u202e", "\x1b"} & set(visible_texts(bar(b)))
    assert "<" not in bar(b).program.toolTip()
    assert bar(b).program.textFormat() == Qt.TextFormat.PlainText


@pytest.mark.security("S91")
async def test_locked_no_question_is_shown_or_answerable(b: WindowHarness) -> None:
    task = await asked(b)
    b.rack.lock.lock(by_hand=False)
    assert await task == "no"
    assert not bar(b).isVisible()
    waiting = await asked(b)
    await moment()
    assert not bar(b).isVisible()
    bar(b).no.click()
    bar(b)._answer("once")
    await moment()
    assert not waiting.done()
    b.rack.lock.unlock_by_press()
    await seen(bar(b).once.isEnabled)
    await press(b, bar(b).once)
    assert await waiting == "once"


async def test_hiding_the_window_leaves_it_pending(b: WindowHarness) -> None:
    task = await asked(b)
    await seen(bar(b).once.isEnabled)
    b.window.hide()
    await moment()
    assert not bar(b).once.isEnabled()
    assert not task.done()
    assert len(b.rack.access.asking.pending) == 1
    b.window.come_forward()
    assert not bar(b).once.isEnabled(), "seen anew"
    await press(b, bar(b).once)
    assert await task == "once"


async def test_the_time_left_is_told_and_coloured(b: WindowHarness) -> None:
    await asked(b)
    shown = bar(b).left
    assert (shown.text(), shown.property("tone")) == ("0:34 left", "")
    b.tick(28)
    assert (shown.text(), shown.property("tone")) == ("0:06 left", "soon")
    b.tick(4)
    assert shown.property("tone") == "urgent"
    b.tick(60)
    assert shown.text() == "0:00 left"
    b.rack.access.asking.settle("no", "late")
    assert not bar(b).isVisible()


async def test_the_keyboard_reaches_it_and_stays_with_it(b: WindowHarness) -> None:
    b.contents.open("w1")
    first, second = await asked(b), await asked(b, CURL)
    await seen(bar(b).no.isEnabled)
    QTest.keyClick(b.window, Qt.Key.Key_F6)
    assert bar(b).card.hasFocus()
    for button in (bar(b).no, bar(b).once):
        focused = QApplication.focusWidget()
        assert focused is not None
        QTest.keyClick(focused, Qt.Key.Key_Tab)
        assert button.hasFocus()
    QTest.keyClick(bar(b).once, Qt.Key.Key_Space)
    assert await first == "once"
    assert bar(b).card.hasFocus(), "the next Space presses nothing of the page"
    assert not second.done()


async def test_screen_readers_are_told_what_each_button_answers(b: WindowHarness) -> None:
    QAccessible.setActive(True)
    await asked(b)
    said = "/usr/bin/python3 bot.py wants the token of Trading"
    spoken = QAccessible.queryAccessibleInterface(bar(b).card)
    assert spoken.text(QAccessible.Text.Name) == said
    for button, name in ((bar(b).no, "No"), (bar(b).once, "Allow once"), (bar(b).always, "Always for this program")):
        spoken = QAccessible.queryAccessibleInterface(button)
        assert (spoken.text(QAccessible.Text.Name), spoken.text(QAccessible.Text.Description)) == (name, said)


class Told:
    """What the tray was told."""

    def __init__(self, b: WindowHarness) -> None:
        self.notifications: list[tuple[str, str]] = []
        self.questions = QuestionNotifications(
            b.rack, b.window, lambda *words: self.notifications.append(words), gather_ms=30
        )
        b.contents.question.answered.connect(self.questions.answered)

    @property
    def quiet(self) -> bool:
        """Whether nothing will be told before a minute is over."""
        timer = self.questions._notifications._timer
        return not timer.isActive() or timer.remainingTime() > 60_000


async def test_the_tray_tells_of_questions_that_nobody_can_see_in_one_notice(b: WindowHarness) -> None:
    told = Told(b)
    await asked(b)
    await asked(b, CURL, "p1")
    await moment()
    assert (told.notifications, told.quiet) == ([], True), "they are seen"
    b.window.hide()
    await seen(lambda: bool(told.notifications))
    words = "/usr/bin/python3 bot.py for Trading, /usr/bin/curl for Main desk. Open Keyrack to answer."
    assert told.notifications == [("2 questions about tokens", words)]
    b.rack.access.asking.settle("no", "late")
    told.questions.close()


async def test_a_program_that_tries_again_is_told_once_unless_it_was_allowed(b: WindowHarness) -> None:
    told = Told(b)
    b.window.hide()
    for again in range(3):
        await asked(b)
        await moment()
        assert told.quiet == bool(again)
        await seen(lambda: bool(told.notifications))
        b.rack.access.asking.settle("no", "late")
        b.hands.move(60)
        await moment()
    assert told.notifications == [
        ("A program wants a token", "/usr/bin/python3 bot.py for Trading. Open Keyrack to answer.")
    ]
    await asked(b)
    b.window.come_forward()
    b.window.activateWindow()
    await press(b, bar(b).once)
    b.window.hide()
    await asked(b)
    await seen(lambda: len(told.notifications) == 2)
    b.rack.access.asking.settle("no", "late")
    b.hands.move(REPEAT_AFTER)
    await asked(b)
    await seen(lambda: len(told.notifications) == 3)
    told.questions.close()


@pytest.mark.security("S91", "S99")
async def test_a_notice_is_plain_short_and_not_given_while_locked(b: WindowHarness) -> None:
    told = Told(b)
    b.window.hide()
    b.rack.lock.lock(by_hand=False)
    await asked(b, LONG)
    await moment()
    assert (told.notifications, told.quiet) == ([], True)
    b.rack.lock.unlock_by_press()
    await seen(lambda: bool(told.notifications))
    assert len(told.notifications[0][1]) < 200
    assert "end.py for Trading." in told.notifications[0][1]
    b.rack.access.asking.settle("no", "late")
    await asked(b, Program(4716, "/opt/<a href='x'>R&D</a>", "", lasting=False))
    await seen(lambda: len(told.notifications) == 2)
    assert not set("<>&") & set(told.notifications[1][1])
    told.questions.close()


async def test_the_desk_answers_as_long_as_it_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    made = bench(tmp_path)
    frontend = Frontend(made.window, made.rack)
    made.window.show()
    task = await asked(made)
    assert made.window.contents is not None
    assert made.window.contents.question.isVisible()
    await frontend.close()
    assert await asyncio.wait_for(task, 1) == "no"
    assert await asyncio.wait_for(answer_to(made), 1) == "no"
