"""Notifications about questions that cannot be seen in the window: gathered, plain, and not repeated too soon."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from keyrack.core.access.program import Program
from keyrack.ui.frontend import Frontend
from keyrack.ui.integration.notifications import REPEAT_AFTER
from keyrack.ui.integration.question_notifications import QuestionNotifications
from tests.ui.harness import WindowHarness, make_harness, seen
from tests.ui.question_harness import (
    CURL,
    LONG,
    answer_to,
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


class TrayNotices:
    """The notifications that the tray showed."""

    def __init__(self, harness: WindowHarness) -> None:
        self.notifications: list[tuple[str, str]] = []
        self.questions = QuestionNotifications(
            harness.rack, harness.window, lambda *words: self.notifications.append(words), gather_ms=30
        )
        harness.contents.question.answered.connect(self.questions.answered)

    @property
    def quiet(self) -> bool:
        """Whether no notification will be shown within a minute."""
        due_in = self.questions.notifications.due_in
        return due_in is None or due_in > 60


async def test_the_tray_tells_of_questions_that_nobody_can_see_in_one_notice(harness: WindowHarness) -> None:
    told = TrayNotices(harness)
    await asked(harness)
    await asked(harness, CURL, "p1")
    await moment()
    assert (told.notifications, told.quiet) == ([], True), "they are seen"
    harness.window.hide()
    await seen(lambda: bool(told.notifications))
    words = "/usr/bin/python3 bot.py for Trading, /usr/bin/curl for Main desk. Open Keyrack to answer."
    assert told.notifications == [("2 questions about tokens", words)]
    harness.rack.access.asking.settle("no", "late")
    told.questions.close()


async def test_a_program_that_tries_again_is_told_once_unless_it_was_allowed(harness: WindowHarness) -> None:
    told = TrayNotices(harness)
    harness.window.hide()
    for again in range(3):
        await asked(harness)
        await moment()
        assert told.quiet == bool(again)
        await seen(lambda: bool(told.notifications))
        harness.rack.access.asking.settle("no", "late")
        harness.clock.move(60)
        await moment()
    assert told.notifications == [
        ("A program wants a token", "/usr/bin/python3 bot.py for Trading. Open Keyrack to answer.")
    ]
    await asked(harness)
    harness.window.come_forward()
    harness.window.activateWindow()
    await press(harness, bar(harness).once)
    harness.window.hide()
    await asked(harness)
    await seen(lambda: len(told.notifications) == 2)
    harness.rack.access.asking.settle("no", "late")
    harness.clock.move(REPEAT_AFTER)
    await asked(harness)
    await seen(lambda: len(told.notifications) == 3)
    told.questions.close()


@pytest.mark.security("S91", "S99")
async def test_a_notice_is_plain_short_and_not_given_while_locked(harness: WindowHarness) -> None:
    told = TrayNotices(harness)
    harness.window.hide()
    harness.rack.lock.lock(by_hand=False)
    await asked(harness, LONG)
    await moment()
    assert (told.notifications, told.quiet) == ([], True)
    harness.rack.lock.unlock_by_press()
    await seen(lambda: bool(told.notifications))
    assert len(told.notifications[0][1]) < 200
    assert "end.py for Trading." in told.notifications[0][1]
    harness.rack.access.asking.settle("no", "late")
    await asked(harness, Program(4716, "/opt/<a href='x'>R&D</a>", "", lasting=False))
    await seen(lambda: len(told.notifications) == 2)
    assert not set("<>&") & set(told.notifications[1][1])
    told.questions.close()


async def test_the_desk_answers_as_long_as_it_is_there(qtbot: QtBot, tmp_path: Path) -> None:
    made = make_harness(tmp_path)
    frontend = Frontend(made.window, made.rack)
    made.window.show()
    task = await asked(made)
    assert made.window.contents is not None
    assert made.window.contents.question.isVisible()
    await frontend.close()
    assert await asyncio.wait_for(task, 1) == "no"
    assert await asyncio.wait_for(answer_to(made), 1) == "no"
