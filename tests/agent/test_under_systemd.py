"""The unit under a real systemd user manager, where one can be started for the test: as root, in a mount namespace."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.agent_process import AgentHome, ask
from tests.agent.systemd_unit import UNIT, exec_start, settings
from tests.keyring_session import missing_programs
from tests.until import wait_for

MANAGER = Path("/lib/systemd/systemd")
# A manager only starts where systemd seems to be the system's, and passes credentials by shared mounts.
NAMESPACE = """
mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/system && mount --make-rshared / || exit 1
exec "$0" --user --unit=nothing.target --log-target=console
"""


def missing() -> str:
    """Why no manager can be started here, "" when one can."""
    if os.geteuid() != 0 or shutil.which("unshare") is None or not MANAGER.exists():
        return "needs root, unshare and systemd"
    return missing_programs() and f"not installed: {missing_programs()}"


pytestmark = pytest.mark.skipif(bool(missing()), reason=missing())


class Manager:
    """A user manager whose units and runtime folder are those of one place."""

    def __init__(self, place: AgentHome) -> None:
        self.place = place
        units = place.home / ".config/systemd/user"
        units.mkdir(parents=True)
        (units / "nothing.target").write_text("[Unit]\nDefaultDependencies=no\n")
        shutil.copy(UNIT, units)
        exec_start(place)
        self._process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", NAMESPACE, str(MANAGER)],
            env=place.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def is_up(self) -> bool:
        """Whether it responds. False also when it could not be started here."""
        private = self.place.runtime / "systemd/private"
        wait_for(lambda: private.exists() or self._process.poll() is not None, "the user manager")
        return self._process.poll() is None

    def systemctl(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Ask it, as its user would."""
        command = ["nsenter", "--mount", f"--target={self._process.pid}", "systemctl", "--user", *words]
        return subprocess.run(command, env=self.place.env, capture_output=True, text=True, timeout=30, check=False)

    def show(self, name: str) -> str:
        """One property of the unit."""
        return self.systemctl("show", "--value", f"--property={name}", UNIT.name).stdout.strip()

    def credential(self, text: str | None) -> None:
        """Write the file that the unit loads its credential from, or take it away."""
        named = settings()["LoadCredential"][0].partition(":")[2]
        path = Path(named.replace("%E", str(self.place.home / ".config")))
        path.parent.mkdir(exist_ok=True)
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)

    def close(self) -> None:
        """End it with all that it started."""
        self.systemctl("stop", UNIT.name)
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture
def manager(place: AgentHome) -> Iterator[Manager]:
    made = Manager(place)
    try:
        if not made.is_up():
            pytest.skip("no systemd user manager can be started here")
        yield made
    finally:
        made.close()


def test_the_unit_keeps_its_promises(manager: Manager) -> None:
    socket = manager.place.socket_of("keyrack")
    manager.credential("an invented password\n")
    assert manager.systemctl("start", UNIT.name).returncode == 0
    assert ask(socket, "GET", "/v1/status")["keyring_in_memory"] is False
    account = {"provider": "deribit", "region": "test", "flow": "client_credentials", "name": "Desk"}
    ask(socket, "POST", "/v1/accounts", **account, client_id="invented", client_secret="invented-secret")
    assert manager.systemctl("restart", UNIT.name).returncode == 0
    assert manager.show("StatusText") == "Ready: 1 account (1 waiting for a sign-in)."
    assert "item_missing" not in str(ask(socket, "GET", "/v1/status"))

    assert manager.systemctl("stop", UNIT.name).returncode == 0
    assert (manager.show("ActiveState"), manager.show("Result")) == ("inactive", "success")

    manager.credential("another password\n")
    assert manager.systemctl("start", UNIT.name).returncode != 0
    assert (manager.show("ActiveState"), manager.show("ExecMainStatus")) == ("failed", "5")  # and not "activating"
    assert manager.show("StatusText").startswith("The password in the credential does not open the agent's keyring.")

    manager.credential(None)
    assert manager.systemctl("start", UNIT.name).returncode == 0
    assert ask(socket, "GET", "/v1/status")["keyring_in_memory"] is True
    assert manager.show("StatusText").endswith("Secrets are in memory only.")
