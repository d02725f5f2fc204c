"""A home with the command `keyrack`, its completions, and a socket that names a few accounts."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.checkout import FROM_SOURCE
from tests.cli.fake_socket import FakeSocket, answering, reply

NAMES = ("Main desk", "Main: EUR", "Trading", "It's $5", "Zürich")


class Home:
    """A person's home with `keyrack` on the path."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "bin"
        self.programs.mkdir()
        command = self.programs / "keyrack"
        command.write_text(f'#!/bin/sh\nexec {sys.executable} -m keyrack "$@"\n')
        command.chmod(0o755)
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
        self.env = {
            **kept,
            "LC_ALL": "C.UTF-8",
            "HOME": str(folder),
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "XDG_RUNTIME_DIR": str(folder / "run"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
            **FROM_SOURCE,
        }
        (folder / "run").mkdir(mode=0o700)

    def keyrack(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """`keyrack WORDS`."""
        return subprocess.run(
            ["keyrack", *words], env=self.env, capture_output=True, text=True, timeout=30, check=False, encoding="utf-8"
        )

    def socket(self, app: str = "keyrack") -> Path:
        """Where a Keyrack of this home listens."""
        return self.folder / "run" / app / "keyrack.sock"


@pytest.fixture
def home() -> Iterator[Home]:
    """A short path: the socket's own must fit into 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="kr") as name:
        yield Home(Path(name))


@pytest.fixture
def running(home: Home) -> Iterator[FakeSocket]:
    """A Keyrack that answers with the accounts above."""
    with answering(home.socket()) as socket:
        socket.answer = reply({"version": 1, "accounts": [{"name": name} for name in NAMES]})
        yield socket
