"""The sandbox in a test: a real process, reached over real sockets.

`RunningSandbox.start()` runs `python -m keyrack.sandbox` and waits until every provider accepts connections. `close()`
ends it by closing its standard input. The methods between them send requests to its control port. They are short and
synchronous, so a test may call them from an event loop.
"""

import http.client
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode, urlsplit

from tests.checkout import FROM_SOURCE
from tests.free_port import free_port

LONGEST_IDLE = 1.0  # seconds, of the five after which the sandbox closes a connection


class RunningSandbox:
    """One running sandbox. Use `RunningSandbox.start(...)` or `with RunningSandbox.start(...) as sandbox`."""

    def __init__(self, process: "subprocess.Popen[str]", announced: dict[str, Any]) -> None:
        self.process = process
        self.announced = announced
        self.control: str = announced["control"]
        self.clients: list[dict[str, Any]] = announced["clients"]
        self.advanced = 0.0
        self._idle: list[tuple[float, http.client.HTTPConnection]] = []

    @classmethod
    def start(
        cls,
        *,
        speed: float | None = None,
        cap_access: int | None = None,
        cap_refresh: int | None = None,
        more_providers: Path | None = None,
    ) -> Self:
        """Start a new sandbox. Raises RuntimeError when it ends before its announcement.

        `more_providers` is a folder of further stand-ins, as if they were folders of `keyrack/sandbox/providers`.
        """
        given = {"--speed": speed, "--cap-access": cap_access, "--cap-refresh": cap_refresh}
        options = [text for name, value in given.items() if value is not None for text in (name, f"{value:g}")]
        process = subprocess.Popen(
            [sys.executable, *_program(more_providers), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=_environment(),
        )
        assert process.stdout is not None
        line = process.stdout.readline()
        if not line:
            with process:
                ended = process.wait()
            raise RuntimeError(f"the sandbox ended with {ended} before it was ready")
        return cls(process, json.loads(line))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the process by closing its standard input, as Keyrack does."""
        while self._idle:
            self._idle.pop()[1].close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def base(self, provider: str) -> str:
        """The address of one provider, such as http://127.0.0.1:40001 (no slash at its end)."""
        return str(self.announced["providers"][provider]["base"])

    def client(self, provider: str, region: str = "global") -> dict[str, Any]:
        """The registered client of a provider and region: client_id, client_secret, redirect_uri (or None), account."""
        return next(c for c in self.clients if (c["provider"], c["region"]) == (provider, region))

    def register_client(
        self, provider: str, client_id: str, client_secret: str, redirect_uri: str | None = None
    ) -> dict[str, Any]:
        """Register one more client, or replace the one with this id. The result is that of `client`."""
        fields = {
            "provider": provider,
            "client_id": client_id,
            "client_secret": client_secret,
            "redirect_uri": redirect_uri,
        }
        made: dict[str, Any] = self.ask("POST", "/clients", fields)
        return made

    def announce(self, file: Path) -> Path:
        """Write the file with which Keyrack joins this sandbox. Its redirect port is of this run of the tests alone."""
        usual, own = "//127.0.0.1:17463/", f"//127.0.0.1:{free_port()}/"
        for client in self.clients:
            if client["redirect_uri"]:
                client["redirect_uri"] = client["redirect_uri"].replace(usual, own)
                self.ask("POST", "/clients", client)
        file.write_text(json.dumps(self.announced))
        return file

    def fault(self, provider: str, endpoint: str, fault: str, times: int | None = None) -> None:
        """Switch a fault on, for the next `times` requests or until `clear_faults`."""
        self.ask("POST", "/faults", {"provider": provider, "endpoint": endpoint, "fault": fault, "times": times})

    def clear_faults(self) -> None:
        """Switch every fault off."""
        self.ask("DELETE", "/faults")

    def log(
        self, provider: str | None = None, endpoint: str | None = None, client_id: str | None = None
    ) -> list[dict[str, Any]]:
        """Every request so far, oldest first, of one provider, endpoint and client when named."""
        named = {"provider": provider, "endpoint": endpoint, "client_id": client_id}
        query = urlencode({name: value for name, value in named.items() if value is not None})
        rows: list[dict[str, Any]] = self.ask("GET", f"/log?{query}")
        return rows

    def renewals(self) -> dict[str, int]:
        """How often each "client_id/account" renewed its token (the first token of a sign-in is not counted)."""
        counted: dict[str, int] = self.ask("GET", "/renewals")
        return counted

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward: lifetimes, codes, limiters and balances all follow it."""
        self.ask("POST", "/clock", {"advance": seconds})
        self.advanced += seconds

    def user_code(self, account: str | None = None) -> str:
        """A fresh Bitport user code, taken from the get-access page by the scripted browser."""
        return self._code_at(str(self.announced["providers"]["bitport"]["user_code_page"]), account)

    def refresh_token(self, account: str | None = None) -> str:
        """A refresh token that a person made on the page of the example exchange."""
        return self._code_at(str(self.announced["providers"]["example"]["token_page"]), account)

    def _code_at(self, url: str, account: str | None) -> str:
        done = subprocess.run(
            self._browser(url, "--user-code", account=account),
            check=False,
            capture_output=True,
            text=True,
            env=_environment(),
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()

    def browse(self, url: str, *, refuse: bool = False, account: str | None = None) -> "subprocess.Popen[str]":
        """Start the scripted browser on an authorization link.

        It presses Approve, or Refuse, and follows the redirects.
        """
        command = self._browser(url, *(["--refuse"] if refuse else []), account=account)
        return subprocess.Popen(command, text=True, env=_environment())

    def ask(self, method: str, path: str, content: object = None) -> Any:
        """One request to the control port. Raises RuntimeError with the response when it is refused."""
        connection = self._connection()
        try:
            body = None if content is None else json.dumps(content)
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            answer = connection.getresponse()
            text = answer.read().decode()
        except BaseException:
            connection.close()
            raise
        self._idle.append((time.monotonic(), connection))
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status} {text}")
        return json.loads(text) if text else None

    def _connection(self) -> http.client.HTTPConnection:
        """A connection that was used a moment ago, which the sandbox will not be closing just now, or a new one."""
        while self._idle:
            since, connection = self._idle.pop()
            if time.monotonic() - since < LONGEST_IDLE:
                return connection
            connection.close()
        return http.client.HTTPConnection(urlsplit(self.control).netloc, timeout=10)

    @staticmethod
    def _browser(url: str, *options: str, account: str | None) -> list[str]:
        chosen = ["--account", account] if account else []
        return [sys.executable, "-m", "keyrack.sandbox.browser", *options, *chosen, url]


def _program(more_providers: Path | None) -> list[str]:
    if more_providers is None:
        return ["-m", "keyrack.sandbox"]
    extend = f"import runpy, keyrack.sandbox.providers as found; found.__path__.append({str(more_providers)!r})"
    return ["-c", f"{extend}; runpy.run_module('keyrack.sandbox', run_name='__main__')"]


def _environment() -> dict[str, str]:
    return {**os.environ, **FROM_SOURCE}
