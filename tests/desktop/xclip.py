"""The clipboard as other programs see it."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.desktop.programs import PATIENCE, wait_until

KEEPER = Path(__file__).with_name("x11_clipboard_keeper.py")


class Clipboard:
    """Reads and writes by `xclip` on the display of `env`."""

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env

    def read(self, target: str = "UTF8_STRING", selection: str = "clipboard") -> str:
        """What another program gets, "" when nothing is there."""
        command = ["xclip", "-out", "-selection", selection, "-target", target]
        done = subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return done.stdout

    def until_copied(self) -> str:
        """What lies there as soon as something does."""
        return wait_until(self.read, "something on the clipboard")

    def until_empty(self) -> None:
        """Wait until nothing lies there."""
        wait_until(lambda: not self.read(), "the clipboard to be cleared")

    def write(self, text: str) -> None:
        """Another program copies something. It stays behind to hand it out, so it gets no pipe of ours."""
        command = ["xclip", "-in", "-selection", "clipboard"]
        nowhere = subprocess.DEVNULL
        subprocess.run(
            command, env=self._env, input=text.encode(), stdout=nowhere, stderr=nowhere, timeout=PATIENCE, check=True
        )

    @contextlib.contextmanager
    def manager(self) -> Iterator[list[str]]:
        """Run a clipboard manager. Once it has ended, the list holds what it was asked for."""
        asked: list[str] = []
        command = [sys.executable, str(KEEPER)]
        with subprocess.Popen(command, env=self._env, stdout=subprocess.PIPE, text=True) as keeper:
            assert keeper.stdout is not None
            assert keeper.stdout.readline() == "ready\n"
            try:
                yield asked
            finally:
                keeper.kill()
                asked += keeper.stdout.read().split()
