"""The HTTP server with keep-alive: one request after another, places, and clients that stall or leave."""

import asyncio
import gc
import logging
import os
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from keyrack.net.server.http_server import HttpServer
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import Handler, ServerRequest, ServerResponse
from tests.raw_http import get, parse
from tests.until import until

HOST = "keyrack"
QUICK = ServerLimits(
    read_seconds=0.1, body_bytes=100, connections=2, idle_seconds=0.1, write_seconds=0.1, busy_seconds=0.1
)


@dataclass
class NotingHandler:
    """A handler that notes its requests. It waits for `gate` where there is one."""

    gate: asyncio.Event | None = None
    seen: list[ServerRequest] = field(default_factory=list)
    cancelled: int = 0
    met: int = 0

    def handler_for(self, _: socket.socket) -> Handler:
        """Called once for each connection."""
        self.met += 1
        return self.answer

    async def answer(self, received: ServerRequest) -> ServerResponse:
        """A response that names the target of its request."""
        self.seen.append(received)
        try:
            if self.gate is not None:
                await self.gate.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return ServerResponse(200, (("X-Target", received.target),), received.body)


class Client:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    async def response(self) -> tuple[int, dict[str, str], bytes]:
        """The next response. Status 0 when there is none."""
        async with asyncio.timeout(5):
            try:
                raw = await self.reader.readuntil(b"\r\n\r\n")
            except (asyncio.IncompleteReadError, ConnectionError):
                return 0, {}, b""
            reply = parse(raw)
            body = await self.reader.readexactly(int(reply.headers.get("content-length", "0")))
        return reply.status, reply.headers, body

    async def ask(self, data: bytes) -> int:
        """Send, and the status of the answer."""
        self.send(data)
        return (await self.response())[0]

    async def ends(self) -> bool:
        """Wait until the server closes. Returns whether it did so without a further byte."""
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


@dataclass
class RunningServer:
    """A server at a path, and its clients."""

    server: HttpServer
    path: Path
    clients: list[Client] = field(default_factory=list)

    async def call(self) -> Client:
        """Connect."""
        client = Client(*await asyncio.open_unix_connection(self.path))
        self.clients.append(client)
        return client

    @property
    def held(self) -> int:
        """How many connections the server holds."""
        return self.server.connections


@asynccontextmanager
async def serving(
    folder: Path, handler: NotingHandler | Handler, limits: ServerLimits
) -> AsyncGenerator[RunningServer]:
    path = folder / "s"
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(path))
    running = RunningServer(HttpServer(limits), path)
    running.server.start(sock, handler.handler_for if isinstance(handler, NotingHandler) else lambda _: handler)
    try:
        yield running
    finally:
        for client in running.clients:
            client.writer.transport.abort()
        await running.server.close()


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


@pytest.mark.security("S87")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\n", 408),
        (get("/", HOST, "Content-Length: 5", method="POST", body="12"), 408),
        (b"", 0),
        (get("/", HOST), 200),
    ],
    ids=["half a head", "half a body", "nothing", "nothing more"],
)
async def test_a_silent_client_is_dropped_in_time(tmp_path: Path, sent: bytes, status: int) -> None:
    """C3.3."""
    async with serving(tmp_path, NotingHandler(), QUICK) as running:
        client = await running.call()
        assert await client.ask(sent) == status
        assert await client.ends()
        await until(lambda: running.held == 0)


@pytest.mark.security("S87")
async def test_more_than_there_are_places_for_wait_and_are_served(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, ServerLimits(connections=2)) as running:
        clients = [await running.call() for _ in range(12)]
        for client in clients:
            client.send(get("/", HOST))
        await until(lambda: len(handler.seen) == 2)
        assert running.held == 2
        assert handler.gate
        handler.gate.set()
        answers = [await client.response() for client in clients]
    assert [status for status, _, _ in answers] == [200] * 12
    assert [headers.get("connection") for _, headers, _ in answers[:10]] == ["close"] * 10, "each gives its place on"


@pytest.mark.security("S87")
async def test_a_client_that_waits_in_vain_gets_busy(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, QUICK) as running:
        served = [await running.call() for _ in range(2)]
        for client in served:
            client.send(get("/", HOST))
        await until(lambda: len(handler.seen) == 2)
        late = await running.call()
        late.send(get("/late", HOST))
        status, headers, _ = await late.response()
        assert (status, headers["connection"]) == (503, "close")
        assert await late.ends()
        assert handler.gate
        handler.gate.set()
        assert [(await client.response())[0] for client in served] == [200, 200]
    assert [received.target for received in handler.seen] == ["/", "/"]


