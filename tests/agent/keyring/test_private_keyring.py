"""The agent as the unit starts it, with its private gnome-keyring that a credential unlocks."""

import hashlib
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.agent.agent_process import AgentHome, AgentProcess
from tests.agent.systemd_unit import credential, exec_start
from tests.keyring_session import KeyringSession, missing_programs
from tests.sandbox_process import RunningSandbox
from tests.until import wait_for

pytestmark = pytest.mark.skipif(bool(missing_programs()), reason=f"not installed: {missing_programs()}")

PASSWORD = "an invented password\n"
DESK = "Deribit test"  # it needs no browser, and no pause between two requests
SECRET = "invented-secret-of-the-own-desk"
OWN = {"provider": "probit", "region": "global", "flow": "client_credentials", "client_id": "invented-client"}


class Server:
    """A person's folders on a server, with a login keyring of their own open on their session's bus."""

    def __init__(self, announcement: Path) -> None:
        self.place = AgentHome()
        self.person = KeyringSession(self.place.home / "person").start()
        self.person.store(b"the person's own", of="the person")
        for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"):
            self.place.env[name] = self.person.env[name]
        self.place.runtime = self.person.runtime
        self.place.env["GNOME_KEYRING_CONTROL"] = str(self.person.runtime / "keyring")
        self._announcement = announcement
        self.started: list[AgentProcess] = []

    def start(self, password: str = PASSWORD) -> AgentProcess:
        """Run the unit's ExecStart line with the credential, against the sandbox."""
        command = [*exec_start(self.place), "--sandbox", "--join", str(self._announcement)]
        self.started.append(AgentProcess(self.place, command, env=credential(self.place, password)))
        return self.started[-1]

    def living(self) -> AgentProcess | None:
        """The agent that runs."""
        return next((agent for agent in self.started if agent.process.poll() is None), None)

    def furnish(self) -> None:
        """Start once, add an account, sign another one in, and stop."""
        first = self.start().ready()
        added = first.ask("POST", "/v1/accounts", **OWN, name="Own desk", client_secret=SECRET)
        assert "error" not in added, added
        first.sign_in(DESK)
        assert first.stop() == 0, first.log()
        assert self.programs() == []

    def files(self) -> dict[str, str]:
        """The files of the agent's own keyring with the digests of their content."""
        return digests(self.place.home / ".local/state/keyrack-sandbox/keyring")

    def programs(self, name: str = "") -> list[int]:
        """The processes of the agent's own bus and keyring, or of one of them."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            ours = any(f"{self.place.runtime}/keyrack-sandbox/keyring" in word for word in words[1:])
            if ours and words[0].endswith(name or ("dbus-daemon", "gnome-keyring-daemon")):
                found.append(int(folder.name))
        return found

    def in_own_keyring(self, user: str) -> str:
        """What `secret-tool` finds of an item, given the address of the agent's bus."""
        bus = f"unix:path={self.place.runtime}/keyrack-sandbox/keyring/bus"
        command = ["secret-tool", "search", "--all", "service", "Keyrack Sandbox", "username", user]
        env = {**self.place.env, "DBUS_SESSION_BUS_ADDRESS": bus}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False).stdout

    def close(self) -> None:
        """End all."""
        for agent in self.started:
            agent.close()
        self.person.stop()
        self.place.remove()


