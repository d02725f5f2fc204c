"""Keyrack started by a program that closed standard input, output or error."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.agent_process import SECONDS, AgentHome, AgentProcess
from tests.until import wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell closes the streams")

KEYRACK = [sys.executable, "-m", "keyrack"]
CLOSED = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]
WHERE = """
import os
from keyrack.__main__ import main
code = main(["status"])
places = [os.readlink(f"/proc/self/fd/{number}") for number in range(3)]
open("places", "w").write(" ".join(map(str, [code, *places])))
"""


def closing(streams: str, command: list[str]) -> list[str]:
    """The command, started by a shell that closed these streams."""
    return ["sh", "-c", f'exec "$@" {streams}', "sh", *command]


def run(place: AgentHome, streams: str, *command: str) -> "subprocess.CompletedProcess[str]":
    """The command with these streams closed, to its end."""
    return subprocess.run(
        closing(streams, list(command)),
        env=place.env,
        cwd=place.home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


@pytest.mark.parametrize("streams", CLOSED)
def test_the_agent_runs_and_its_log_is_somewhere(
    place: AgentHome, agents: list[AgentProcess], joined: list[str], streams: str
) -> None:
    agents.append(agent := AgentProcess(place, closing(streams, [*KEYRACK, "agent", *joined])).ready())
    assert agent.ask("GET", "/v1/status")["running"] == "agent"
    file = place.home / ".local/state/keyrack-sandbox/log/keyrack.log"
    assert ("Ready: " in agent.log()) != ("2>" in streams)
    assert file.exists() == ("2>" in streams)
    assert agent.stop() == 0
    if file.exists():
        assert "Ready: " in file.read_text()
        assert "Stopped." in file.read_text()


@pytest.mark.skipif(bool(os.environ.get("KEYRACK_QT_PROBLEM")), reason="Qt cannot be loaded")
@pytest.mark.parametrize("streams", CLOSED)
def test_the_window_runs(place: AgentHome, agents: list[AgentProcess], joined: list[str], streams: str) -> None:
    command = closing(streams, [*KEYRACK, *joined])
    agents.append(window := AgentProcess(place, command, env={"QT_QPA_PLATFORM": "offscreen"}))

    def running() -> object:
        try:
            return window.ask("GET", "/v1/status").get("running") == "window"
        except OSError:
            return False

    wait_for(running, "the window to answer at the socket")
    assert window.stop() == 0


@pytest.mark.parametrize("streams", CLOSED)
def test_no_file_gets_the_number_of_a_closed_stream(place: AgentHome, streams: str) -> None:
    if not Path("/proc/self/fd").exists():
        pytest.skip("this system has no list of a process's files")
    run(place, streams, sys.executable, "-c", WHERE)
    code, *places = (place.home / "places").read_text().split()
    assert code == "7"
    for number, mark in enumerate(("<", ">&-", "2>")):
        assert (places[number] == os.devnull) == (number == 0 or mark in streams.replace("2>&-", "2>"))


@pytest.mark.parametrize("streams", CLOSED)
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["status"], 7),
        (["token", "Desk"], 7),
        (["run", "Desk", "--", "true"], 7),
        (["accounts", "remove", "Desk"], 7),
        (["socket"], 7),
        (["no-such-verb"], 2),
        (["providers", "check", "missing.toml"], 1),
        (["providers", "list"], 0),
        (["token", "--help"], 0),
    ],
    ids=lambda given: given[0] if isinstance(given, list) else "",
)
def test_a_verb_ends_as_it_would_and_writes_nothing_to_another_stream(
    place: AgentHome, words: list[str], code: int, streams: str
) -> None:
    usual = run(place, "", *KEYRACK, *words)
    assert usual.returncode == code
    found = run(place, streams, *KEYRACK, *words)
    no_out = ">&-" in streams.replace("2>&-", "")
    assert found.returncode == (1 if no_out and usual.stdout else code)
    assert found.stdout == ("" if no_out else usual.stdout)
    if "2>" in streams:
        assert found.stderr == ""
    elif not no_out:
        assert found.stderr == usual.stderr
    elif usual.stdout:
        assert "could not be written to stdout" in found.stderr
    else:
        assert found.stderr
