"""Starts the sandbox as a child process, or joins one that runs, and uses its control port."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.primitives.failure import Failure
from keyrack.providers.files.load import moved
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider

SPEED = 30.0
LONGEST_ACCESS = 20
LONGEST_REFRESH = 40


class SandboxProcess:
    """A running sandbox. `announced` holds its addresses and its clients with their invented secrets."""

    def __init__(self, process: "subprocess.Popen[bytes] | None") -> None:
        self._process = process
        self._http = HttpClient()
        self.announced: dict[str, Any] = {}
        self.gate = asyncio.Event()
        self.gate.set()

    @classmethod
    def start(cls, *, speed: float | None, capped: bool) -> "SandboxProcess":
        """Start the sandbox. `read` then waits for its announcement.

        It ends with this process, because it watches the pipe.
        """
        command = [sys.executable, "-m", "keyrack.sandbox"]
        if speed is not None:
            command += ["--speed", f"{speed:g}"]
        if capped:
            command += ["--cap-access", str(LONGEST_ACCESS), "--cap-refresh", str(LONGEST_REFRESH)]
        return cls(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))

    @classmethod
    def join(cls, announcement: Path) -> "SandboxProcess":
        """Use a sandbox that runs already, by the file with its announcement."""
        joined = cls(None)
        joined.announced = json.loads(announcement.read_text("utf-8"))
        return joined

    def read(self) -> None:
        """Wait until every provider of the sandbox accepts connections. Raises Failure."""
        if self._process is None or self._process.stdout is None:
            return
        line = self._process.stdout.readline()
        if not line:
            raise Failure("sandbox_not_started")
        self.announced = json.loads(line)

    def providers(self) -> tuple[Provider, ...]:
        """The built-in providers that have a stand-in, with every host replaced by the sandbox's."""
        offered = self.announced["providers"]
        return tuple(
            moved(provider, offered[provider.id]["base"], offered[provider.id].get("refresh_lifetime"))
            for provider in built_in()
            if provider.id in offered
        )

    def provider_files(self) -> dict[str, str]:
        """The provider files that the sandbox offers as a person's own, by file name."""
        offered = self.announced["providers"]
        return {f"{id}.toml": provider["file"] for id, provider in offered.items() if "file" in provider}

    @property
    def user_code_page(self) -> str:
        """The page that shows a Bitport user code."""
        return str(self.announced["providers"]["bitport"]["user_code_page"])

    async def browse(self, address: str) -> None:
        """Open an address in the scripted browser, once `gate` is set. The browser presses the consent button."""
        await self.gate.wait()
        await asyncio.create_subprocess_exec(
            *self._browser(address), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL
        )

    async def user_code(self) -> str:
        """A fresh user code, read from the provider's page as a person would."""
        process = await asyncio.create_subprocess_exec(
            *self._browser("--user-code", self.user_code_page), stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
        return printed.decode().strip()

    @staticmethod
    def _browser(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "keyrack.sandbox.browser", *arguments]

    async def fault(self, provider: str, endpoint: str, fault: str) -> None:
        """Switch a fault on."""
        await self._ask("POST", "/faults", {"provider": provider, "endpoint": endpoint, "fault": fault})

    async def heal(self) -> None:
        """Switch every fault off."""
        await self._ask("DELETE", "/faults")

    async def renewals(self) -> dict[str, int]:
        """The number of renewals of each "client_id/account", as the sandbox counted them."""
        counted: dict[str, int] = await self._ask("GET", "/renewals")
        return counted

    async def _ask(self, method: str, path: str, content: object = None) -> Any:
        body = None if content is None else json.dumps(content).encode()
        headers = {"Content-Type": "application/json"} if body else {}
        request = Request(method, self.announced["control"] + path, headers, body, plain_http_allowed=True)
        answer = await self._http.send(request)
        return json.loads(answer.body) if answer.body else None

    def close(self) -> None:
        """End the child process by closing its standard input."""
        if self._process is not None:
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process.wait(10)
            if self._process.stdout is not None:
                self._process.stdout.close()  # not before: a child that is still starting writes to it
