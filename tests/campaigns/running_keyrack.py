"""One person's home with its own bus and keyring, and the Keyrack that runs there: agent, or window off screen."""

import contextlib
import json
import os
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from tests.agent.agent_process import ask
from tests.checkout import FROM_SOURCE
from tests.keyring_session import KeyringSession
from tests.sandbox_process import RunningSandbox

Role = Literal["agent", "window"]
SERVICE = "Keyrack Sandbox"
APP = "keyrack-sandbox"
PATIENCE = 40.0
_LOST = (OSError, HTTPException, json.JSONDecodeError)


class KeyrackHome:
    """`start` and `kill` may follow each other any number of times. The home and its keyring outlast them."""

    def __init__(self, folder: Path, sandbox: RunningSandbox) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        self.sandbox = sandbox
        self.keyring = KeyringSession(folder / "k").start()
        # Beside the home, because it holds the clients' secrets, which are searched for in the home.
        self.announced = sandbox.announce(folder / "sandbox.json")
        self.socket = self.keyring.runtime / APP / "keyrack.sock"
        self.env = {**self.keyring.env, **FROM_SOURCE, "QT_QPA_PLATFORM": "offscreen", "BROWSER": "/bin/true"}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, role: Role) -> None:
        """Start it. Returns at once."""
        words = ["agent"] if role == "agent" else []
        with (self.keyring.home / f"{role}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "keyrack", *words, "--sandbox", "--join", str(self.announced)],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def kill(self) -> float:
        """End it without warning (SIGKILL). Returns the moment in seconds since 1970."""
        assert self.process is not None
        self.process.kill()
        at = time.time()
        self.process.wait()
        return at

    def stop(self) -> int:
        """End it in order. Returns its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def close(self) -> None:
        """End everything that was started here."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.keyring.stop()

    def ask(self, method: str, target: str, **body: object) -> dict[str, Any]:
        """One request at the socket. Raises OSError when nobody answers."""
        try:
            return ask(self.socket, method, target, **body)
        except _LOST as problem:
            raise OSError(f"no answer: {type(problem).__name__}") from None

    def account(self, name: str) -> dict[str, Any]:
        """How an account stands. {} while that is not known."""
        with contextlib.suppress(OSError):
            accounts: list[dict[str, Any]] = self.ask("GET", "/v1/status").get("accounts", [])
            return next((account for account in accounts if account["name"] == name), {})
        return {}

    def token(self, name: str, least: str = "") -> dict[str, Any]:
        """The answer to a request for a token."""
        return self.ask("GET", f"/v1/accounts/{quote(name)}/token{least}")

    def settled(self, name: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """How an account stands when it is signed in with a token, or not signed in. {} when that never came."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            assert self.process is not None
            if self.process.poll() is not None:
                return {}
            found = self.account(name)
            if found.get("state") == "needs_login" or (found.get("state") == "ready" and found.get("expires_in")):
                return found
            time.sleep(0.02)
        return {}

    def record(self, id: str) -> str:
        """The account's item in the keyring, as `secret-tool` finds it, "" for none."""
        return self.keyring.search(service=SERVICE, username=id)

    def ids(self) -> dict[str, str]:
        """The id of each account, by its name."""
        return {account["name"]: account["id"] for account in self._accounts()}

    def clients(self) -> dict[str, str]:
        """The client id of each account, by its name."""
        return {account["name"]: account["client_id"] for account in self._accounts()}

    def _accounts(self) -> list[dict[str, str]]:
        found = json.loads((self.keyring.home / f".config/{APP}/accounts.json").read_text("utf-8"))
        accounts: list[dict[str, str]] = found["accounts"]
        return accounts

    def verb(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run a verb of the command line to its end."""
        command = [sys.executable, "-m", "keyrack", "--sandbox", *words]
        return subprocess.run(
            command, env={**os.environ, **self.env}, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    def sign_in(self, name: str, seconds: float = PATIENCE) -> None:
        """Sign in, by whatever way the account has. Raises AssertionError when it did not succeed in time."""
        path = f"/v1/accounts/{quote(name)}/login"
        said, step = self.ask("POST", path, open_browser=False), ""
        ends = time.monotonic() + seconds
        while said.get("step") and time.monotonic() < ends:
            answer = self._what_is_wanted(said) if said["step"] != step else {}
            step = said["step"]
            said = self.ask("POST", f"{path}/answer", **answer) if answer else self.ask("GET", path)
            time.sleep(0.05)
        if said.get("step"):
            self.ask("DELETE", path)
        assert said.get("state") in ("ready", "refreshing"), f"{name}: {said}"

    def _what_is_wanted(self, said: dict[str, Any]) -> dict[str, object]:
        """What a person would give at this step. {} where Keyrack goes on by itself."""
        match said["step"]:
            case "browser" if said.get("start_address"):
                self.sandbox.browse(said["start_address"]).wait(PATIENCE)
            case "confirming":
                return {"confirm": True}
            case "user_code":
                return {"user_code": self.sandbox.user_code()}
            case "refresh_token":
                return {"refresh_token": self.sandbox.refresh_token()}
            case "device":
                shown = said["device"]
                self.sandbox.browse(shown.get("verification_uri_complete") or shown["verification_uri"]).wait(PATIENCE)
        return {}
