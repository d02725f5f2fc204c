"""A start that fails: at a terminal its sentence is printed, and from the desktop's menu a window says it too."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.checkout import FROM_SOURCE
from tests.until import wait_for
from tests.x_server import x_server

COMMAND = [sys.executable, "-m", "keyrack"]
SAID = "Keyrack cannot make its lock file"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """A screen, and a home whose folder for notes is a file, so that nothing can be made there."""
    (tmp_path / "state").touch()
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG")}
    with x_server() as display:
        yield {**kept, **FROM_SOURCE, "HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"),
               "DISPLAY": display}  # fmt: skip


def windows(environment: Mapping[str, str]) -> list[str]:
    """The numbers of the windows of ours that are shown."""
    command = ["xdotool", "search", "--onlyvisible", "--name", "Keyrack"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.split()


@pytest.mark.parametrize("key", ["Return", "Escape"])
def test_from_a_menu_a_window_says_why_and_one_key_closes_it(environment: Mapping[str, str], key: str) -> None:
    with subprocess.Popen(COMMAND, env=environment, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: windows(environment), "the window")
        subprocess.run(["xdotool", "windowfocus", "--sync", *windows(environment)], env=environment, check=True)
        subprocess.run(["xdotool", "key", key], env=environment, check=True)
        assert process.stderr is not None
        assert SAID in process.stderr.read()
        assert process.wait(30) == 1


def test_at_a_terminal_it_is_printed_alone(environment: Mapping[str, str]) -> None:
    ours, its = pty.openpty()
    try:
        done = subprocess.run(COMMAND, env=environment, stderr=its, timeout=60, check=False)
        assert SAID in os.read(ours, 4096).decode()
    finally:
        os.close(ours)
        os.close(its)
    assert done.returncode == 1


def test_where_no_window_is_seen_none_waits_for_anybody(environment: Mapping[str, str]) -> None:
    unseen = {**environment, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(COMMAND, env=unseen, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert SAID in done.stderr
