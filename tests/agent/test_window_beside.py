"""A window beside an agent: it asks, then takes over or leaves the agent running. It never becomes its client."""

import os
import signal
import sys

import pytest

from tests.agent.agent_process import AgentHome, AgentProcess
from tests.until import wait_for

PRESS = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from keyrack.__main__ import main
from keyrack.ui.window.first_paint import application

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


@pytest.mark.security("S85", "S86")
@pytest.mark.skipif(bool(os.environ.get("KEYRACK_QT_PROBLEM")), reason="Qt cannot be loaded")
def test_beside_an_agent_it_leaves_it_running_or_takes_over(
    place: AgentHome, joined: list[str], agents: list[AgentProcess]
) -> None:
    def window(pressed: str) -> AgentProcess:
        command = [sys.executable, "-c", PRESS, pressed, *joined]
        agents.append(AgentProcess(place, command, env={"QT_QPA_PLATFORM": "offscreen"}))
        return agents[-1]

    def running() -> object:
        try:
            return agent.ask("GET", "/v1/status").get("running")
        except OSError:
            return None

    agents.append(agent := AgentProcess.start(place, *joined).ready())
    assert window("leave_agent").ended() == 0
    assert running() == "agent"

    taking = window("take_over")
    assert agent.ended() == 0
    wait_for(lambda: running() == "window", "the window to answer at the socket")
    assert "Stopped." in agent.log()

    agents.append(late := AgentProcess.start(place, *joined))
    assert late.ended() == 0
    assert "Keyrack runs already, with its window" in late.log()
    assert taking.stop(signal.SIGTERM) == 0