def digests(folder: Path) -> dict[str, str]:
    """Each file below a folder with the digest of its content."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def server(sandbox: RunningSandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(sandbox.announce(tmp_path_factory.mktemp("sandbox") / "announcement.json"))
    try:
        made.furnish()
        yield made
    finally:
        made.close()


@pytest.fixture
def agent(server: Server) -> AgentProcess:
    """An agent started after the one that got the accounts."""
    return server.living() or server.start().ready()


def test_an_account_is_still_there_after_a_restart(server: Server, agent: AgentProcess) -> None:
    agent.until_state(DESK, "ready")  # with the secret from the keyring, as nobody signed in
    assert agent.account("Own desk")["reason"] == "new"
    accounts = json.loads((server.place.home / ".config/keyrack-sandbox/accounts.json").read_text())["accounts"]
    (id,) = (account["id"] for account in accounts if account["name"] == "Own desk")
    assert SECRET in server.in_own_keyring(id)
    status = agent.ask("GET", "/v1/status")
    assert (status["keyring"], status["keyring_in_memory"]) == ("Secret Service (GNOME keyring)", False)


def test_the_agents_keyring_is_no_plain_text_and_for_this_user_alone(server: Server, agent: AgentProcess) -> None:
    folder = server.place.home / ".local/state/keyrack-sandbox/keyring"
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert content
    assert SECRET.encode() not in content
    for path in (folder, folder / "keyrings", server.place.runtime / "keyrack-sandbox/keyring"):
        assert path.stat().st_mode & 0o077 == 0
    shown = b"".join(Path(f"/proc/{pid}/cmdline").read_bytes() for pid in [agent.process.pid, *server.programs()])
    assert PASSWORD.strip().encode() not in shown


def test_the_persons_own_keyring_is_left_alone(server: Server, agent: AgentProcess) -> None:
    assert "the person's own" in server.person.search(of="the person")
    assert server.person.search(service="Keyrack Sandbox") == ""
    assert set(server.programs()).isdisjoint([server.person.owner()])
    assert len(server.programs()) == 2


def test_a_keyring_that_ends_is_started_again(server: Server, agent: AgentProcess) -> None:
    """R6, for the agent's own one."""
    (before,) = server.programs("gnome-keyring-daemon")
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: set(server.programs("gnome-keyring-daemon")) - {before}, "another keyring")
    assert "ERROR The agent's own keyring ended without being asked to." in agent.log()

    def is_added() -> bool:
        added = agent.ask("POST", "/v1/accounts", **OWN, name="After", client_secret=SECRET)
        return "error" not in added

    wait_for(is_added, "an account to be saved again")


@pytest.mark.security("S85", "S86")
def test_after_a_kill_one_of_two_starts_goes_on(server: Server, agent: AgentProcess) -> None:
    """R41, R40: nothing to clean up by hand, and exactly one lives."""
    agent.process.kill()
    agent.ended()
    wait_for(lambda: not server.programs(), "its keyring to end with it")
    assert agent.socket.exists()
    two = [server.start(), server.start()]
    wait_for(lambda: any(start.process.poll() is not None for start in two), "one of two to end")
    assert [start.process.poll() for start in two if start is not server.living()] == [0]
    lives = server.living()
    assert lives is not None
    lives.ready().until_state(DESK, "ready")


def test_told_to_stop_while_the_provider_holds_a_renewal_it_ends_in_time(
    server: Server, agent: AgentProcess, sandbox: RunningSandbox
) -> None:
    """R47: the answer that comes in time is still stored, and nobody is given it."""
    sandbox.fault("deribit", "token", "hold:1")
    before = len(sandbox.log("deribit", "token"))
    answers: list[dict[str, Any]] = []
    refresh = threading.Thread(target=lambda: answers.append(agent.ask("POST", "/v1/accounts/Deribit%20test/refresh")))
    refresh.start()
    wait_for(lambda: len(sandbox.log("deribit", "token")) > before, "the renewal to reach the provider")
    began = time.monotonic()
    assert agent.stop() == 0
    assert time.monotonic() - began < 5
    refresh.join(5)
    sandbox.clear_faults()
    assert answers[0]["error"]["code"] == "busy"
    assert server.programs() == []
    assert agent.log().endswith("INFO Stopped.\n")


def test_a_wrong_password_is_said_and_the_keyring_is_left_as_it_is(server: Server) -> None:
    if (lives := server.living()) is not None:
        lives.stop()
    before = server.files()
    refused = server.start("another password")
    assert refused.ended() == 5
    assert "ERROR The password in the credential does not open the agent's keyring. " in refused.log()
    assert "READY=1" not in "".join(refused.notes)
    assert server.files() == before
    assert server.programs() == []