@pytest.mark.security("S87")
async def test_silent_connections_give_their_place_to_one_that_asks(tmp_path: Path) -> None:
    limits = ServerLimits(connections=2, read_seconds=60, busy_seconds=60, silent_seconds=0.0, tick_seconds=60.0)
    async with serving(tmp_path, NotingHandler(), limits) as running:
        kept = await running.call()
        assert await kept.ask(get("/", HOST)) == 200
        silent = await running.call()
        await until(lambda: running.held == 2)
        assert await (await running.call()).ask(get("/", HOST)) == 200
        assert await kept.ends(), "the one that is silent longest"
        assert await silent.ask(get("/", HOST)) == 200


@pytest.mark.security("S87")
async def test_connections_that_were_just_used_give_their_place_a_little_later(tmp_path: Path) -> None:
    limits = replace(QUICK, idle_seconds=60, busy_seconds=60, silent_seconds=0.05)
    async with serving(tmp_path, NotingHandler(), limits) as running:
        for client in [await running.call(), await running.call()]:
            assert await client.ask(get("/", HOST)) == 200
        assert await (await running.call()).ask(get("/", HOST)) == 200


async def test_a_connection_that_has_just_asked_keeps_its_place(tmp_path: Path) -> None:
    """Its request is still unread in the kernel when another client wants the place."""
    limits = ServerLimits(connections=1, silent_seconds=0.0, busy_seconds=60)
    async with serving(tmp_path, NotingHandler(), limits) as running:
        client = await running.call()
        assert await client.ask(get("/", HOST)) == 200
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(running.path))
            client.send(get("/", HOST))
            assert (await client.response())[0] == 200
        assert await client.ends()


@pytest.mark.security("S87")
async def test_half_a_head_gives_its_place_to_one_that_asks(tmp_path: Path) -> None:
    async with serving(
        tmp_path, NotingHandler(), replace(QUICK, read_seconds=60, busy_seconds=60, silent_seconds=0.05)
    ) as running:
        stalled = [await running.call() for _ in range(2)]
        for client in stalled:
            client.send(b"GET / HTTP/1.1\r\n")
        assert await (await running.call()).ask(get("/", HOST)) == 200
        assert await stalled[0].ends()


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


@pytest.mark.security("S87")
async def test_in_a_full_queue_the_one_that_waits_longest_gets_busy_at_once(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, ServerLimits(connections=2, queue=3)) as running:
        clients = []
        for _ in range(6):
            clients.append(await running.call())
            clients[-1].send(get("/", HOST))
        assert (await clients[2].response())[0] == 503
        assert handler.gate
        handler.gate.set()
        assert [(await client.response())[0] for client in clients if client is not clients[2]] == [200] * 5


@pytest.mark.security("S87")
async def test_a_request_ends_when_its_caller_has_gone(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, ServerLimits()) as running:
        client = await running.call()
        client.send(get("/", HOST))
        await until(lambda: len(handler.seen) == 1)
        client.writer.transport.abort()
        await until(lambda: handler.cancelled == 1 and running.held == 0)


@pytest.mark.security("S87")
async def test_a_client_that_sends_without_reading_is_dropped(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, ServerLimits(body_bytes=1000)) as running:
        client = await running.call()
        client.send(get("/", HOST) * 5000)
        await until(lambda: handler.cancelled == 1 and running.held == 0)
    assert len(handler.seen) == 1


async def test_a_half_closed_caller_still_gets_its_answer(tmp_path: Path) -> None:
    """As `nc -N` does it: the request is complete, and the client says that it will send no more."""
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, QUICK) as running:
        client = await running.call()
        client.send(get("/", HOST))
        client.writer.write_eof()
        await until(lambda: len(handler.seen) == 1)
        await asyncio.sleep(0.25)  # two looks of the server
        assert handler.gate
        handler.gate.set()
        assert (await client.response())[0] == 200
        assert await client.ends()
    assert handler.cancelled == 0


@pytest.mark.security("S87")
async def test_a_half_closed_caller_that_goes_later_is_noticed(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, QUICK) as running:
        client = await running.call()
        client.send(get("/", HOST))
        client.writer.write_eof()
        await until(lambda: len(handler.seen) == 1)
        client.writer.transport.abort()
        await until(lambda: handler.cancelled == 1 and running.held == 0)


async def test_no_handler_runs_for_a_client_that_left_before_its_turn(tmp_path: Path) -> None:
    handler = NotingHandler()
    async with serving(tmp_path, handler, ServerLimits()) as running:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(running.path))
            client.sendall(get("/", HOST))
        await until(lambda: running.held == 0)
        assert await (await running.call()).ask(get("/after", HOST)) == 200
    assert [received.target for received in handler.seen] in (["/after"], ["/", "/after"])


