"""One test's stage: a home, clients of the sandbox with a free port for the way back, and the Keyracks there."""

import contextlib
import http.client
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from keyrack.startup.sandbox_accounts import READY_ACCOUNTS
from tests.checkout import FROM_SOURCE
from tests.desktop.chromium import Chromium, VisitedPage
from tests.desktop.driver import Driver
from tests.desktop.home import Home
from tests.desktop.programs import PATIENCE
from tests.desktop.xclip import Clipboard
from tests.free_port import free_port
from tests.keyring_session import KeyringSession
from tests.sandbox_process import RunningSandbox

SERVICE = "Keyrack Sandbox"


class Environment:
    """Everything ends with `close`, except the sandbox, which other scenes use too.

    `clients` are this scene's own: no client's rate limit, account or log row is shared with another scene.
    """

    def __init__(self, env: dict[str, str], keyring: KeyringSession, sandbox: RunningSandbox) -> None:
        self.home = Home(Path(tempfile.mkdtemp(prefix="kr-")) / "home", env)
        self.keyring = keyring
        self.sandbox = sandbox
        self.clipboard = Clipboard(env)
        self.port = free_port()
        self.drivers: list[Driver] = []
        self.earlier = len(sandbox.log())
        self.clients = [self._own(client) for client in sandbox.clients]

    def _own(self, client: dict[str, Any]) -> dict[str, Any]:
        """A client like this one with a new id. Its redirect port is free here."""
        own = {**client, "client_id": f"{client['client_id']}{self.port}"}
        if client["redirect_uri"]:
            own["redirect_uri"] = f"http://127.0.0.1:{self.port}/cb/{client['provider']}"
        return self._register(own)

    def _register(self, client: dict[str, Any]) -> dict[str, Any]:
        self.sandbox.ask("POST", "/clients", client)
        return client

    def change_secret(self, provider: str) -> str:
        """Give the first client of the provider another secret. Returns the old one."""
        client = next(client for client in self.clients if client["provider"] == provider)
        self.sandbox.ask("POST", "/clients", {**client, "client_secret": "another invented secret"})
        return str(client["client_secret"])

    def log(self, provider: str | None = None, endpoint: str | None = None) -> list[dict[str, Any]]:
        """The sandbox's log of this scene."""
        rows = self.sandbox.log()[self.earlier :]
        return [row for row in rows if provider in (None, row["provider"]) and endpoint in (None, row["endpoint"])]

    @property
    def announcement(self) -> Path:
        """The file for `--join`. It lies outside the home, because it holds the clients' secrets."""
        path = self.home.folder.parent / "sandbox.json"
        path.write_text(json.dumps({**self.sandbox.announced, "clients": self.clients}))
        return path

    def start(self, **env: str) -> Driver:
        """Start Keyrack on the sandbox. Returns when its window is filled and its accounts are there."""
        return self.start_as((), **env)

    def start_as(self, before: Sequence[str], **env: str) -> Driver:
        """The same by way of a program such as setpriv."""
        driver = self._started("--sandbox", "--join", str(self.announcement), before=before, **env)
        driver.until("accounts", None, lambda names: len(names) >= len(READY_ACCOUNTS), "the sandbox's accounts")
        return driver

    def until_all_accounts(self, driver: Driver) -> None:
        """Return when every account of the sandbox was added."""
        wanted = [name for *_, name in READY_ACCOUNTS]
        driver.until("accounts", None, lambda names: names == wanted, "all accounts of the sandbox")

    def start_real(self, *options: str, **env: str) -> Driver:
        """Start Keyrack as a person does, without the sandbox."""
        return self._started(*options, **env)

    def _started(self, *arguments: str, before: Sequence[str] = (), **env: str) -> Driver:
        driver = Driver({**self.home.env, **env}, *arguments, before=before, log=self.home.log)
        self.drivers.append(driver)
        return driver.ready()

    def start_again(self) -> "subprocess.CompletedProcess[str]":
        """Start Keyrack once more beside the one that runs, as a double click does. Returns how it ended."""
        return self.command("--join", str(self.announcement))

    def command(self, *words: str, told: str = "") -> "subprocess.CompletedProcess[str]":
        """Run a verb of the command line to its end, beside the Keyrack of this scene. It reads `told` from stdin."""
        command = [sys.executable, "-m", "keyrack", "--sandbox", *words]
        env = {**self.home.env, **FROM_SOURCE}
        return subprocess.run(
            command, env=env, input=told, capture_output=True, text=True, timeout=PATIENCE, check=False
        )

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

    def consent(self, driver: Driver, chromium: Chromium, account: str) -> VisitedPage:
        """Press Sign in and let the browser come to the provider's question."""
        driver.open_account(account)
        driver.click("sign_in")
        seen = chromium.open(self.home.next_address())
        assert seen.title.startswith("Keyrack asks for access"), seen
        return seen

    def sign_in(self, driver: Driver, account: str) -> None:
        """Sign in by the shortest way, where the browser is not what is shown."""
        driver.ask("open", account)
        driver.until_state(account, "needs_login")
        driver.ask("press", "sign_in")
        step = driver.until("state", account, lambda state: state["step"] == "browser" or _done(state), account)["step"]
        if step == "browser":
            come_back(where_it_leads(self.home.next_address()))
            if not _done(
                driver.until("state", account, lambda state: state["step"] == "confirming" or _done(state), account)
            ):
                driver.ask("press", "answer_yes")
        driver.until_state(account, "ready")

    def settle(self, driver: Driver) -> None:
        """Heal the sandbox, cancel and sign out everywhere, and show the overview, for the next test."""
        self.sandbox.clear_faults()
        self.clients = [self._register(client) for client in self.clients]
        self.home.addresses.unlink(missing_ok=True)
        for name in driver.ask("accounts"):
            state = driver.ask("state", name)["name"]
            if state == "needs_login":
                continue
            driver.ask("open", name)
            if state == "signing_in":
                driver.ask("press", "cancel")
            else:
                driver.ask("menu", "sign-out")
            driver.until_state(name, "needs_login")
        driver.ask("open", "")
        self.earlier = len(self.sandbox.log())

    def close(self) -> None:
        """End Keyrack, heal the sandbox, and delete the home."""
        for driver in self.drivers:
            driver.close()
        self.sandbox.clear_faults()
        self.home.remove()


def _done(state: dict[str, Any]) -> bool:
    return bool(state["name"] == "ready")


def where_it_leads(address: str) -> str:
    """The address that a browser would be sent back to after Approve. It is not opened."""
    provider, _ = _ask("GET", address)
    _, page = _ask("GET", provider)
    fields = {"ask": _value(page, "ask"), "account": _value(page, "account"), "answer": "approve"}
    return _ask("POST", provider, urlencode(fields))[0]


def come_back(address: str) -> None:
    """Go there, and on to the page without a code."""
    _ask("GET", address)


def _ask(method: str, address: str, form: str = "") -> tuple[str, str]:
    """One request as a browser would send it. Returns the redirect's address and the response's text."""
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
