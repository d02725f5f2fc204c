"""The scripted browser presses the button and follows the redirects of the provider."""

import http.server
import threading
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.sandbox_process import RunningSandbox


class Application(http.server.ThreadingHTTPServer):
    """An application: a start address that leads to the provider, and a callback that leads to a last page."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.start = ""
        self.got: list[dict[str, str]] = []
        self.last = 200


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Application

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path == "/cb":
            self.server.got.append(dict(parse_qsl(path.query)))
        onward = {"/start": self.server.start, "/cb": "/done"}.get(path.path)
        self.send_response(303 if onward else self.server.last)
        if onward:
            self.send_header("Location", onward)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def application(sandbox: RunningSandbox) -> Iterator[Application]:
    server = Application()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    sandbox.register_client("whitebit", "browsed", "invented", server.base + "/cb")
    server.start = sandbox.base("whitebit") + "/auth/login?clientId=browsed&state=ours"
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_it_approves_and_arrives(sandbox: RunningSandbox, application: Application) -> None:
    assert sandbox.browse(application.base + "/start").wait(20) == 0
    (got,) = application.got
    assert set(got) == {"code", "state"}
    assert sandbox.log("whitebit", "consent")[-1]["account"] == "trading"


@pytest.mark.parametrize("account", ["treasury", "Treasury", "treasury@example.org"])
def test_it_chooses_an_account(sandbox: RunningSandbox, application: Application, account: str) -> None:
    assert sandbox.browse(application.base + "/start", account=account).wait(20) == 0
    assert sandbox.log("whitebit", "consent")[-1]["account"] == "treasury"


def test_it_refuses(sandbox: RunningSandbox, application: Application) -> None:
    assert sandbox.browse(application.base + "/start", refuse=True).wait(20) == 0
    assert application.got == [{"error": "access_denied", "state": "ours"}]


def test_it_says_when_the_way_ends_badly(sandbox: RunningSandbox, application: Application) -> None:
    application.last = 400
    assert sandbox.browse(application.base + "/start").wait(20) == 1
    application.start = "https://example.org/"
    assert sandbox.browse(application.base + "/start").wait(20) == 1
    assert sandbox.browse(application.base + "/start", account="nobody").wait(20) == 1
    assert sandbox.browse("file:///etc/passwd").wait(20) == 1
