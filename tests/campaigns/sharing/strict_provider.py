"""A provider whose refresh tokens rotate, and which ends a sign-in where one comes twice (RFC 9700 section 4.14).

It serves processes over HTTP and counts what the campaign promises about. An account's tokens are numbers.
"""

import json
import random
import threading
import time
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

_SLOWEST = 0.15


@dataclass
class Counted:
    """`renewals` is how many requests brought a new token. The other numbers are tokens that came twice.

    `one_try` are those that a host presented because it had found another host's note of a renewal under way.
    """

    renewals: int = 0
    one_try: int = 0
    twice: int = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A host that was killed in the middle of a request is no error here."""


class StrictProvider:
    """The provider, while the block lasts. `address` is where a token is renewed."""

    def __init__(self, seed: int, slowest: float = _SLOWEST) -> None:
        self.counted = Counted()
        self.address = ""
        self._newest: dict[str, int] = {}
        self._slowest = slowest
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, err: BaseException | None, tb: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take_time(self) -> None:
        """Be as slow as a provider is at times."""
        time.sleep(self._random.random() * self._slowest)

    def renewed(self) -> dict[str, int]:
        """How many tokens each account has had."""
        with self._lock:
            return dict(self._newest)

    def renew(self, account: str, token: int, *, after_a_note: bool) -> dict[str, Any]:
        """The next token, or the refusal of one that was used: then the sign-in has ended, and a new one begins."""
        with self._lock:
            newest = self._newest.get(account, 0)
            if token == newest:
                self.counted.renewals += 1
                self._newest[account] = newest + 1
                return {"token": newest + 1}
            if after_a_note:
                self.counted.one_try += 1
            else:
                self.counted.twice += 1
            self._newest[account] = newest + 1
            return {"lost": True, "token": newest + 1}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = provider.renew(asked["account"], asked["token"], after_a_note=asked["after_a_note"])
                provider.take_time()
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                """Say nothing on stderr."""

        return Handler
