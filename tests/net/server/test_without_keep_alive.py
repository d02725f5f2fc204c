"""The HTTP server without keep-alive, with the redirect listener's limits: one response for each connection."""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from keyrack.net.server.http_server import HttpServer
from keyrack.net.server.server_message import Handler, ServerRequest, ServerResponse
from keyrack.oauth.loopback.listener import LIMITS
from tests.raw_http import exchange, get, is_closed, parse

HOST = "localhost"


@dataclass
class Echo:
    """A handler that notes what it received."""

    seen: list[ServerRequest] = field(default_factory=list)

    async def __call__(self, received: ServerRequest) -> ServerResponse:
        self.seen.append(received)
        return ServerResponse(200, (("X-Method", received.method),), b"hello")


@asynccontextmanager
async def _serving(handler: Handler, **limits: float) -> AsyncGenerator[int]:
    server = HttpServer(replace(LIMITS, **limits), keep_alive=False)  # type: ignore[arg-type]
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server.start(sock, lambda _: handler)
    port: int = sock.getsockname()[1]
    yield port
    await server.close()
    assert await is_closed(port)


async def test_a_request_is_handed_over_with_its_headers() -> None:
    echo = Echo()
    async with _serving(echo) as port:
        reply = await exchange(port, get("/x?y=1", HOST, "X-A: 1", "x-a: 2"))

    [received] = echo.seen
    assert (reply.status, reply.body, reply.headers["x-method"]) == (200, b"hello", "GET")
    assert (received.method, received.target, received.body) == ("GET", "/x?y=1", b"")
    assert received.values("x-a") == ["1", "2"]
    assert repr(received) == "<ServerRequest GET>"
    assert repr(ServerResponse(200, (), b"secret")) == "<ServerResponse 200>"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (("Content-Length: 5",), "12345", 200),
        (("Transfer-Encoding: chunked",), "3\r\n123\r\n2\r\n45\r\n0\r\n\r\n", 200),
        (("Content-Length: 101",), "x" * 101, 413),
        (("Transfer-Encoding: chunked",), "65\r\n" + "x" * 101 + "\r\n0\r\n\r\n", 413),
        (("Content-Length: 2147483648",), "", 413),
        (("Content-Length: -1",), "", 400),
        (("Content-Length: five",), "12345", 400),
        (("Content-Length: 5", "Content-Length: 6"), "123456", 400),
        (("Transfer-Encoding: chunked",), "zz\r\n", 400),
    ],
)
async def test_bodies_are_read_up_to_the_cap(headers: tuple[str, ...], body: str, status: int) -> None:
    echo = Echo()
    async with _serving(echo, body_bytes=100) as port:
        reply = await exchange(port, get("/", HOST, *headers, method="POST", body=body))

    assert reply.status == status
    assert [received.body for received in echo.seen] == ([b"12345"] if status == 200 else [])


@pytest.mark.parametrize("sent", ["12", ""])
async def test_a_body_that_does_not_come_times_out(sent: str) -> None:
    async with _serving(Echo(), body_bytes=100, read_seconds=0.2) as port:
        reply = await exchange(port, get("/", HOST, "Content-Length: 5", method="POST", body=sent))

    assert reply.status == 408


async def test_a_body_that_breaks_off_is_refused() -> None:
    async with _serving(Echo(), body_bytes=100) as port:
        data = get("/", HOST, "Content-Length: 5", method="POST", body="12")
        reply = await exchange(port, data, half_close=True)

    assert reply.status == 400


@pytest.mark.security("S17")
async def test_a_head_that_does_not_come_times_out() -> None:
    async with _serving(Echo(), read_seconds=0.2) as port:
        assert (await exchange(port, b"GET / HTTP/1.1\r\n")).status == 408


def test_the_numbers_are_the_documented_ones() -> None:
    assert (LIMITS.read_seconds, LIMITS.line_bytes, LIMITS.head_bytes) == (5.0, 16_384, 65_536)
    assert (LIMITS.head_lines, LIMITS.connections, LIMITS.body_bytes) == (256, 16, 0)


