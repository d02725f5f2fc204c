"""A running agent as a service manager and its user meet it: a real process, its socket, its notes and its log."""

import http.client
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Self
from urllib.parse import quote

from tests.checkout import FROM_SOURCE
from tests.until import wait_for

SECONDS = 30.0
_CREDENTIALS = struct.Struct("3i")


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the local socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("keyrack", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def ask(path: Path, method: str, target: str, **body: object) -> dict[str, Any]:
    """One request at a local socket. Returns the response, also an error response."""
    connection = UnixConnection(path)
    try:
        connection.request(method, target, json.dumps(body) if body else None)
        answer: dict[str, Any] = json.loads(connection.getresponse().read())
        return answer
    finally:
        connection.close()


class AgentHome:
    """One person's folders, which outlast the agents in them. The path is short, because a socket's path must be."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ka")
        self.home = Path(self._folder.name)
        self.runtime = self.home / "run"
        self.runtime.mkdir(mode=0o700)
        self.env = {
            "HOME": str(self.home),
            "XDG_RUNTIME_DIR": str(self.runtime),
            "XDG_CONFIG_HOME": str(self.home / ".config"),
            "XDG_DATA_HOME": str(self.home / ".local/share"),
            "XDG_STATE_HOME": str(self.home / ".local/state"),
            "XDG_CACHE_HOME": str(self.home / ".cache"),
            "PATH": os.environ["PATH"],
            **FROM_SOURCE,
            "LANG": "C.UTF-8",
        }

    def socket_of(self, app: str) -> Path:
        """The local socket of the product or of its sandbox."""
        return self.runtime / app / "keyrack.sock"

    def remove(self) -> None:
        """Delete it."""
        self._folder.cleanup()


class AgentProcess:
    """One agent. `notes` are the messages it sent to its service manager."""

    def __init__(
        self, place: AgentHome, command: list[str], *, tty: bool = False, env: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.place = place
        self.notes: list[str] = []
        self.socket = place.socket_of("keyrack-sandbox" if "--sandbox" in command else "keyrack")
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._manager.bind("")  # an abstract address of the kernel's choice
        self._log = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - closed by close()
        stdin, self.tty = subprocess.DEVNULL, -1
        if tty:
            self.tty, stdin = os.openpty()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command] if tty else command,
            env={**place.env, "NOTIFY_SOCKET": "@" + self._manager.getsockname()[1:].decode(), **env},
            stdin=stdin,
            stdout=self._log,
            stderr=self._log,
        )
        if tty:
            os.close(stdin)

    @classmethod
    def start(cls, place: AgentHome, *arguments: str) -> Self:
        """Start `keyrack agent` with these arguments. Returns at once."""
        return cls(place, [sys.executable, "-m", "keyrack", "agent", *arguments])

    def until_noted(self, what: str) -> str:
        """Wait for a message to the service manager that has this line. Returns the whole message."""
        ends = time.monotonic() + SECONDS
        while True:
            for note in self.notes:
                if what in note.splitlines():
                    return note
            assert time.monotonic() < ends, f"no {what}: {self.log()}"
            self._receive()

    def _receive(self) -> None:
        if not self._take_note(0.02):
            assert self.process.poll() is None, self.log()

    def _take_note(self, seconds: float) -> bool:
        """One message, which counts only when the process that was started sent it (NotifyAccess=main)."""
        if not select.select([self._manager], [], [], seconds)[0]:
            return False
        note, ancillary, _, _ = self._manager.recvmsg(4096, socket.CMSG_SPACE(_CREDENTIALS.size))
        sender, _, _ = _CREDENTIALS.unpack(ancillary[0][2][: _CREDENTIALS.size])
        if sender == self.process.pid:
            self.notes.append(note.decode())
        return True

    def ready(self) -> Self:
        """Wait until it is ready."""
        self.until_noted("READY=1")
        return self

    def log(self) -> str:
        """What it wrote to standard output and error so far."""
        return os.pread(self._log.fileno(), 1_000_000, 0).decode()

    def ask(self, method: str, path: str, **body: object) -> dict[str, Any]:
        """One request at the socket. Returns the response, also an error response."""
        return ask(self.socket, method, path, **body)

    def account(self, name: str) -> dict[str, Any]:
        """How an account stands."""
        accounts: list[dict[str, Any]] = self.ask("GET", "/v1/status")["accounts"]
        return next(account for account in accounts if account["name"] == name)

    def until_state(self, name: str, state: str) -> None:
        """Wait until an account is in a state."""
        wait_for(lambda: self.account(name)["state"] == state, f"{name} to be {state}")

    def sign_in(self, name: str) -> None:
        """Sign an account in that needs no browser."""
        answer = self.ask("POST", f"/v1/accounts/{quote(name)}/login", open_browser=False)
        assert "error" not in answer, answer
        self.until_state(name, "ready")

    def token(self, name: str) -> dict[str, Any]:
        """The answer to a request for a token."""
        return self.ask("GET", f"/v1/accounts/{quote(name)}/token")

    def ended(self) -> int:
        """Its exit code, when it has ended."""
        return self.process.wait(SECONDS)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Stop it by SIGTERM. Returns its exit code."""
        self.process.send_signal(number)
        code = self.ended()
        while self._take_note(0):
            pass
        return code

    def close(self) -> None:
        """End it, however it stands."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._manager.close()
        self._log.close()
        if self.tty >= 0:
            os.close(self.tty)
