"""One person whose accounts file, notes and log lie on a small disk, and the agent that the person's verbs speak to."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.agent.agent_process import AgentHome, AgentProcess
from tests.campaigns.disk.small_disk import SmallDisk
from tests.keyring_session import KeyringSession
from tests.sandbox_process import RunningSandbox

PASSPHRASE, CLIENT_SECRET = "invented passphrase", "invented-client-secret"
KEPT, SPARE, FRESH, NEW = "Kept", "Spare", "Fresh", "New"
_SECOND = 'id = "example"', 'id = "second"'
_SECONDS = 60.0
Log = Literal["to the test", "to the log file", "to a file by the shell"]
_SHELL: dict[Log, str] = {"to the log file": "2>&-", "to a file by the shell": '2>>"$HOME/agent.log"'}


@dataclass(frozen=True)
class Said:
    """How a verb ended."""

    code: int
    out: str
    err: str


class Person:
    """A home whose folders for settings and state are on the disk. The runtime folder and the keyring are elsewhere.

    `keyring_on_disk` puts the keyring's file there too. `log` says where the agent's log goes: to the test, to the log
    file of a Keyrack whose standard error is closed, or to a file on the disk that a person has it written to.
    """

    def __init__(
        self, folder: Path, sandbox: RunningSandbox, *, keyring_on_disk: bool = False, log: Log = "to the test"
    ) -> None:
        self.disk = SmallDisk(folder / "disk")
        self.place = AgentHome()
        self._sandbox = sandbox
        self._log = log
        self.keyring = KeyringSession(folder / "keyring")
        if keyring_on_disk:
            self.keyring.env["XDG_DATA_HOME"] = str(self.disk.path / "data")
        self.keyring.start()
        home = self.disk.path
        self.config, self.state = home / ".config" / "keyrack", home / ".local/state" / "keyrack"
        self.place.env |= {
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(self.config.parent),
            "XDG_STATE_HOME": str(self.state.parent),
            "XDG_CACHE_HOME": str(home / ".cache"),
            "DBUS_SESSION_BUS_ADDRESS": self.keyring.env["DBUS_SESSION_BUS_ADDRESS"],
        }
        self.secrets = {PASSPHRASE, CLIENT_SECRET}
        self.logs = ""
        self.agent: AgentProcess | None = None
        self.second = folder / "second.toml"
        self._file = str(sandbox.announced["providers"]["example"]["file"])
        self.second.write_text(self._file.replace(*_SECOND).replace("needs_secret = false", "needs_secret = true"))

    def set_up(self) -> None:
        """Three accounts, two of which are signed in, made while the disk is good."""
        (self.config / "providers").mkdir(mode=0o700, parents=True)
        (self.config / "providers" / "example.toml").write_text(self._file)
        self.start()
        for name in (KEPT, SPARE, FRESH):
            self.must("accounts", "add", name, *self.client)
        for name in (KEPT, FRESH):
            self.must("login", name, given=self.refresh_token())
            self.token(name)

    @property
    def client(self) -> tuple[str, ...]:
        """The options of an account at the example exchange."""
        return "--provider", "example", "--flow", "refresh_token", "--client-id", "sandbox-example"

    def refresh_token(self) -> str:
        """One from the provider's page, which must be in no file."""
        token = self._sandbox.refresh_token()
        self.secrets.add(token)
        return f"{token}\n"

    def start(self, *, until_ready: bool = True) -> AgentProcess:
        """Start the agent."""
        command = [sys.executable, "-m", "keyrack", "agent"]
        if self._log in _SHELL:
            command = ["sh", "-c", f'exec "$@" {_SHELL[self._log]}', "sh", *command]
        self.agent = AgentProcess(self.place, command)
        return self.agent.ready() if until_ready else self.agent

    def stop(self) -> int:
        """Stop the agent. Returns its exit code."""
        assert self.agent is not None
        code = self.agent.stop()
        self.logs += self.agent.log()
        self.agent.close()
        self.agent = None
        return code

    def verb(self, *words: str, given: str = "") -> Said:
        """Run a verb as the person does."""
        command = [sys.executable, "-m", "keyrack", *words]
        done = subprocess.run(
            command, env=self.place.env, input=given, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        return Said(done.returncode, done.stdout, done.stderr)

    def must(self, *words: str, given: str = "") -> None:
        """Run a verb that has to succeed. Raises RuntimeError."""
        said = self.verb(*words, given=given)
        if said.code:
            raise RuntimeError(f"{' '.join(words)}: {said}")

    def token(self, name: str) -> str:
        """The account's token, "" where there is none."""
        said = self.verb("token", name)
        if said.code == 0:
            self.secrets.add(said.out.strip())
        return said.out.strip() if said.code == 0 else ""

    def state_of(self, name: str) -> str:
        """The account's state, as `status` says it, "" where there is no such account."""
        said = self.verb("status", "--json")
        accounts = json.loads(said.out or '{"accounts": []}')["accounts"]
        return next((str(account["state"]) for account in accounts if account["name"] == name), "")

    def is_ready(self, name: str) -> bool:
        """Whether the account is signed in."""
        return self.state_of(name) == "ready"

    def log_files(self) -> list[Path]:
        """The logs that lie on the disk."""
        return [path for path in self.disk.files() if path.suffix == ".log"]

    def close(self) -> None:
        """End everything."""
        if self.agent is not None:
            self.agent.close()
        self.keyring.stop()
        self.disk.close()
        self.place.remove()