@pytest.mark.security("S87")
async def test_closing_cancels_what_is_handled_and_says_so(tmp_path: Path) -> None:
    handler = NotingHandler(asyncio.Event())
    async with serving(tmp_path, handler, ServerLimits(connections=2)) as running:
        busy, silent = await running.call(), await running.call()
        busy.send(get("/", HOST))
        await until(lambda: len(handler.seen) == 1)
        waiting = await running.call()
        waiting.send(get("/", HOST))
        async with asyncio.timeout(1):
            await running.server.close(ServerResponse(503, (), b"ends"))
        assert await busy.response() == (503, {"content-length": "4", "connection": "close"}, b"ends")
        assert await silent.ends()
        assert (await waiting.response())[0] == 503
        with pytest.raises(ConnectionRefusedError):
            await running.call()
    assert (handler.cancelled, running.held) == (1, 0)


class Flood:
    """Parts without end, counted as they are requested."""

    def __init__(self) -> None:
        self.given = 0
        self.ended = False

    async def parts(self) -> AsyncGenerator[bytes, None]:
        """The parts."""
        try:
            while True:
                self.given += 1
                yield b"x" * 65_536
        finally:
            self.ended = True

    async def answer(self, _: ServerRequest) -> ServerResponse:
        """Answer with the parts."""
        return ServerResponse(200, parts=self.parts(), last=True)


@pytest.mark.security("S87")
async def test_a_reader_that_stalls_is_dropped_and_nothing_piles_up(tmp_path: Path) -> None:
    flood = Flood()
    async with serving(tmp_path, flood.answer, QUICK) as running:
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(running.path))
            client.sendall(get("/", HOST))
            await until(lambda: flood.ended and running.held == 0, 5)
    assert flood.given < 30, "no more than the system's own buffer holds"


async def test_a_stream_ends_when_its_reader_goes(tmp_path: Path) -> None:
    flood = Flood()
    async with serving(tmp_path, flood.answer, ServerLimits()) as running:
        client = await running.call()
        client.send(get("/", HOST))
        status, headers, _ = await client.response()
        assert (status, headers["transfer-encoding"]) == (200, "chunked")
        client.writer.transport.abort()
        await until(lambda: flood.ended and running.held == 0)


@pytest.mark.parametrize(
    ("version", "sent"),
    [
        (b"HTTP/1.1", b"4\r\none\n\r\n15\r\n" + b"twenty\n" * 3 + b"\r\n0\r\n\r\n"),
        (b"HTTP/1.0", b"one\n" + b"twenty\n" * 3),
    ],
)
async def test_parts_come_as_chunks_with_an_end_where_they_are_known(
    tmp_path: Path, version: bytes, sent: bytes
) -> None:
    async def two() -> AsyncGenerator[bytes, None]:
        yield b"one\n"
        yield b"twenty\n" * 3

    async def answer(_: ServerRequest) -> ServerResponse:
        return ServerResponse(200, parts=two())

    async with serving(tmp_path, answer, ServerLimits()) as running:
        client = await running.call()
        client.send(get("/", HOST, "Connection: close").replace(b"HTTP/1.1", version))
        _, headers, _ = await client.response()
        assert ("transfer-encoding" in headers) == (version == b"HTTP/1.1")
        assert await client.reader.read() == sent


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


@pytest.mark.security("S87")
async def test_callers_leave_neither_descriptors_nor_tasks_behind(tmp_path: Path) -> None:
    """R43: clients that end in mid-request, that send nothing and that are served."""
    handler = NotingHandler()
    async with serving(tmp_path, handler, ServerLimits(body_bytes=100)) as running:
        assert await (await running.call()).ask(get("/", HOST, "Connection: close")) == 200
        await until(lambda: running.held == 0)
        gc.collect()
        before, tasks = len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())
        for sent in (b"", b"GET / HT", get("/", HOST), get("/", HOST, "Content-Length: 9", method="POST")) * 100:
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(running.path))
                client.sendall(sent)
            await asyncio.sleep(0)
        await until(lambda: running.held == 0)
        await asyncio.sleep(0)
        assert len(os.listdir("/proc/self/fd")) <= before
        assert len(asyncio.all_tasks()) <= tasks


@pytest.mark.security("S87")
async def test_descriptors_that_a_caller_passes_are_not_kept(tmp_path: Path) -> None:
    """C3.11: nothing of ours reads ancillary data, so the system closes what comes with it."""
    async with serving(tmp_path, NotingHandler(), ServerLimits()) as running:
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(running.path))
        client.setblocking(False)
        await until(lambda: running.held == 1)
        reading, writing = os.pipe()
        before = len(os.listdir("/proc/self/fd"))
        socket.send_fds(client, [get("/", HOST)], [writing] * 20)
        os.close(writing)
        assert (await asyncio.get_running_loop().sock_recv(client, 4096)).startswith(b"HTTP/1.1 200")
        assert len(os.listdir("/proc/self/fd")) == before - 1
        assert os.read(reading, 1) == b"", "no process has the other end open any more"
        os.close(reading)
        client.close()
