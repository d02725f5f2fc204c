"""An agent whose runtime folder is removed, missing or unusable: the verbs of every environment find it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.agent.agent_process import SECONDS, AgentHome, AgentProcess
from tests.until import wait_for

USUAL = Path(f"/run/user/{os.getuid()}")


def keyrack(place: AgentHome, *words: str, runtime: str | None = None) -> "subprocess.CompletedProcess[str]":
    """`keyrack WORDS` in an environment with this runtime folder, "" for none, None for the agent's own."""
    env = place.env if runtime is None else {**place.env, "XDG_RUNTIME_DIR": runtime}
    if runtime == "":
        del env["XDG_RUNTIME_DIR"]
    command = [sys.executable, "-m", "keyrack", *words]
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)


def environments(place: AgentHome) -> list[str]:
    """Runtime folders that programs of one user have: the agent's, a missing one, and none."""
    found = [str(place.runtime), str(place.home / "missing")]
    return found if USUAL.is_dir() else [*found, ""]


def found_everywhere(place: AgentHome) -> bool:
    """Whether the verbs reach the agent from each environment, and agree on where it is."""
    asked = [keyrack(place, "status", "--json", runtime=runtime) for runtime in environments(place)]
    paths = {keyrack(place, "socket", runtime=runtime).stdout for runtime in environments(place)}
    return all(done.returncode == 0 for done in asked) and len(paths) == 1


def second_start(place: AgentHome, runtime: str) -> str:
    """What another agent says, which ends at once."""
    done = keyrack(place, "agent", runtime=runtime)
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.security("S82", "S85")
def test_removed_while_it_runs(place: AgentHome, agents: list[AgentProcess]) -> None:
    agents.append(agent := AgentProcess.start(place).ready())
    assert found_everywhere(place)
    shutil.rmtree(place.runtime)
    wait_for(lambda: found_everywhere(place), "the socket in the state folder")
    place.runtime.mkdir(mode=0o700)
    wait_for(agent.socket.is_socket, "the socket to come back")
    wait_for(lambda: found_everywhere(place), "the verbs to find it")
    for runtime in environments(place):
        assert "An agent runs already" in second_start(place, runtime)
    agent.socket.unlink()
    wait_for(lambda: found_everywhere(place), "the socket's file")
    assert agent.log().count("The local socket was made anew") == 3
    assert agent.stop() == 0
    assert keyrack(place, "status").returncode == 7


@pytest.mark.security("S82")
def test_a_folder_that_cannot_be_used_is_as_if_unset(place: AgentHome, agents: list[AgentProcess]) -> None:
    (place.home / "file").touch()
    long = place.home / ("x" * 100)
    long.mkdir(mode=0o700)
    for runtime in (place.home / "missing", place.home / "file", long):
        agents.append(
            agent := AgentProcess(
                place, [sys.executable, "-m", "keyrack", "agent"], env={"XDG_RUNTIME_DIR": str(runtime)}
            ).ready()
        )
        assert found_everywhere(place)
        assert "An agent runs already" in second_start(place, str(runtime))
        assert agent.stop() == 0, agent.log()


def test_where_no_socket_can_be_made_the_sentence_names_place_and_way_out(
    place: AgentHome, agents: list[AgentProcess]
) -> None:
    state = place.home / ("x" * 100)
    env = {"XDG_RUNTIME_DIR": str(place.home / ("y" * 100)), "XDG_STATE_HOME": str(state)}
    Path(env["XDG_RUNTIME_DIR"]).mkdir(mode=0o700)
    if USUAL.is_dir():
        pytest.skip("the session's own folder would be used")
    agents.append(agent := AgentProcess(place, [sys.executable, "-m", "keyrack", "agent"], env=env))
    assert agent.ended() == 1
    assert f"the path {env['XDG_RUNTIME_DIR']}" in agent.log()
    assert "Set XDG_RUNTIME_DIR to a folder with a shorter path." in agent.log()
    assert "Traceback" not in agent.log()
