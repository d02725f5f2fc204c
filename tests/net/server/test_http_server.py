"""The HTTP server with keep-alive: one request after another, and requests that break a limit."""

import asyncio
import logging
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerRequest, ServerResponse
from tests.net.server.http_server_harness import HOST, QUICK, NotingHandler, serving
from tests.raw_http import get, parse
from tests.until import until


async def test_requests_follow_each_other_on_one_connection(tmp_path: Path) -> None:
    handler = NotingHandler()
    async with serving(tmp_path, handler, ServerLimits(body_bytes=100)) as running:
        client = await running.call()
        for target in ("/a", "/a", "/b", "/a"):
            client.send(get(target, HOST))
            status, headers, _ = await client.response()
            assert (status, headers["x-target"]) == (200, target)
            assert "connection" not in headers
        for body in ("12345", "67890"):
            client.send(get("/c", HOST, "Content-Length: 5", method="POST", body=body))
            assert (await client.response())[2] == body.encode()
        assert await client.ask(get("/a", HOST)) == 200
    assert handler.met == 1, "the identity of a connection is found once"
    assert [received.body for received in handler.seen] == [b"", b"", b"", b"", b"12345", b"67890", b""]
    assert [received.method for received in handler.seen] == ["GET"] * 4 + ["POST", "POST", "GET"]


async def test_requests_sent_together_are_answered_in_order(tmp_path: Path) -> None:
    async with serving(tmp_path, NotingHandler(), ServerLimits(body_bytes=100)) as running:
        client = await running.call()
        chunked = get("/2", HOST, "Transfer-Encoding: chunked", method="POST", body="3\r\nabc\r\n0\r\n\r\n")
        counted = get("/3", HOST, "Content-Length: 2", method="POST", body="de")
        client.send(get("/1", HOST) + chunked + counted + get("/4", HOST))
        answers = [await client.response() for _ in range(4)]
    assert [(headers["x-target"], body) for _, headers, body in answers] == [
        ("/1", b""),
        ("/2", b"abc"),
        ("/3", b"de"),
        ("/4", b""),
    ]


async def test_bytes_that_trickle_in_make_a_request(tmp_path: Path) -> None:
    async with serving(tmp_path, NotingHandler(), ServerLimits(body_bytes=100)) as running:
        client = await running.call()
        for byte in get("/x", HOST, "Content-Length: 3", method="POST", body="abc"):
            client.send(bytes([byte]))
            await asyncio.sleep(0)
        assert await client.response() == (200, {"x-target": "/x", "content-length": "3"}, b"abc")


@pytest.mark.parametrize(
    "sent",
    [get("/", HOST, "Connection: close"), get("/", HOST).replace(b"HTTP/1.1", b"HTTP/1.0")],
    ids=["asked to close", "HTTP/1.0"],
)
async def test_a_client_that_wants_no_kept_connection_gets_connection_close(tmp_path: Path, sent: bytes) -> None:
    async with serving(tmp_path, NotingHandler(), ServerLimits()) as running:
        client = await running.call()
        client.send(sent)
        status, headers, _ = await client.response()
        assert (status, headers["connection"]) == (200, "close")
        assert await client.ends()


async def test_a_body_waits_for_leave_where_it_is_asked_for(tmp_path: Path) -> None:
    async with serving(tmp_path, NotingHandler(), ServerLimits(body_bytes=100)) as running:
        client = await running.call()
        client.send(get("/", HOST, "Content-Length: 3", "Expect: 100-continue", method="POST"))
        assert (await client.response())[0] == 100
        client.send(b"abc")
        assert (await client.response())[2] == b"abc"


@pytest.mark.security("S88")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (get("/", HOST, "Content-Length: 101", method="POST"), 413),
        (get("/", HOST, "Content-Length: 101", "Expect: 100-continue", method="POST"), 413),
        (get("/", HOST, "Content-Length: 2147483648", method="POST"), 413),
        (get("/", HOST, "Content-Length: " + "9" * 5000, method="POST"), 400),
        (get("/", HOST, "Content-Length: -1", method="POST"), 400),
        (get("/", HOST, "Content-Length: five", method="POST"), 400),
        (get("/", HOST, "Content-Length: 5", "Content-Length: 6", method="POST"), 400),
        (get("/", HOST, "Transfer-Encoding: chunked", method="POST", body="65\r\n" + "x" * 101 + "\r\n"), 413),
        (get("/", HOST, "Transfer-Encoding: chunked", method="POST", body="zz\r\n"), 400),
        (get("/", HOST, "Transfer-Encoding: gzip", method="POST"), 501),
        (get("/", HOST, "Content-Length: 4", "Transfer-Encoding: chunked", method="POST", body="0\r\n\r\nGET"), 400),
        (get("/", HOST, "Transfer-Encoding: chunked", method="POST").replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
        (get("/" + "a" * 8192, HOST), 414),
        (get("/", HOST, *(f"X-{n}: 1" for n in range(70))), 431),
        (get("/", HOST, "X-A: " + "a" * 20_000), 431),
        (b"GET / HTTP/1.1\nHost: keyrack\n\n", 400),
        (b"GET /\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: keyrack\r\nX-A: a\x00b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: keyrack\r\n folded: x\r\n\r\n", 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01", 0),
    ],
    ids=lambda value: repr(value)[:60],
)
async def test_what_breaks_a_limit_is_refused_and_ends_the_connection(tmp_path: Path, sent: bytes, status: int) -> None:
    """C3.2 and C3.8: nothing is read after a request whose end is in doubt."""
    handler = NotingHandler()
    async with serving(tmp_path, handler, ServerLimits(body_bytes=100)) as running:
        client = await running.call()
        assert await client.ask(sent) == status
        assert await client.ends()
        assert await (await running.call()).ask(get("/", HOST)) == 200
    assert [received.target for received in handler.seen] == ["/"]


