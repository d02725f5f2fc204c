"""A real Firefox without a window, moved by the Marionette protocol that it speaks itself."""

import json
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.desktop.chromium import VisitedPage
from tests.desktop.driver import Refused
from tests.desktop.programs import PATIENCE, end, wait_until

_UNUSED_PORT = 9
# Nothing but this machine is asked: all else goes to a proxy that is not there.
_PREFERENCES: dict[str, bool | int | str] = {
    "marionette.port": 0,
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": _UNUSED_PORT,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": _UNUSED_PORT,
    "network.proxy.allow_bypass": False,
    "network.proxy.failover_direct": False,
    "app.update.auto": False,
    "browser.aboutwelcome.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """One browser with a new profile. `preferences` come on top of those for a browser without a person."""

    def __init__(self, env: dict[str, str], preferences: Mapping[str, bool | int | str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="firefox-"))
        self.profile = self._folder / "profile"
        self.profile.mkdir()
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});"
            for name, value in {**_PREFERENCES, **preferences}.items()
        ]
        (self.profile / "user.js").write_text("\n".join(lines))
        self._process = subprocess.Popen(
            ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", str(self.profile)],
            env={**env, "HOME": str(self._folder), "TMPDIR": str(self._folder)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._asked = 0
        self._socket = socket.create_connection(("127.0.0.1", wait_until(self._port, "Firefox")), timeout=PATIENCE)
        self._answers = self._socket.makefile("rb")
        self._read()
        self._ask("WebDriver:NewSession", {})

    def _port(self) -> int:
        """The port it has chosen, 0 before."""
        told = self.profile / "MarionetteActivePort"
        return int((told.read_text() if told.exists() else "") or "0")

    def _ask(self, command: str, told: dict[str, Any]) -> Any:
        """Send [0, number, command, parameters], return the result of [1, number, error, result]."""
        self._asked += 1
        message = json.dumps([0, self._asked, command, told]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, problem, result = self._read()
        if problem:
            raise Refused(f"{command}: {problem['error']}: {problem['message']}")
        return result

    def _read(self) -> Any:
        length = b""
        while not length.endswith(b":"):
            byte = self._answers.read(1)
            assert byte, "Firefox has ended"
            length += byte
        return json.loads(self._answers.read(int(length[:-1])))

    def open(self, address: str) -> VisitedPage:
        """Go to an address. Returns when the page it leads to was loaded. Raises Refused for a page of its own."""
        self._ask("WebDriver:Navigate", {"url": address})
        return self.seen()

    def seen(self) -> VisitedPage:
        """What the page says now."""
        script = "return [location.href, document.title, document.body.innerText]"
        return VisitedPage(*self._ask("WebDriver:ExecuteScript", {"script": script, "args": []})["value"])

    def press(self, answer: str) -> None:
        """Press the button of a consent page: "approve" or "refuse"."""
        button = {"using": "css selector", "value": f"button[name=answer][value={answer}]"}
        (id,) = self._ask("WebDriver:FindElement", button)["value"].values()
        self._ask("WebDriver:ElementClick", {"id": id})

    def until_at(self, start: str) -> VisitedPage:
        """Wait until the browser is at an address that begins so."""

        def look() -> list[VisitedPage]:
            try:
                seen = self.seen()
            except Refused:
                return []
            return [seen] if seen.url.startswith(start) else []

        return wait_until(look, f"a page at {start}")[0]

    def close(self) -> None:
        """End it and forget the profile."""
        self._answers.close()
        self._socket.close()
        end(self._process)
        shutil.rmtree(self._folder, ignore_errors=True)
