"""A window in which programs' questions are answered, and programs that ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from pytestqt.qtbot import QtBot

from keyrack.core.access.program import Program
from keyrack.core.access.prompts import Answer
from keyrack.ui.window.question_bar import QuestionBar
from tests.ui.harness import WindowHarness, make_harness, seen

BOT = Program(4711, "/usr/bin/python3", "/srv/bots/bot.py", lasting=True)
OTHER = Program(4712, "/usr/bin/python3", "/srv/bots/report.py", lasting=True)
CURL = Program(4713, "/usr/bin/curl", "", lasting=False)
LONG = Program(4714, "/opt/" + "a-long-folder/" * 15 + "python3", f"/srv/{'nested/' * 60}end.py", lasting=True)


@asynccontextmanager
async def window_with_questions(qtbot: QtBot, tmp_path: Path) -> AsyncIterator[WindowHarness]:
    """A window in front that answers questions, and whose buttons work at once."""
    made = make_harness(tmp_path)
    qtbot.addWidget(made.window)
    made.active("w1")
    made.window.show()
    made.window.activateWindow()
    arm_timer(bar(made)).setInterval(20)
    await made.rack.lock.load()
    detach = made.rack.access.asking.add_respondent()
    await seen(lambda: QApplication.activeWindow() is made.window)
    yield made
    detach()
    await asyncio.sleep(0)
    await made.rack.access.close()


def arm_timer(shown: QuestionBar) -> QTimer:
    """The timer after which the buttons work."""
    found = shown.findChild(QTimer)
    assert found is not None
    return found


def bar(harness: WindowHarness) -> QuestionBar:
    return harness.contents.question


async def answer_to(harness: WindowHarness, program: Program = BOT, id: str = "w1") -> Answer:
    """The answer that a program gets."""
    return (await harness.rack.access.asking.ask(harness.account(id), program)).answer


async def asked(harness: WindowHarness, program: Program = BOT, id: str = "w1") -> asyncio.Task[Answer]:
    """Let a program ask. Its question waits when this returns."""
    task = asyncio.create_task(answer_to(harness, program, id))
    before = len(harness.rack.access.asking.pending)
    await seen(lambda: len(harness.rack.access.asking.pending) > before)
    return task


async def press(harness: WindowHarness, button: QAbstractButton) -> None:
    await seen(button.isEnabled)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


async def moment() -> None:
    """Let Qt and asyncio go on a little."""
    for _ in range(5):
        QApplication.processEvents()
        await asyncio.sleep(0)
