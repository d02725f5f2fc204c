"""A person's computer for tests that move house: a home with a keyring, an agent, and the command line."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.agent.agent_process import SECONDS, AgentHome, AgentProcess
from tests.keyring_session import KeyringSession


class Computer:
    """A home with a keyring, an agent on the sandbox, and the command line."""

    def __init__(self, announced: Path) -> None:
        self.place = AgentHome()
        self._joined = ("agent", "--sandbox", "--join", str(announced))
        self.keyring = KeyringSession(self.place.home / "keyring").start()
        self.place.env["DBUS_SESSION_BUS_ADDRESS"] = self.keyring.env["DBUS_SESSION_BUS_ADDRESS"]
        self.agent = self._started()

    def _started(self, *before: str) -> AgentProcess:
        command = [sys.executable, *(before or ("-m", "keyrack")), *self._joined]
        return AgentProcess(self.place, command).ready()

    def restart(self, *before: str) -> None:
        """End the agent and start it again. `before` are a script and its words that run it in their own way."""
        self.agent.close()
        self.agent = self._started(*before)

    def type(self, *words: str, stdin: str = "", descriptor: int = -1) -> tuple[int, str, str]:
        """The exit code, stdout and stderr of `keyrack WORDS`. It inherits the descriptor."""
        command = [sys.executable, "-m", "keyrack", "--sandbox", *words]
        done = subprocess.run(
            command,
            env=self.place.env,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            pass_fds=() if descriptor < 0 else (descriptor,),
        )
        return done.returncode, done.stdout, done.stderr

    def type_with_passphrase(self, *words: str, lines: str) -> tuple[int, str, str]:
        """The same with these lines on a descriptor of their own, and nothing on stdin."""
        reading, writing = os.pipe()
        try:
            os.write(writing, lines.encode())
            os.close(writing)
            return self.type(*words, "--passphrase-fd", str(reading), descriptor=reading)
        finally:
            os.close(reading)

    def accounts(self) -> dict[str, str]:
        """Each account with its state."""
        return {account["name"]: account["state"] for account in self.agent.ask("GET", "/v1/status")["accounts"]}

    def empty(self) -> None:
        """Remove the accounts that the sandbox makes ready."""
        for name in self.accounts():
            assert self.type("accounts", "remove", name, "--yes")[0] == 0

    def files(self) -> Iterator[Path]:
        """Every file of this home but the keyring's own."""
        return (path for path in self.place.home.rglob("*") if path.is_file() and "keyrings" not in path.parts)

    def close(self) -> None:
        """End it."""
        self.agent.close()
        self.keyring.stop()
        self.place.remove()
