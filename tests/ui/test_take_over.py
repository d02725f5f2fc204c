"""A window beside an agent: it asks, and takes over or leaves the agent running; it is never its client."""

import json
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from keyrack.broker.take_over import AgentStays
from keyrack.ui.take_over import TakeOver, ask
from tests.agent.running import Place, Running, wait_for
from tests.stand_in import StandIn
from tests.ui.rack import visible_texts

PRESS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from keyrack.__main__ import main
from keyrack.ui.first_paint import application

def look():
    for window in QApplication.topLevelWidgets():
        button = window.findChild(QPushButton, pressed)
        if button is not None and button.isVisible():
            timer.stop()
            button.click()

pressed = sys.argv.pop(1)
application()
timer = QTimer()
timer.timeout.connect(look)
timer.start(10)
sys.exit(main())
"""


@pytest.fixture
def joined(tmp_path: Path) -> Iterator[list[str]]:
    with StandIn.start() as sandbox:
        announcement = tmp_path / "sandbox.json"
        announcement.write_text(json.dumps(sandbox.announced))
        yield ["--sandbox", "--join", str(announcement)]


@pytest.fixture
def place() -> Iterator[Place]:
    made = Place()
    yield made
    made.remove()


@pytest.fixture
def started() -> Iterator[list[Running]]:
    made: list[Running] = []
    yield made
    for process in made:
        process.close()


@pytest.mark.security("S85", "S86")
def test_beside_an_agent_it_leaves_it_running_or_takes_over(
    place: Place, joined: list[str], started: list[Running]
) -> None:
    def window(pressed: str) -> Running:
        command = [sys.executable, "-c", PRESS, pressed, *joined]
        started.append(Running(place, command, env={"QT_QPA_PLATFORM": "offscreen"}))
        return started[-1]

    def running() -> object:
        try:
            return agent.ask("GET", "/v1/status").get("running")
        except OSError:
            return None

    started.append(agent := Running.start(place, *joined).ready())
    assert window("leave_agent").ended() == 0
    assert running() == "agent"

    taking = window("take_over")
    assert agent.ended() == 0
    wait_for(lambda: running() == "window", "the window to answer at the socket")
    assert "Stopped." in agent.log()

    started.append(late := Running.start(place, *joined))
    assert late.ended() == 0
    assert "Keyrack runs already, with its window" in late.log()
    assert taking.stop(signal.SIGTERM) == 0


def at_once(*pressed: str) -> None:
    """Press these buttons of the question one after another, each as soon as it can be pressed."""
    left = list(pressed)

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            button = window.findChild(QPushButton, left[0]) if isinstance(window, TakeOver) else None
            if button is not None and button.isVisible() and button.isEnabled():
                seen.append(visible_texts(window))
                left.pop(0)
                button.click()
        if left:
            QTimer.singleShot(5, look)

    seen.clear()
    QTimer.singleShot(0, look)


seen: list[str] = []


def test_leaving_it_does_nothing(qtbot: QtBot) -> None:
    at_once("leave_agent")
    assert ask(lambda: pytest.fail("it was not asked to"), sandbox=False) is None


def test_taking_over_is_no_work_of_the_windows_own_thread(qtbot: QtBot) -> None:
    at_once("take_over")
    assert ask(threading.current_thread, sandbox=False) is not threading.main_thread()


def test_an_agent_that_stays_is_told_and_can_be_tried_again(qtbot: QtBot) -> None:
    outcomes: list[Exception | str] = [AgentStays(), OSError(), "the instance"]

    def work() -> str:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    at_once("take_over", "take_over", "take_over")
    assert ask(work, sandbox=True) == "the instance"
    assert "The agent did not stop." not in seen[0]
    assert "The agent did not stop." in seen[1]
    assert "systemctl --user stop keyrack-agent" in seen[1]
    assert "The agent could not be stopped." in seen[2]


def test_it_cannot_be_closed_while_the_agent_is_being_stopped(qtbot: QtBot) -> None:
    window = TakeOver()
    qtbot.addWidget(window)
    window.show()
    window.show_busy()
    assert not window.close()
    window.show_problem(None)
    assert window.close()
