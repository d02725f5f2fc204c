"""The socket's outer shape: who may connect, what is a request, and what happens to too many of them (C3)."""

import asyncio
import json
import logging
import os
import resource
import shutil
import socket
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack import __version__
from keyrack.broker.instance.instance import Instance
from keyrack.broker.instance.other_instance import release_of
from keyrack.broker.protocol.route import Host, RouteTimeouts
from keyrack.broker.socket_server import LIMITS, ROUTES, SocketServer
from keyrack.core.accounts.account import Account
from keyrack.net.server.server_limits import ServerLimits
from tests.broker.conftest import ApiConnection, ApiResponse, Served
from tests.until import until

ENV = {"PATH": os.environ["PATH"]}


def path_of(account: Account, verb: str = "token") -> str:
    return f"/v1/accounts/{account.settings.name}/{verb}"


@pytest.mark.security("S87")
def test_the_numbers_are_the_documented_ones() -> None:
    assert (LIMITS.read_seconds, LIMITS.body_bytes, LIMITS.connections) == (10.0, 65_536, 32)
    assert (LIMITS.line_bytes, LIMITS.head_bytes, LIMITS.head_lines) == (8192, 16_384, 64)


@pytest.mark.security("S88")
async def test_every_answer_is_an_object_with_a_version(served: Served) -> None:
    """C3.6: an unknown path, verb or version is refused in the same form."""
    account = await served.allowed()
    line = await served.line()
    for method, target, status in (
        ("GET", "/v1/status", 200),
        ("GET", path_of(account), 200),
        ("POST", "/v1/window/raise", 200),
        ("GET", "/v1/accounts/nobody/token", 404),
        ("GET", "/v1/accounts/nobody/token?min_valid=x", 404),
        ("GET", path_of(account) + "?min_valid=x", 400),
        ("GET", "/", 404),
        ("GET", "/v2/status", 404),
        ("GET", "/v1/accounts/x/y/z", 404),
        ("GET", "/v1/secrets", 404),
        ("PUT", "/v1/status", 405),
        ("FOO", "/v1/status", 405),
    ):
        said = await line.ask(method, target)
        assert (said.status, said.content["version"]) == (status, 1), target
        assert said.headers["content-type"] == "application/json"
        assert said.headers["cache-control"] == "no-store"
        assert set(said.content) == {"version", "error"} or status == 200
    assert served.asked == ["raise"]


async def test_the_method_that_a_path_takes_is_named(served: Served) -> None:
    said = await served.ask("DELETE", "/v1/status")
    assert (said.status, said.code, said.headers["allow"]) == (405, "not_found", "GET")


def test_no_two_routes_are_the_same() -> None:
    assert len({(route.method, route.path) for route in ROUTES}) == len(ROUTES)
    assert {route.path for route in ROUTES if route.while_locked} == {
        *("/v1/status", "/v1/events", "/v1/lock", "/v1/unlock", "/v1/proxy", "/v1/window/raise", "/v1/agent/stop"),
        "/v1/accounts/{name}/token",  # refused by what keeps a record of it
        "/v1/diagnostics",  # it holds no secret, no amount and no name
    }


@pytest.mark.security("S88")
async def test_curl_is_a_client(served: Served) -> None:
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("no curl")
    account = await served.allowed()
    address = f"http://keyrack{path_of(account)}?min_valid=60"
    process = await asyncio.create_subprocess_exec(
        *(curl, "-sS", "--unix-socket", str(served.path), address, address, "-X", "GET", "-w", "%{num_connects}"),
        stdout=subprocess.PIPE,
    )
    answer, _ = await process.communicate()
    assert answer.count(b'"access_token"') == 2
    assert answer.endswith(b"}\n0"), "the second request went over the connection of the first"


@pytest.mark.security("S88")
async def test_a_request_of_a_browser_or_for_another_server_is_refused(served: Served) -> None:
    for headers, status in (
        (("Host: keyrack",), 200),
        (("Host: localhost",), 200),
        (("Host: evil.example",), 421),
        (("Host: keyrack:80",), 421),
        (("Host: keyrack.evil.example",), 421),
        (("Host: 127.0.0.1",), 421),
        (("Host: keyrack", "Host: keyrack"), 400),
        ((), 400),
        (("Host: keyrack", "Origin: https://evil.example"), 403),
        (("Host: keyrack", "Origin: null"), 403),
        (("Host: keyrack", "origin: http://keyrack"), 403),
    ):
        served.asked.clear()
        line = await served.line()
        line.writer.write("\r\n".join(["POST /v1/window/raise HTTP/1.1", *headers, "", ""]).encode())
        said = await line.hear()
        assert (said.status, served.asked) == (status, ["raise"] if status == 200 else []), headers
        assert not {header for header in said.headers if header.startswith("access-control")}


