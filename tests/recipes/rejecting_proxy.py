"""A provider that refuses the first token it sees, and passes later requests on to the sandbox."""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class RejectingProxy(ThreadingHTTPServer):
    """`seen` are the credentials of each request, oldest first."""

    def __init__(self, behind: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.behind = behind
        self.seen: list[str] = []

    @property
    def base(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: RejectingProxy

    def do_GET(self) -> None:
        self.server.seen.append(self.headers["Authorization"])
        refused = self.headers["Authorization"] == self.server.seen[0]
        status, data = (401, b"{}") if refused else self._behind()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass

    def _behind(self) -> tuple[int, bytes]:
        request = urllib.request.Request(self.server.behind + self.path)
        request.add_header("Authorization", self.headers["Authorization"])
        try:
            with urllib.request.urlopen(request) as page:
                return 200, page.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()


@contextmanager
def proxy(behind: str) -> Iterator[RejectingProxy]:
    """A running gate before the address."""
    with RejectingProxy(behind) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
