"""A person's computer on which the pages' examples run: the sandbox, an agent on it, and the `keyrack` command."""

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.agent.running import Place, Running
from tests.stand_in import StandIn

ACCOUNT = "Deribit test"
_COMMAND = """#!/bin/sh
exec {python} -I -m keyrack --sandbox "$@"
"""


class Stage:
    """One agent for all examples, with their account signed in."""

    def __init__(self, sandbox: StandIn) -> None:
        self.sandbox = sandbox
        self.place = Place()
        self.commands = self.place.home / ".local" / "bin"
        self.place.env["PATH"] = f"{self.commands}:{self.place.env['PATH']}"
        self.command("keyrack", _COMMAND.format(python=sys.executable))
        self.agent = Running.start(self.place, "--sandbox", "--join", str(self._announcement())).ready()
        self.sign_in()

    def command(self, name: str, text: str) -> None:
        """Put a command onto the person's path."""
        self.commands.mkdir(parents=True, exist_ok=True)
        (self.commands / name).write_text(text)
        (self.commands / name).chmod(0o755)

    def sign_in(self) -> None:
        """Sign in to the account of the examples, which needs no person for it."""
        told = self.agent.ask("POST", f"/v1/accounts/{ACCOUNT.replace(' ', '%20')}/login")
        assert told.get("state") == "ready", told

    def run(self, text: str, *, given: str = "", **more: str) -> str:
        """What a block for the shell prints; it must succeed."""
        done = subprocess.run(
            ["sh", "-eu", "-c", text],
            env={**self.place.env, **more},
            cwd=self.place.home,
            input=given,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        """End the agent and remove its files."""
        self.agent.close()
        self.place.remove()

    def _announcement(self) -> Path:
        """What the sandbox says of itself, with a redirect address of this test's own for the account that uses one."""
        kraken = self.sandbox.client("kraken")
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))
            redirect = f"http://127.0.0.1:{sock.getsockname()[1]}/cb/kraken"
        self.sandbox.register_client("kraken", kraken["client_id"], kraken["client_secret"], redirect)
        announced: dict[str, Any] = json.loads(json.dumps(self.sandbox.announced))
        for client in announced["clients"]:
            if client["provider"] == "kraken":
                client["redirect_uri"] = redirect
        file = self.place.home / "sandbox.json"
        file.write_text(json.dumps(announced))
        return file