@pytest.mark.security("S88")
async def test_names_that_a_terminal_would_act_on_are_refused_on_the_wire(served: Served) -> None:
    """C3.4 and C3.5: refused before any account is looked for, and never sent back."""
    line = await served.line()
    for name, code in (
        ("%00", "usage"),
        ("a%0d%0aX-A:%20b", "usage"),
        ("a%0a", "usage"),
        ("%1b%5b31mred", "usage"),
        ("%e2%80%aetxt", "usage"),
        ("%c2%85", "usage"),
        ("%ff%fe", "usage"),
        ("%c0%ae", "usage"),
        ("", "usage"),
        ("x" * 300, "usage"),
        ("%2e%2e%2fx", "no_account"),
        ("-x", "no_account"),
        ("--help", "no_account"),
        ("%E4%BA%A4%E6%98%93", "no_account"),
        ("..", "no_account"),
    ):
        said = await line.ask("GET", f"/v1/accounts/{name}/token")
        assert (said.status, said.code) == ({"usage": 400, "no_account": 404}[code], code), name
        assert all(part.isprintable() for part in said.content["error"].values())
    assert (await line.ask("GET", "/v1/accounts/../x/token")).status == 404
    assert (await line.ask("GET", f"/v1/accounts/{'x' * 10_000}/token")).status == 414


@pytest.mark.security("S88")
async def test_raw_bytes_in_a_name_are_no_request(served: Served) -> None:
    for raw in (b"\x00", b"\x1b[31m", b"\r", "ä".encode(), b"\xff"):
        line = await served.line()
        line.writer.write(b"GET /v1/accounts/a%b/token HTTP/1.1\r\nHost: keyrack\r\n\r\n" % raw)
        assert (await line.hear()).status == 400, raw


@pytest.mark.security("S88")
async def test_a_body_is_one_plain_object_or_refused(served: Served) -> None:
    """C3.7: bombs, and anything that two parsers could read differently."""
    line = await served.line()
    for body in (
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"passphrase":"x","passphrase":"y"}',
        b'{"passphrase":NaN}',
        b'{"passphrase":1e999999999}',
        b'{"passphrase":' + b"9" * 5000 + b"}",
        b"[]",
        b"null",
        b'"x"',
        b" ",
        b"\xff\xfe{\x00}\x00",
        b'{"passphrase":"\xff"}',
        b"{} {}",
        b"passphrase=x",
    ):
        said = await line.ask("POST", "/v1/unlock", body=body)
        assert (said.status, said.code) == (400, "usage"), body[:40]


@pytest.mark.security("S87")
async def test_a_body_of_100_mb_is_refused_and_not_held(served: Served) -> None:
    """C3.1: a client that sends it all the same has its response at once."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    line = await served.line()
    line.writer.write(b"POST /v1/unlock HTTP/1.1\r\nHost: keyrack\r\nContent-Length: 104857600\r\n\r\n")
    line.writer.write(b" " * 1_000_000)
    said = await line.hear()
    assert (said.status, said.code) == (413, "usage")
    line.close()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10_000
    assert (await served.ask("GET", "/v1/status")).status == 200


@pytest.mark.security("S88")
async def test_other_protocols_get_nothing_and_leave_no_mark(served: Served) -> None:
    """C3.8."""
    account = await served.allowed()
    for sent, statuses in (
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), {0}),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), {400}),
        (bytes(range(256)) * 64, {0}),
        (b"GET /v1/status\r\n\r\n", {400}),
        (b"GET http://keyrack/v1/status HTTP/1.1\r\nHost: keyrack\r\n\r\n", {404}),
        (b"CONNECT keyrack:80 HTTP/1.1\r\nHost: keyrack\r\n\r\n", {404}),
        (b"GET /v1/status HTTP/1.1\r\nHost: keyrack\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n", {200}),
    ):
        line = await served.line()
        line.writer.write(sent)
        line.writer.write_eof()
        said = await line.hear()
        assert said.status in statuses, (said, sent[:20])
        assert said.status != 200 or said.content["running"] == "window", "an upgrade is not taken up"
        assert (await served.ask("GET", path_of(account))).status == 200


@pytest.mark.security("S84")
async def test_another_user_gets_no_token_although_the_modes_would_let_him(served: Served) -> None:
    """C3.10: the kernel says who it is."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        pytest.skip("only root may become another user, with setpriv")
    account = await served.allowed()
    for folder in (served.path.parent, served.path.parent.parent):
        folder.chmod(0o755)
    served.path.chmod(0o777)
    client = f"""
        import socket
        with socket.socket(socket.AF_UNIX) as client:
            client.connect({str(served.path)!r})
            client.sendall(b"GET {path_of(account)} HTTP/1.1\\r\\nHost: keyrack\\r\\nConnection: close\\r\\n\\r\\n")
            while data := client.recv(4096):
                print(data.decode())
    """
    other = (setpriv, "--reuid=65534", "--regid=65534", "--clear-groups")
    process = await asyncio.create_subprocess_exec(
        *other, "/usr/bin/python3", "-c", textwrap.dedent(client), stdout=subprocess.PIPE, env=ENV
    )
    answer, _ = await process.communicate()
    assert answer.startswith(b"HTTP/1.1 403")
    assert b'"refused"' in answer
    assert b"access_token" not in answer