@pytest.mark.security("S17")
async def test_the_largest_permitted_head_is_read() -> None:
    lines = [f"X-{n}: {'y' * 180}" for n in range(255)]
    async with _serving(Echo()) as port:
        reply = await exchange(port, get("/" + "a" * 15_000, HOST, *lines))

    assert reply.status == 200


def _fails(error: Exception) -> Callable[[ServerRequest], object]:
    async def handler(_: ServerRequest) -> ServerResponse:
        raise error

    return handler


@pytest.mark.security("S22")
async def test_a_failing_handler_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    async with _serving(_fails(ValueError("canary"))) as port:  # type: ignore[arg-type]
        assert (await exchange(port, get("/", HOST))).status == 500

    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.security("S22")
async def test_an_answer_that_cannot_be_written_is_logged_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(_: ServerRequest) -> ServerResponse:
        return ServerResponse(303, (("Location", "https://alpha.example/\r\ncanary"),))

    caplog.set_level(logging.DEBUG)
    async with _serving(handler) as port:
        assert (await exchange(port, get("/", HOST))).status == 0

    assert "could not be sent" in caplog.text
    assert "canary" not in caplog.text


async def test_the_last_byte_is_reported() -> None:
    sent = asyncio.Event()

    async def handler(_: ServerRequest) -> ServerResponse:
        return ServerResponse(204, sent=sent.set)

    async with _serving(handler) as port:
        reply = await exchange(port, get("/", HOST))
        await asyncio.wait_for(sent.wait(), 1)

    assert reply.status == 204
    assert "content-length" not in reply.headers


async def test_a_unix_socket_is_served_alike(tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(path)
    echo = Echo()
    server = HttpServer(LIMITS, keep_alive=False)
    server.start(sock, lambda _: echo)

    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(get("/", HOST))
    reply = parse(await reader.read())
    writer.close()
    await writer.wait_closed()
    await server.close()

    assert reply.status == 200
    assert echo.seen[0].connection.family == socket.AF_UNIX


@pytest.mark.security("S25")
async def test_closing_ends_silent_and_busy_connections_within_a_second() -> None:
    arrived = asyncio.Event()

    async def handler(_: ServerRequest) -> ServerResponse:
        arrived.set()
        await asyncio.Event().wait()
        return ServerResponse(200)

    server = HttpServer(LIMITS, keep_alive=False)
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    server.start(sock, lambda _: handler)
    port = sock.getsockname()[1]
    silent, silent_writer = await asyncio.open_connection("127.0.0.1", port)
    busy = asyncio.create_task(exchange(port, get("/", HOST)))
    await arrived.wait()

    async with asyncio.timeout(1):
        await server.close()
        assert await silent.read() == b""
        assert (await busy).status == 0
    silent_writer.transport.abort()


@pytest.mark.security("S17")
async def test_no_more_connections_than_allowed_are_answered_at_once() -> None:
    running = 0
    most = 0
    free = asyncio.Event()

    async def handler(_: ServerRequest) -> ServerResponse:
        nonlocal running, most
        running += 1
        most = max(most, running)
        if running == 16:
            free.set()
        await free.wait()
        running -= 1
        return ServerResponse(200)

    async with _serving(handler) as port:
        replies = await asyncio.gather(*(exchange(port, get("/", HOST)) for _ in range(40)), return_exceptions=True)

    assert most == 16
    assert sum(1 for reply in replies if not isinstance(reply, BaseException) and reply.status == 200) >= 16


async def test_without_descriptors_the_server_waits_and_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    """A listening socket that fails once as it does when the process is out of descriptors."""

    class Exhausted(socket.socket):
        failed = False

        def accept(self) -> tuple[socket.socket, object]:
            if not Exhausted.failed:
                Exhausted.failed = True
                raise OSError(24, "Too many open files")
            return super().accept()

    server = HttpServer(LIMITS, keep_alive=False)
    sock = Exhausted()
    sock.bind(("127.0.0.1", 0))
    server.start(sock, lambda _: Echo())
    reply = await exchange(sock.getsockname()[1], get("/", HOST))
    await server.close()

    assert reply.status == 200
    assert "Too many open files" in caplog.text
