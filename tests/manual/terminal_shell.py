"""A real shell at a terminal of its own, in which a test types and reads the line that the shell then shows."""

import os
import pty
import re
import select
import shutil
import signal
import time
from pathlib import Path

SECONDS = 10.0
_CONTROLS = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[=>()][0B]?|P[^\x1b]*\x1b\\)|[\r\x07]"
)


class TerminalShell:
    """One interactive shell. `command` is its program with arguments, `ready` what it prints once it is ready."""

    def __init__(self, command: list[str], env: dict[str, str], folder: Path) -> None:
        self._text = ""
        self._pid, self._end = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execve(shutil.which(command[0]) or "", command, {**env, "TERM": "xterm", "COLUMNS": "200"})

    def type(self, text: str) -> None:
        """Type, as at the keyboard."""
        self._text = ""
        os.write(self._end, text.encode())

    def until(self, wanted: str) -> str:
        """What was shown since the last typing, once it holds `wanted`, without the terminal's control sequences."""
        ends = time.monotonic() + SECONDS
        while wanted not in (shown := _CONTROLS.sub("", self._text)):
            left = ends - time.monotonic()
            readable, _, _ = select.select([self._end], [], [], max(0.0, left))
            assert readable, f"{wanted!r} was not shown, but {shown!r}"
            self._text += os.read(self._end, 65536).decode("utf-8", "replace")
        return shown

    def close(self) -> None:
        """End the shell."""
        os.kill(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        os.close(self._end)