@pytest.mark.security("S84")
async def test_who_cannot_be_told_gets_no_token(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    account = await served.allowed()
    monkeypatch.setattr("keyrack.broker.socket_server.peer_uid", lambda _: None)
    said = await served.ask("GET", path_of(account))
    assert (said.status, said.code, "access_token" in said.content) == (403, "refused", False)


FLOOD = """
    import collections, json, socket, sys
    clients = []
    for _ in range(500):
        client = socket.socket(socket.AF_UNIX)
        client.connect(sys.argv[1])
        client.settimeout(30)
        client.sendall(b"GET %b HTTP/1.1\\r\\nHost: keyrack\\r\\n\\r\\n" % sys.argv[2].encode())
        clients.append(client)
    print(json.dumps(collections.Counter(client.recv(12).decode() for client in clients)))
"""


@pytest.mark.security("S87")
async def test_500_callers_at_once_are_served_or_told_that_it_is_busy(served: Served) -> None:
    """C3.9: each one gets a response, and the rest of the program continues."""
    account = await served.allowed()
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-S", "-c", textwrap.dedent(FLOOD), str(served.path), path_of(account)),
        stdout=subprocess.PIPE,
        env=ENV,
    )
    turns = 0
    flood = asyncio.create_task(process.communicate())
    while not flood.done():
        turns += 1
        await asyncio.sleep(0.005)
    counted = json.loads((await flood)[0])
    assert set(counted) <= {"HTTP/1.1 200", "HTTP/1.1 503"}
    assert sum(counted.values()) == 500
    assert counted["HTTP/1.1 200"] >= 32
    assert turns > 10
    assert (await served.ask("GET", path_of(account))).status == 200


class TestFewPlaces:
    """What happens when all places are taken by callers that wait for the person."""

    @pytest.fixture
    def limits(self) -> ServerLimits:
        """Two places, and a short wait for one."""
        return replace(LIMITS, connections=2, busy_seconds=0.1, read_seconds=0.1)

    @pytest.mark.security("S87")
    async def test_one_more_is_told_that_it_is_busy(self, served: Served) -> None:
        account = await served.harness.signed_in("probit", "client_credentials")
        asking = served.harness.rack.access.asking
        detach = asking.add_respondent()
        waiting = [await served.line() for _ in range(2)]
        for line in waiting:
            line.send("GET", path_of(account))
        await until(lambda: len(asking.pending) == 1)
        said = await served.ask("GET", "/v1/status")
        assert (said.status, said.code) == (503, "busy")
        asking.answer(asking.pending[0], "no")
        assert [(await line.hear()).code for line in waiting] == ["refused"] * 2
        detach()


@pytest.mark.security("S87")
async def test_a_caller_that_goes_takes_its_question_along(served: Served) -> None:
    account = await served.harness.signed_in("probit", "client_credentials")
    asking = served.harness.rack.access.asking
    detach = asking.add_respondent()
    gone, half = await served.line(), await served.line()
    gone.send("GET", path_of(account))
    await until(lambda: len(asking.pending) == 1)
    gone.close()
    await until(lambda: asking.pending == ())
    half.send("GET", path_of(account))
    half.writer.write_eof()
    await until(lambda: len(asking.pending) == 1)
    asking.answer(asking.pending[0], "once")
    said = await half.hear()
    assert (said.status, said.headers["connection"]) == (200, "close")
    detach()


