"""A real Chromium without a window, moved through chromedriver by the W3C WebDriver protocol."""

import base64
import http.client
import json
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.desktop.programs import PATIENCE, end, wait_until

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--disable-default-apps",
    "--disable-extensions",
    "--no-default-browser-check",
    "--disable-dev-shm-usage",
    "--window-size=1000,720",
)
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Refused(Exception):
    """chromedriver could not do what it was asked, for example because the page is just changing."""


@dataclass(frozen=True)
class VisitedPage:
    """Where the browser ended, and what stood there."""

    url: str
    title: str
    text: str


class Chromium:
    """One browser with a new profile."""

    def __init__(self, env: dict[str, str]) -> None:
        self._profile = Path(tempfile.mkdtemp(prefix="chromium-"))
        home = {**env, "HOME": str(self._profile), "XDG_CONFIG_HOME": str(self._profile / "config")}
        self._driver = subprocess.Popen(
            ["chromedriver", "--port=0"],
            env=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._port = self._told_port()
        options = {"args": [*FLAGS, f"--user-data-dir={self._profile / 'profile'}"]}
        asked = {"capabilities": {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options}}}
        self._session = f"/session/{self._send('POST', '/session', asked)['sessionId']}"

    def _told_port(self) -> int:
        assert self._driver.stdout is not None
        for line in self._driver.stdout:
            if found := re.search(rb"started successfully on port (\d+)", line):
                return int(found[1])
        raise AssertionError("chromedriver did not start")

    def _send(self, method: str, path: str, content: object = None) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            body = None if method == "GET" else json.dumps({} if content is None else content)
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            value = json.loads(answer.read())["value"]
        finally:
            connection.close()
        if answer.status != 200:
            raise Refused(f"{method} {path}: {value['error']}: {value['message']}")
        return value

    def _ask(self, method: str, path: str, content: object = None) -> Any:
        return self._send(method, self._session + path, content)

    def open(self, address: str) -> VisitedPage:
        """Go to an address. Returns when the page it leads to was loaded."""
        self._ask("POST", "/url", {"url": address})
        return self.seen()

    def seen(self) -> VisitedPage:
        """What the page says now."""
        script = "return [location.href, document.title, document.body.innerText]"
        return VisitedPage(*self._ask("POST", "/execute/sync", {"script": script, "args": []}))

    def press(self, answer: str) -> None:
        """Press the button of a consent page: "approve" or "refuse"."""
        button = self._find(f"button[name=answer][value={answer}]")
        self._ask("POST", f"/element/{button}/click")

    def choose(self, account: str) -> None:
        """Choose an account on a consent page."""
        self._ask("POST", f"/element/{self._find(f'input[name=account][value={account}]')}/click")

    def until_at(self, start: str, seconds: float = PATIENCE) -> VisitedPage:
        """Wait until the browser is at an address that begins so."""

        def look() -> VisitedPage | None:
            try:
                seen = self.seen()
            except Refused:
                return None
            return seen if seen.url.startswith(start) else None

        found = wait_until(look, f"a page at {start}", seconds)
        assert found is not None
        return found

    def screenshot(self, path: Path) -> None:
        """Keep what it shows."""
        path.write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))

    def _find(self, css: str) -> str:
        return str(self._ask("POST", "/element", {"using": "css selector", "value": css})[_ELEMENT])

    def close(self) -> None:
        """End browser and driver, and forget the profile."""
        try:
            self._ask("DELETE", "")
        finally:
            end(self._driver)
            if self._driver.stdout is not None:
                self._driver.stdout.close()
            shutil.rmtree(self._profile, ignore_errors=True)