@pytest.mark.security("S87")
async def test_a_body_in_a_thousand_pieces_is_read_and_no_more(tmp_path: Path) -> None:
    """Each piece costs the time of all others in the same loop, the window among them."""
    chunked = get("/", HOST, "Transfer-Encoding: chunked", method="POST")
    async with serving(tmp_path, NotingHandler(), ServerLimits(body_bytes=65_536)) as running:
        for pieces, status in ((1024, 200), (1025, 413)):
            assert await (await running.call()).ask(chunked + b"1\r\nx\r\n" * pieces + b"0\r\n\r\n") == status


async def test_a_refused_request_answers_none_that_follows_it(tmp_path: Path) -> None:
    handler = NotingHandler()
    async with serving(tmp_path, handler, ServerLimits()) as running:
        client = await running.call()
        client.send(b"GET / HTTP/1.1\nHost: keyrack\n\n" + get("/genuine", HOST))
        assert (await client.response())[0] == 400
        assert await client.ends()
    assert handler.seen == []


async def test_a_body_that_is_not_read_ends_the_connection(tmp_path: Path) -> None:
    """The end of the body is unknown, so the bytes after it must not be read as a request."""
    handler = NotingHandler()
    async with serving(tmp_path, handler, ServerLimits()) as running:
        client = await running.call()
        client.send(get("/", HOST, "Content-Length: 2", method="POST", body="ab") + get("/next", HOST))
        status, headers, _ = await client.response()
        assert (status, headers["connection"]) == (200, "close")
        assert await client.ends()
    assert [(received.target, received.body, received.announces_body) for received in handler.seen] == [
        ("/", b"", True)
    ]


class WithoutReaders(asyncio.SelectorEventLoop):
    """An event loop without `add_reader`, as that of Windows is."""

    def add_reader(self, *_: object) -> None:
        raise NotImplementedError

    def remove_reader(self, *_: object) -> bool:
        raise NotImplementedError

    def remove_writer(self, *_: object) -> bool:
        raise NotImplementedError


def test_an_event_loop_without_readers_serves_alike(tmp_path: Path) -> None:
    async def talk() -> None:
        handler = NotingHandler()
        async with serving(tmp_path, handler, replace(QUICK, connections=3)) as running:
            path = str(running.path)

            def exchanged() -> list[bytes]:
                received = []
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(path)
                    for _ in range(2):
                        client.sendall(get("/", HOST))
                        received.append(client.recv(4096))
                    client.sendall(b"GET / HTTP/1.1\r\n")
                    received.append(client.recv(4096))
                return received

            answers = await asyncio.to_thread(exchanged)
            assert [answer[:12] for answer in answers] == [b"HTTP/1.1 200"] * 2 + [b"HTTP/1.1 408"]
            await until(lambda: running.held == 0)
        assert handler.met == 1

    with asyncio.Runner(loop_factory=WithoutReaders) as runner:
        runner.run(talk())


async def test_a_failing_handler_is_logged_without_its_text(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_: ServerRequest) -> ServerResponse:
        raise ValueError("canary")

    caplog.set_level(logging.DEBUG)
    async with serving(tmp_path, answer, ServerLimits()) as running:
        assert await (await running.call()).ask(get("/", HOST)) == 500
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


async def test_an_answer_is_not_split_by_a_header(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_: ServerRequest) -> ServerResponse:
        return ServerResponse(200, (("X-A", "a\r\ncanary: 1"),))

    async with serving(tmp_path, answer, ServerLimits()) as running:
        assert await (await running.call()).ask(get("/", HOST)) == 0
    assert "could not be sent" in caplog.text
    assert "canary" not in caplog.text


async def test_head_is_answered_without_a_body(tmp_path: Path) -> None:
    async with serving(tmp_path, NotingHandler(), ServerLimits(body_bytes=10)) as running:
        client = await running.call()
        client.send(get("/", HOST, "Content-Length: 3", method="HEAD", body="abc") + get("/next", HOST))
        head = parse(await client.reader.readuntil(b"\r\n\r\n"))
        assert (head.status, head.headers["content-length"]) == (200, "3")
        assert (await client.response())[1]["x-target"] == "/next"