@pytest.mark.security("S87")
async def test_quitting_ends_what_is_under_way_without_a_token(served: Served) -> None:
    """The renewal continues and is stored. Its token is not sent."""
    account = await served.allowed("whitebit", "authorization_code")
    served.harness.vault.gate = asyncio.Event()
    saved = len(served.harness.vault.saves)
    lines = [await served.line() for _ in range(3)]
    for line in lines:
        line.send("GET", path_of(account) + "?min_valid=300")
    await until(lambda: len(served.harness.vault.saves) > saved)
    async with asyncio.timeout(1):
        await served.service.close()
    said = [await line.hear() for line in lines]
    assert [(each.status, each.code) for each in said] == [(503, "busy")] * 3
    served.harness.vault.gate.set()
    await served.harness.until(lambda: not served.harness.rack.parts.refresher.attempts)
    assert all([await line.ended() for line in lines]), "not a byte more"
    assert served.harness.status(account).name == "ready"


class TestWithoutDescriptors:
    """What happens when the process may open no more descriptors."""

    @pytest.fixture
    def limits(self) -> ServerLimits:
        """A short pause before the next attempt."""
        return replace(LIMITS, accept_pause_seconds=0.02)

    @pytest.mark.security("S87")
    async def test_it_waits_says_so_once_and_goes_on(self, served: Served, caplog: pytest.LogCaptureFixture) -> None:
        """R45."""
        clients = [socket.socket(socket.AF_UNIX) for _ in range(3)]
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with socket.socket() as probe:
            free = probe.fileno()
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            for client in clients:
                client.connect(str(served.path))
                client.sendall(b"GET /v1/status HTTP/1.1\r\nHost: keyrack\r\n\r\n")
                client.setblocking(False)
            await until(lambda: "No connection can be accepted" in caplog.text)
            await asyncio.sleep(0.1)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        loop = asyncio.get_running_loop()
        for client in clients:
            assert (await loop.sock_recv(client, 4096)).startswith(b"HTTP/1.1 200")
            client.close()
        assert caplog.text.count("No connection can be accepted") == 1


async def test_before_the_accounts_are_read_the_window_comes_and_the_rest_waits(
    served: Served, short_folder: Path
) -> None:
    instance = Instance.acquire(short_folder / "other")
    assert instance is not None
    asked: list[str] = []
    early = SocketServer(instance, Host("agent", raise_window=None, stop=lambda: asked.append("stop")))
    await early.serve(None)
    raised = await ApiConnection.open(instance.path)
    said = (await raised.ask("POST", "/v1/window/raise")).content
    assert said == {"version": 1, "running": "agent", "release": __version__}
    assert await asyncio.to_thread(release_of, [short_folder / "none", instance.path], 5) == __version__
    assert (await raised.ask("POST", "/v1/agent/stop")).content == {"version": 1, "running": "agent"}
    waiting = await ApiConnection.open(instance.path)
    waiting.send("GET", "/v1/status")
    assert (await raised.ask("POST", "/v1/window/raise")).status == 200, "this one is not kept waiting"
    await early.serve(served.harness.rack)
    assert (await waiting.hear()).content["running"] == "agent"
    raised.close()
    waiting.close()
    await early.close()
    instance.close()
    assert asked == ["stop"]


async def test_accounts_that_are_not_read_in_time_make_it_busy(short_folder: Path) -> None:
    instance = Instance.acquire(short_folder / "other")
    assert instance is not None
    early = SocketServer(instance, Host("agent"), timeouts=RouteTimeouts(starting=0.02))
    await early.serve(None)
    line = await ApiConnection.open(instance.path)
    said = await line.ask("GET", "/v1/status")
    assert (said.code, said.content["error"]["happened"]) == ("busy", "Keyrack is only starting.")
    line.close()
    await early.close()
    instance.close()


async def test_a_window_is_not_stopped_from_here(served: Served) -> None:
    said = await served.ask("POST", "/v1/agent/stop")
    assert (said.status, said.code) == (403, "refused")


@pytest.mark.security("S88")
async def test_an_error_of_our_own_is_told_without_its_text(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    account = await served.allowed()

    def broken(*_: object) -> None:
        raise ValueError("canary")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(served.harness.rack.access, "released", broken)
    said: ApiResponse = await served.ask("GET", path_of(account))
    assert (said.status, said.code) == (500, "unexpected")
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text
