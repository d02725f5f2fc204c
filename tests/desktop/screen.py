"""An X server of its own for one test, with programs that are spoken to line by line."""

import os
import subprocess
import sys
import threading
from pathlib import Path

from tests.checkout import FROM_SOURCE
from tests.desktop.programs import PATIENCE

HERE = Path(__file__).parent


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
    """Read until the program says `line`. One that does not say it in time is ended, and AssertionError is raised."""
    assert program.stdout is not None
    limit = threading.Timer(PATIENCE, program.kill)
    limit.start()
    try:
        for said in program.stdout:
            if said.strip() == line:
                return
    finally:
        limit.cancel()
    raise AssertionError(f"it ended without saying {line!r}, or did not say it in {PATIENCE:g} s")
