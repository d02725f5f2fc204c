"""The clipboard on a real X server, seen by another program (xclip) and by a clipboard manager."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import FROM_SOURCE

HERE = Path(__file__).parent
SECRET = "made-up-access-token-0001"


class Screen:
    """An X server of its own, programs that talk to it line by line, and xclip."""

    def __init__(self) -> None:
        self.programs: list[subprocess.Popen[str]] = []
        self.environment = {**os.environ, "QT_QPA_PLATFORM": "xcb", **FROM_SOURCE}
        self.environment.pop("DISPLAY", None)
        read, write = os.pipe()
        arguments = ["Xvfb", "-displayfd", str(write), "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset"]
        self.server = subprocess.Popen(arguments, pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as answer:
            self.environment["DISPLAY"] = f":{answer.readline().strip()}"

    def run(self, name: str) -> subprocess.Popen[str]:
        """Start one of the programs beside this file and wait until it is ready."""
        program = subprocess.Popen(
            [sys.executable, str(HERE / name)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=self.environment,
        )
        self.programs.append(program)
        expect(program, "ready")
        return program

    def read(self, target: str = "UTF8_STRING", selection: str = "clipboard") -> str:
        """What another program gets, "" when nothing is there."""
        command = ["xclip", "-out", "-selection", selection, "-target", target]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=10, check=False)
        return done.stdout

    def write(self, text: str, selection: str = "clipboard") -> None:
        """Another program copies something."""
        command = ["xclip", "-in", "-selection", selection]
        subprocess.run(command, env=self.environment, input=text, text=True, timeout=10, check=True)

    def close(self) -> None:
        """End everything that was started."""
        for program in self.programs:
            program.kill()
            program.communicate()
        self.server.kill()
        self.server.wait()


def tell(program: subprocess.Popen[str], line: str) -> None:
    assert program.stdin is not None
    program.stdin.write(line + "\n")
    program.stdin.flush()


def expect(program: subprocess.Popen[str], line: str) -> None:
    """Read until the program says `line`."""
    assert program.stdout is not None
    for said in program.stdout:
        if said.strip() == line:
            return
    raise AssertionError(f"it ended without saying {line!r}")


@pytest.fixture
def screen() -> Iterator[Screen]:
    screen = Screen()
    yield screen
    screen.close()


@pytest.mark.security("S94")
def test_others_see_the_text_and_the_hint_and_the_selection_is_untouched(screen: Screen) -> None:
    screen.write("selected by hand", "primary")
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 60")
    expect(program, "holding")
    targets = screen.read("TARGETS").split()
    assert {"x-kde-passwordManagerHint", "UTF8_STRING", "text/plain"} <= set(targets)
    assert screen.read("x-kde-passwordManagerHint") == "secret"
    assert screen.read() == SECRET
    assert screen.read(selection="primary") == "selected by hand"


@pytest.mark.security("S95")
def test_it_is_gone_in_time(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    began = time.monotonic()
    tell(program, f"copy {SECRET} 1.5")
    expect(program, "holding")
    assert screen.read() == SECRET
    expect(program, "empty")
    assert 1.4 < time.monotonic() - began < 5
    assert screen.read() == ""


@pytest.mark.security("S95")
def test_a_second_copy_starts_the_delay_anew(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    tell(program, "copy made-up-access-token-0002 60")
    for _ in range(3):
        expect(program, "holding")
    assert screen.read() == "made-up-access-token-0002"


@pytest.mark.security("S95", "S96")
def test_what_somebody_else_copied_stays(screen: Screen) -> None:
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    screen.write("a shopping list")
    expect(program, "empty")
    tell(program, "quit")
    program.wait(10)
    assert screen.read() == "a shopping list"


@pytest.mark.security("S95")
def test_what_the_person_copied_from_our_own_window_stays(screen: Screen) -> None:
    """We own the selection then too: ownership alone would say that it is the secret."""
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 1")
    expect(program, "holding")
    tell(program, "text account-name")
    expect(program, "empty")
    assert screen.read() == "account-name"


@pytest.mark.security("S96")
@pytest.mark.parametrize(("word", "asked"), [("quit", False), ("die", True)])
def test_a_clipboard_manager_gets_nothing_at_quit(screen: Screen, word: str, asked: bool) -> None:
    """Qt hands the clipboard over (SAVE_TARGETS) when it is left there, so it must be cleared before."""
    keeper = screen.run("x11_clipboard_keeper.py")
    program = screen.run("x11_clipboard_program.py")
    tell(program, f"copy {SECRET} 60")
    expect(program, "holding")
    assert screen.read() == SECRET
    tell(program, word)
    program.wait(20)
    keeper.kill()
    requests, _ = keeper.communicate()
    assert ("SAVE_TARGETS" in requests) is asked
    assert screen.read() == ""
