"""The command that starts the sandbox, and what is said where it cannot start."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from keyrack.primitives.failure import Failure
from keyrack.ui.window.contents import Contents
from keyrack.ui.window.sandbox_start import sandbox_command
from tests.checkout import DESKTOP
from tests.ui.harness import WindowHarness, make_harness

CODE = """
import sys
from keyrack.primitives.failure import Failure
from keyrack.ui.window.sandbox_start import start_sandbox
sys.path = [path for path in sys.path if path != sys.argv[1]]
try:
    start_sandbox()
except Failure as why:
    print(why.code)
"""


def test_the_sandbox_is_started_as_this_keyrack_was() -> None:
    assert sandbox_command(["/py", "-m", "keyrack"]) == ["/py", "-m", "keyrack", "--sandbox"]
    assert sandbox_command(["/py", "desktop", "--verbose"]) == ["/py", "desktop", "--sandbox"]


def test_an_installation_without_its_libraries_starts_nothing() -> None:
    libraries = next(path for path in sys.path if (Path(path) / "uvicorn").is_dir())
    command = [sys.executable, "-c", CODE, libraries]
    done = subprocess.run(command, env={"PYTHONPATH": str(DESKTOP)}, capture_output=True, text=True, check=True)
    assert done.stdout == "sandbox_without_libraries\n"


@pytest.fixture
def first_start(qtbot: QtBot, tmp_path: Path) -> WindowHarness:
    made = make_harness(tmp_path, (), sandbox=False)
    qtbot.addWidget(made.window)
    made.window.show()
    return made


def test_the_welcome_page_says_why_there_is_no_sandbox(first_start: WindowHarness) -> None:
    def refuses() -> None:
        raise Failure("sandbox_without_libraries")

    contents = Contents(first_start.rack, first_start.actions, refuses, first_start.window)
    first_start.window.fill(contents, lambda: False)
    button = contents.findChild(QAbstractButton, "first_sandbox")
    assert button is not None
    button.click()
    shown = contents.notice.banner.text.text()
    assert "It needs two more libraries, which this Keyrack was installed without." in shown
    assert "keyrack[sandbox]" in shown
