"""How the agent starts where a keyring, a socket, a program or a credential is missing."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from keyrack import __main__ as program
from keyrack.agent import agent as module
from keyrack.agent.keyring.child_process import ProgramMissing
from keyrack.agent.keyring.private_keyring import KeyringRefused, PrivateKeyring
from keyrack.agent.keyring.systemd_credential import NAME
from keyrack.core.system.paths import Paths
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.startup.sandbox_process import SandboxProcess
from tests.agent.agent_process import AgentHome, AgentProcess
from tests.keyring_session import missing_programs

NEEDS_PROGRAMS = pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")


@pytest.fixture
def paths(place: AgentHome) -> Paths:
    """Folders with a short path."""
    runtime = place.runtime / "keyrack"
    runtime.mkdir(0o700)
    return Paths(place.home / "config", place.home / "state", runtime, place.home / "logs")


@pytest.fixture
def credential(place: AgentHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An invented password for the agent's own keyring, and the environment as it was afterwards."""
    (place.home / NAME).write_text("an invented password\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(place.home))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "")
    yield


def test_without_a_keyring_it_runs_and_names_the_way_to_one(place: AgentHome, agents: list[AgentProcess]) -> None:
    agents.append(agent := AgentProcess.start(place).ready())
    assert "WARNING There is no keyring on this computer that Keyrack can use." in agent.log()
    assert "start the agent with --own-keyring" in agent.log()
    assert agent.ask("GET", "/v1/status")["sandbox"] is False
    assert agent.ask("POST", "/v1/agent/stop") == {"version": 1, "running": "agent"}
    assert agent.ended() == 0


@pytest.mark.security("S82")
def test_without_a_socket_it_is_no_use_and_says_so(place: AgentHome, agents: list[AgentProcess]) -> None:
    folder, spare = place.runtime / "keyrack", place.home / ".local/state/keyrack/run"
    for unsafe in (folder, spare):
        unsafe.mkdir(parents=True)
        unsafe.chmod(0o777)
    agents.append(agent := AgentProcess.start(place))
    assert agent.ended() == 1
    assert f"others have rights in {folder}" in agent.log()
    assert "An agent that nobody can reach is of no use, so it ends." in agent.log()
    assert agent.notes == []


@pytest.mark.parametrize("given", [["--speed", "2"], ["--tour", "x"], ["--sandbox", "--speed", "0"], ["Trading"]])
def test_a_mistake_in_its_options_is_one_of_usage(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        module.run(given)
    assert ended.value.code == 2
    assert "keyrack agent: error: " in capsys.readouterr().err


def test_a_sandbox_that_is_no_longer_wanted_ends_without_complaint(capfd: pytest.CaptureFixture[str]) -> None:
    """As when the keyring cannot be opened while the sandbox is still starting."""
    SandboxProcess.start(speed=None, capped=False).close()
    assert capfd.readouterr().err == ""


async def test_without_a_credential_there_is_no_keyring_to_start(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    assert isinstance(await PrivateKeyring(paths).open("Keyrack"), MemoryVault)
    assert not (paths.state / "keyring").exists()


@NEEDS_PROGRAMS
async def test_a_program_that_is_not_installed_is_named(
    paths: Paths, credential: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(paths.runtime))
    with pytest.raises(ProgramMissing, match="gnome-keyring-daemon is not installed") as why:
        await PrivateKeyring(paths).open("Keyrack")
    assert "sudo apt install gnome-keyring dbus-daemon" in why.value.sentences()


@NEEDS_PROGRAMS
async def test_a_keyring_that_does_not_start_takes_its_bus_along(
    paths: Paths, credential: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "gnome-keyring-daemon"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(KeyringRefused, match="did not start"):
        await PrivateKeyring(paths).open("Keyrack")
    assert not (paths.runtime / "keyring" / "bus").exists()


def test_garbage_is_collected_again_once_all_is_imported(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program.main(["agent", "--help"])
    collecting = gc.isenabled()
    gc.disable()
    assert collecting, capsys.readouterr()
