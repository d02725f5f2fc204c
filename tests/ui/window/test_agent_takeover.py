"""The small window that a start beside an agent shows."""

import threading

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from keyrack.broker.instance.take_over import AgentStays
from keyrack.ui.window.agent_takeover import AgentTakeover, ask
from tests.ui.harness import visible_texts


def at_once(*pressed: str) -> None:
    """Press these buttons of the question one after another, each as soon as it can be pressed."""
    left = list(pressed)

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            button = window.findChild(QPushButton, left[0]) if isinstance(window, AgentTakeover) else None
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
    window = AgentTakeover()
    qtbot.addWidget(window)
    window.show()
    window.show_busy()
    assert not window.close()
    window.show_problem(None)
    assert window.close()
