"""A person's computer on which the pages' examples run: the sandbox, an agent on it, and the `keyrack` command."""

import subprocess
import sys

from tests.agent.agent_process import AgentHome, AgentProcess
from tests.sandbox_process import RunningSandbox

ACCOUNT = "Deribit test"
_COMMAND = """#!/bin/sh
exec {python} -I -m keyrack --sandbox "$@"
"""


class Environment:
    """One agent for all examples, with their account signed in."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.place = AgentHome()
        self.commands = self.place.home / ".local" / "bin"
        self.place.env["PATH"] = f"{self.commands}:{self.place.env['PATH']}"
        self.command("keyrack", _COMMAND.format(python=sys.executable))
        announced = sandbox.announce(self.place.home / "sandbox.json")
        self.agent = AgentProcess.start(self.place, "--sandbox", "--join", str(announced)).ready()
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
        """What a block for the shell prints. It must succeed."""
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
