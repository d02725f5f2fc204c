"""One test's stage: a home, a sandbox with a free port for the way back, and the Keyracks started there."""

import contextlib
import http.client
import json
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.desktop.chromium import Chromium, Seen
from tests.desktop.driver import ROOT, Driver
from tests.desktop.home import Home
from tests.desktop.programs import PATIENCE, wait_until
from tests.keyring_session import KeyringSession
from tests.stand_in import StandIn

SERVICE = "Keyrack Sandbox"


class Scene:
    """Everything ends with `close`."""

    def __init__(self, env: dict[str, str], keyring: KeyringSession, **lifetimes: int) -> None:
        self.home = Home(Path(tempfile.mkdtemp(prefix="kr-")) / "home", env)
        self.keyring = keyring
        self.sandbox = StandIn.start(**lifetimes)
        self.port = free_port()
        self.drivers: list[Driver] = []
        self._move_redirects()

    def _move_redirects(self) -> None:
        """Have the sandbox's own clients come back to a port that is free here."""
        for client in self.sandbox.clients:
            if client["redirect_uri"]:
                client["redirect_uri"] = f"http://127.0.0.1:{self.port}/cb/{client['provider']}"
                self.sandbox.ask("POST", "/clients", client)

    @property
    def announcement(self) -> Path:
        """The file for `--join`; it lies outside the home, because it holds the clients' secrets."""
        path = self.home.folder.parent / "sandbox.json"
        path.write_text(json.dumps(self.sandbox.announced))
        return path

    def start(self, **env: str) -> Driver:
        """Start Keyrack on the sandbox; returns when its window is filled and its accounts are there."""
        return self.start_as((), **env)

    def start_as(self, before: Sequence[str], **env: str) -> Driver:
        """The same by way of a program such as setpriv."""
        driver = self._started("--sandbox", "--join", str(self.announcement), before=before, **env)
        driver.until("accounts", None, lambda names: len(names) >= 6, "the sandbox's accounts")
        return driver

    def start_real(self, **env: str) -> Driver:
        """Start Keyrack as a person does, without the sandbox."""
        return self._started(**env)

    def _started(self, *arguments: str, before: Sequence[str] = (), **env: str) -> Driver:
        driver = Driver({**self.home.env, **env}, *arguments, before=before, log=self.home.log)
        self.drivers.append(driver)
        return driver.ready()

    def start_again(self) -> "subprocess.CompletedProcess[str]":
        """Start Keyrack once more beside the one that runs, as a double click does; returns how it ended."""
        command = [sys.executable, "-m", "keyrack", "--sandbox", "--join", str(self.announcement)]
        env = {**self.home.env, "PYTHONPATH": str(ROOT / "desktop")}
        return subprocess.run(command, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False)

    def record(self, driver: Driver, account: str) -> dict[str, Any]:
        """The account's record as `secret-tool` reads it from the Secret Service."""
        return self.record_of(driver.ask("state", account)["id"])

    def record_of(self, id: str) -> dict[str, Any]:
        """The record of an account's id."""
        done = self.keyring.run(["secret-tool", "lookup", "service", SERVICE, "username", id])
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def ids(self) -> dict[str, str]:
        """The id of each account in the accounts file, by its name."""
        found = json.loads((self.home.folder / ".config/keyrack-sandbox/accounts.json").read_text("utf-8"))
        return {account["name"]: account["id"] for account in found["accounts"]}

    def consent(self, driver: Driver, chromium: Chromium, account: str) -> Seen:
        """Press Sign in and let the browser come to the provider's question."""
        driver.click(f"account:{account}")
        driver.click("sign_in")
        seen = chromium.open(self.home.next_address())
        assert seen.title.startswith("Keyrack asks for access"), seen
        return seen

    def sign_in(self, driver: Driver, account: str) -> None:
        """Sign in with the scripted browser, which is faster where the browser is not what is shown."""
        driver.ask("open", account)
        driver.until_state(account, "needs_login")
        driver.ask("press", "sign_in")
        found = driver.until(
            "state", account, lambda state: state["step"] == "browser" or state["name"] == "ready", account
        )
        if found["step"] == "browser":
            with self.sandbox.browse(self.home.next_address()):
                if driver.until("state", account, _answered, account)["step"] == "confirming":
                    driver.ask("press", "answer_yes")
        driver.until_state(account, "ready")

    def where_it_leads(self, address: str) -> str:
        """Where a browser would be sent back to after Approve; nobody goes there."""
        provider, _ = _ask("GET", address)
        _, page = _ask("GET", provider)
        fields = {"ask": _value(page, "ask"), "account": _value(page, "account"), "answer": "approve"}
        return _ask("POST", provider, urlencode(fields))[0]

    def clipboard(self, target: str = "UTF8_STRING", selection: str = "clipboard") -> str:
        """What another program gets by `xclip`, "" when nothing is there."""
        command = ["xclip", "-out", "-selection", selection, "-target", target]
        done = subprocess.run(command, env=self.home.env, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return done.stdout

    def until_copied(self) -> str:
        """What lies on the clipboard as soon as something does."""
        return wait_until(self.clipboard, "something on the clipboard")

    def copy_elsewhere(self, text: str) -> None:
        """Another program copies something."""
        command = ["xclip", "-in", "-selection", "clipboard"]
        away = subprocess.DEVNULL  # it stays behind and would hold a pipe open
        subprocess.run(
            command, env=self.home.env, input=text.encode(), timeout=PATIENCE, check=True, stdout=away, stderr=away
        )

    @contextlib.contextmanager
    def clipboard_manager(self) -> Iterator[list[str]]:
        """Run a clipboard manager; the list holds what it was asked for once it has ended."""
        asked: list[str] = []
        command = [sys.executable, str(Path(__file__).with_name("x11_clipboard_keeper.py"))]
        with subprocess.Popen(command, env=self.home.env, stdout=subprocess.PIPE, text=True) as keeper:
            assert keeper.stdout is not None
            assert keeper.stdout.readline() == "ready\n"
            try:
                yield asked
            finally:
                keeper.kill()
                asked += keeper.stdout.read().split()

    def close(self) -> None:
        """End Keyrack and the sandbox, and delete the home."""
        for driver in self.drivers:
            driver.close()
        self.sandbox.close()
        self.home.remove()
        for left in self.home.folder.parent.iterdir():
            left.unlink()
        self.home.folder.parent.rmdir()


def _answered(state: dict[str, Any]) -> bool:
    return bool(state["name"] == "ready" or state["step"] == "confirming")


def _ask(method: str, address: str, form: str = "") -> tuple[str, str]:
    """One request as a browser would make it; where the answer leads, and what stands in it."""
    parts = urlsplit(address)
    kind = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=PATIENCE)) as connection:
        connection.request(method, f"{parts.path}?{parts.query}", form or None, kind)
        answer = connection.getresponse()
        return answer.getheader("Location", ""), answer.read().decode()


def _value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, page
    return found[1]


def free_port() -> int:
    """A loopback port that nobody holds."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
