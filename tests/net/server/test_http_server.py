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
class House:
    """A handler that notes what it received; it waits for `gate` where there is one."""

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


class Caller:
    """One connection to the server."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.writer.write(data)

    async def hear(self) -> tuple[int, dict[str, str], bytes]:
        """The next answer; status 0 when there is none."""
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
        return (await self.hear())[0]

    async def ends(self) -> bool:
        """Wait until the other side closes; whether it did so without a further byte."""
        async with asyncio.timeout(5):
            try:
                return await self.reader.read() == b""
            except ConnectionError:
                return True


@dataclass
class Place:
    """A server at a path, and those who call there."""

    server: HttpServer
    path: Path
    callers: list[Caller] = field(default_factory=list)

    async def call(self) -> Caller:
        """Connect."""
        caller = Caller(*await asyncio.open_unix_connection(self.path))
        self.callers.append(caller)
        return caller

    @property
    def held(self) -> int:
        """How many connections the server holds."""
        return self.server.connections


@asynccontextmanager
async def serving(folder: Path, handler: "House | Handler", limits: ServerLimits) -> AsyncGenerator[Place]:
    path = folder / "s"
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(path))
    place = Place(HttpServer(limits), path)
    place.server.start(sock, handler.handler_for if isinstance(handler, House) else lambda _: handler)
    try:
        yield place
    finally:
        for caller in place.callers:
            caller.writer.transport.abort()
        await place.server.close()


async def test_requests_follow_each_other_on_one_connection(tmp_path: Path) -> None:
    house = House()
    async with serving(tmp_path, house, ServerLimits(body_bytes=100)) as place:
        caller = await place.call()
        for target in ("/a", "/a", "/b", "/a"):
            caller.send(get(target, HOST))
            status, headers, _ = await caller.hear()
            assert (status, headers["x-target"]) == (200, target)
            assert "connection" not in headers
        for body in ("12345", "67890"):
            caller.send(get("/c", HOST, "Content-Length: 5", method="POST", body=body))
            assert (await caller.hear())[2] == body.encode()
        assert await caller.ask(get("/a", HOST)) == 200
    assert house.met == 1, "whose a connection is, is found out once"
    assert [received.body for received in house.seen] == [b"", b"", b"", b"", b"12345", b"67890", b""]
    assert [received.method for received in house.seen] == ["GET"] * 4 + ["POST", "POST", "GET"]


async def test_requests_sent_together_are_answered_in_order(tmp_path: Path) -> None:
    async with serving(tmp_path, House(), ServerLimits(body_bytes=100)) as place:
        caller = await place.call()
        chunked = get("/2", HOST, "Transfer-Encoding: chunked", method="POST", body="3\r\nabc\r\n0\r\n\r\n")
        counted = get("/3", HOST, "Content-Length: 2", method="POST", body="de")
        caller.send(get("/1", HOST) + chunked + counted + get("/4", HOST))
        answers = [await caller.hear() for _ in range(4)]
    assert [(headers["x-target"], body) for _, headers, body in answers] == [
        ("/1", b""),
        ("/2", b"abc"),
        ("/3", b"de"),
        ("/4", b""),
    ]


async def test_bytes_that_trickle_in_make_a_request(tmp_path: Path) -> None:
    async with serving(tmp_path, House(), ServerLimits(body_bytes=100)) as place:
        caller = await place.call()
        for byte in get("/x", HOST, "Content-Length: 3", method="POST", body="abc"):
            caller.send(bytes([byte]))
            await asyncio.sleep(0)
        assert await caller.hear() == (200, {"x-target": "/x", "content-length": "3"}, b"abc")


@pytest.mark.parametrize(
    "sent",
    [get("/", HOST, "Connection: close"), get("/", HOST).replace(b"HTTP/1.1", b"HTTP/1.0")],
    ids=["asked to close", "HTTP/1.0"],
)
async def test_who_does_not_want_the_connection_kept_is_told_its_end(tmp_path: Path, sent: bytes) -> None:
    async with serving(tmp_path, House(), ServerLimits()) as place:
        caller = await place.call()
        caller.send(sent)
        status, headers, _ = await caller.hear()
        assert (status, headers["connection"]) == (200, "close")
        assert await caller.ends()


async def test_a_body_waits_for_leave_where_it_is_asked_for(tmp_path: Path) -> None:
    async with serving(tmp_path, House(), ServerLimits(body_bytes=100)) as place:
        caller = await place.call()
        caller.send(get("/", HOST, "Content-Length: 3", "Expect: 100-continue", method="POST"))
        assert (await caller.hear())[0] == 100
        caller.send(b"abc")
        assert (await caller.hear())[2] == b"abc"


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
    """C3.2 and C3.8: nobody reads on behind a request whose end is in doubt."""
    house = House()
    async with serving(tmp_path, house, ServerLimits(body_bytes=100)) as place:
        caller = await place.call()
        assert await caller.ask(sent) == status
        assert await caller.ends()
        assert await (await place.call()).ask(get("/", HOST)) == 200
    assert [received.target for received in house.seen] == ["/"]


@pytest.mark.security("S87")
async def test_a_body_in_a_thousand_pieces_is_read_and_no_more(tmp_path: Path) -> None:
    """Each piece costs the time of all others in the same loop, the window among them."""
    chunked = get("/", HOST, "Transfer-Encoding: chunked", method="POST")
    async with serving(tmp_path, House(), ServerLimits(body_bytes=65_536)) as place:
        for pieces, status in ((1024, 200), (1025, 413)):
            assert await (await place.call()).ask(chunked + b"1\r\nx\r\n" * pieces + b"0\r\n\r\n") == status


async def test_a_refused_request_answers_none_that_follows_it(tmp_path: Path) -> None:
    house = House()
    async with serving(tmp_path, house, ServerLimits()) as place:
        caller = await place.call()
        caller.send(b"GET / HTTP/1.1\nHost: keyrack\n\n" + get("/genuine", HOST))
        assert (await caller.hear())[0] == 400
        assert await caller.ends()
    assert house.seen == []


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
async def test_whoever_says_no_more_is_let_go_in_time(tmp_path: Path, sent: bytes, status: int) -> None:
    """C3.3."""
    async with serving(tmp_path, House(), QUICK) as place:
        caller = await place.call()
        assert await caller.ask(sent) == status
        assert await caller.ends()
        await until(lambda: place.held == 0)


@pytest.mark.security("S87")
async def test_more_than_there_are_places_for_wait_and_are_served(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, ServerLimits(connections=2)) as place:
        callers = [await place.call() for _ in range(12)]
        for caller in callers:
            caller.send(get("/", HOST))
        await until(lambda: len(house.seen) == 2)
        assert place.held == 2
        assert house.gate
        house.gate.set()
        answers = [await caller.hear() for caller in callers]
    assert [status for status, _, _ in answers] == [200] * 12
    assert [headers.get("connection") for _, headers, _ in answers[:10]] == ["close"] * 10, "each gives its place on"


@pytest.mark.security("S87")
async def test_who_waits_in_vain_is_told_that_it_is_busy(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, QUICK) as place:
        served = [await place.call() for _ in range(2)]
        for caller in served:
            caller.send(get("/", HOST))
        await until(lambda: len(house.seen) == 2)
        late = await place.call()
        late.send(get("/late", HOST))
        status, headers, _ = await late.hear()
        assert (status, headers["connection"]) == (503, "close")
        assert await late.ends()
        assert house.gate
        house.gate.set()
        assert [(await caller.hear())[0] for caller in served] == [200, 200]
    assert [received.target for received in house.seen] == ["/", "/"]


@pytest.mark.security("S87")
async def test_silent_connections_give_their_place_to_one_that_asks(tmp_path: Path) -> None:
    limits = ServerLimits(connections=2, read_seconds=60, busy_seconds=60, silent_seconds=0.0, tick_seconds=60.0)
    async with serving(tmp_path, House(), limits) as place:
        kept = await place.call()
        assert await kept.ask(get("/", HOST)) == 200
        silent = await place.call()
        await until(lambda: place.held == 2)
        assert await (await place.call()).ask(get("/", HOST)) == 200
        assert await kept.ends(), "the one that is silent longest"
        assert await silent.ask(get("/", HOST)) == 200


@pytest.mark.security("S87")
async def test_connections_that_were_just_used_give_their_place_a_little_later(tmp_path: Path) -> None:
    limits = replace(QUICK, idle_seconds=60, busy_seconds=60, silent_seconds=0.05)
    async with serving(tmp_path, House(), limits) as place:
        for caller in [await place.call(), await place.call()]:
            assert await caller.ask(get("/", HOST)) == 200
        assert await (await place.call()).ask(get("/", HOST)) == 200


async def test_a_connection_that_has_just_asked_keeps_its_place(tmp_path: Path) -> None:
    """Its request lies unread in the system while others come who want the place."""
    limits = ServerLimits(connections=1, silent_seconds=0.0, busy_seconds=60)
    async with serving(tmp_path, House(), limits) as place:
        caller = await place.call()
        assert await caller.ask(get("/", HOST)) == 200
        with socket.socket(socket.AF_UNIX) as other:
            other.connect(str(place.path))
            caller.send(get("/", HOST))
            assert (await caller.hear())[0] == 200
        assert await caller.ends()


@pytest.mark.security("S87")
async def test_half_a_head_gives_its_place_to_one_that_asks(tmp_path: Path) -> None:
    async with serving(
        tmp_path, House(), replace(QUICK, read_seconds=60, busy_seconds=60, silent_seconds=0.05)
    ) as place:
        stalled = [await place.call() for _ in range(2)]
        for caller in stalled:
            caller.send(b"GET / HTTP/1.1\r\n")
        assert await (await place.call()).ask(get("/", HOST)) == 200
        assert await stalled[0].ends()


async def test_a_body_that_is_not_read_ends_the_connection(tmp_path: Path) -> None:
    """Where its end is cannot be known, so what follows may not be taken for a request."""
    house = House()
    async with serving(tmp_path, house, ServerLimits()) as place:
        caller = await place.call()
        caller.send(get("/", HOST, "Content-Length: 2", method="POST", body="ab") + get("/next", HOST))
        status, headers, _ = await caller.hear()
        assert (status, headers["connection"]) == (200, "close")
        assert await caller.ends()
    assert [(received.target, received.body, received.announces_body) for received in house.seen] == [("/", b"", True)]


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
        house = House()
        async with serving(tmp_path, house, replace(QUICK, connections=3)) as place:
            path = str(place.path)

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
            await until(lambda: place.held == 0)
        assert house.met == 1

    with asyncio.Runner(loop_factory=WithoutReaders) as runner:
        runner.run(talk())


@pytest.mark.security("S87")
async def test_in_a_full_queue_the_one_that_waits_longest_is_told_at_once(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, ServerLimits(connections=2, queue=3)) as place:
        callers = []
        for _ in range(6):
            callers.append(await place.call())
            callers[-1].send(get("/", HOST))
        assert (await callers[2].hear())[0] == 503
        assert house.gate
        house.gate.set()
        assert [(await caller.hear())[0] for caller in callers if caller is not callers[2]] == [200] * 5


@pytest.mark.security("S87")
async def test_a_request_ends_when_its_caller_has_gone(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, ServerLimits()) as place:
        caller = await place.call()
        caller.send(get("/", HOST))
        await until(lambda: len(house.seen) == 1)
        caller.writer.transport.abort()
        await until(lambda: house.cancelled == 1 and place.held == 0)


@pytest.mark.security("S87")
async def test_whoever_sends_on_and_on_without_reading_is_dropped(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, ServerLimits(body_bytes=1000)) as place:
        caller = await place.call()
        caller.send(get("/", HOST) * 5000)
        await until(lambda: house.cancelled == 1 and place.held == 0)
    assert len(house.seen) == 1


async def test_a_half_closed_caller_still_gets_its_answer(tmp_path: Path) -> None:
    """As `nc -N` does it: the request is complete, and the caller says that it will send no more."""
    house = House(asyncio.Event())
    async with serving(tmp_path, house, QUICK) as place:
        caller = await place.call()
        caller.send(get("/", HOST))
        caller.writer.write_eof()
        await until(lambda: len(house.seen) == 1)
        await asyncio.sleep(0.25)  # two looks of the server
        assert house.gate
        house.gate.set()
        assert (await caller.hear())[0] == 200
        assert await caller.ends()
    assert house.cancelled == 0


@pytest.mark.security("S87")
async def test_a_half_closed_caller_that_goes_later_is_noticed(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, QUICK) as place:
        caller = await place.call()
        caller.send(get("/", HOST))
        caller.writer.write_eof()
        await until(lambda: len(house.seen) == 1)
        caller.writer.transport.abort()
        await until(lambda: house.cancelled == 1 and place.held == 0)


async def test_nobody_is_asked_for_a_caller_that_left_before_its_turn(tmp_path: Path) -> None:
    house = House()
    async with serving(tmp_path, house, ServerLimits()) as place:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(place.path))
            caller.sendall(get("/", HOST))
        await until(lambda: place.held == 0)
        assert await (await place.call()).ask(get("/after", HOST)) == 200
    assert [received.target for received in house.seen] in (["/after"], ["/", "/after"])


@pytest.mark.security("S87")
async def test_closing_cancels_what_is_handled_and_says_so(tmp_path: Path) -> None:
    house = House(asyncio.Event())
    async with serving(tmp_path, house, ServerLimits(connections=2)) as place:
        busy, silent = await place.call(), await place.call()
        busy.send(get("/", HOST))
        await until(lambda: len(house.seen) == 1)
        waiting = await place.call()
        waiting.send(get("/", HOST))
        async with asyncio.timeout(1):
            await place.server.close(ServerResponse(503, (), b"ends"))
        assert await busy.hear() == (503, {"content-length": "4", "connection": "close"}, b"ends")
        assert await silent.ends()
        assert (await waiting.hear())[0] == 503
        with pytest.raises(ConnectionRefusedError):
            await place.call()
    assert (house.cancelled, place.held) == (1, 0)


class Flood:
    """Parts without end; counts how many were asked for."""

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
    async with serving(tmp_path, flood.answer, QUICK) as place:
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(str(place.path))
            caller.sendall(get("/", HOST))
            await until(lambda: flood.ended and place.held == 0, 5)
    assert flood.given < 30, "no more than the system's own buffer holds"


async def test_a_stream_ends_when_its_reader_goes(tmp_path: Path) -> None:
    flood = Flood()
    async with serving(tmp_path, flood.answer, ServerLimits()) as place:
        caller = await place.call()
        caller.send(get("/", HOST))
        status, headers, _ = await caller.hear()
        assert (status, headers["transfer-encoding"]) == (200, "chunked")
        caller.writer.transport.abort()
        await until(lambda: flood.ended and place.held == 0)


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

    async with serving(tmp_path, answer, ServerLimits()) as place:
        caller = await place.call()
        caller.send(get("/", HOST, "Connection: close").replace(b"HTTP/1.1", version))
        _, headers, _ = await caller.hear()
        assert ("transfer-encoding" in headers) == (version == b"HTTP/1.1")
        assert await caller.reader.read() == sent


async def test_a_failing_handler_is_logged_without_its_text(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_: ServerRequest) -> ServerResponse:
        raise ValueError("canary")

    caplog.set_level(logging.DEBUG)
    async with serving(tmp_path, answer, ServerLimits()) as place:
        assert await (await place.call()).ask(get("/", HOST)) == 500
    assert "ValueError" in caplog.text
    assert "canary" not in caplog.text


async def test_an_answer_is_not_split_by_a_header(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def answer(_: ServerRequest) -> ServerResponse:
        return ServerResponse(200, (("X-A", "a\r\ncanary: 1"),))

    async with serving(tmp_path, answer, ServerLimits()) as place:
        assert await (await place.call()).ask(get("/", HOST)) == 0
    assert "could not be sent" in caplog.text
    assert "canary" not in caplog.text


async def test_head_is_answered_without_a_body(tmp_path: Path) -> None:
    async with serving(tmp_path, House(), ServerLimits(body_bytes=10)) as place:
        caller = await place.call()
        caller.send(get("/", HOST, "Content-Length: 3", method="HEAD", body="abc") + get("/next", HOST))
        head = parse(await caller.reader.readuntil(b"\r\n\r\n"))
        assert (head.status, head.headers["content-length"]) == (200, "3")
        assert (await caller.hear())[1]["x-target"] == "/next"


@pytest.mark.security("S87")
async def test_callers_leave_neither_descriptors_nor_tasks_behind(tmp_path: Path) -> None:
    """R43: those who die in mid-request, those who send nothing and those who are served."""
    house = House()
    async with serving(tmp_path, house, ServerLimits(body_bytes=100)) as place:
        assert await (await place.call()).ask(get("/", HOST, "Connection: close")) == 200
        await until(lambda: place.held == 0)
        gc.collect()
        before, tasks = len(os.listdir("/proc/self/fd")), len(asyncio.all_tasks())
        for sent in (b"", b"GET / HT", get("/", HOST), get("/", HOST, "Content-Length: 9", method="POST")) * 100:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.connect(str(place.path))
                caller.sendall(sent)
            await asyncio.sleep(0)
        await until(lambda: place.held == 0)
        await asyncio.sleep(0)
        assert len(os.listdir("/proc/self/fd")) <= before
        assert len(asyncio.all_tasks()) <= tasks


@pytest.mark.security("S87")
async def test_descriptors_that_a_caller_passes_are_not_kept(tmp_path: Path) -> None:
    """C3.11: nothing of ours reads ancillary data, so the system closes what comes with it."""
    async with serving(tmp_path, House(), ServerLimits()) as place:
        caller = socket.socket(socket.AF_UNIX)
        caller.connect(str(place.path))
        caller.setblocking(False)
        await until(lambda: place.held == 1)
        reading, writing = os.pipe()
        before = len(os.listdir("/proc/self/fd"))
        socket.send_fds(caller, [get("/", HOST)], [writing] * 20)
        os.close(writing)
        assert (await asyncio.get_running_loop().sock_recv(caller, 4096)).startswith(b"HTTP/1.1 200")
        assert len(os.listdir("/proc/self/fd")) == before - 1
        assert os.read(reading, 1) == b"", "nobody holds the other end any more"
        os.close(reading)
        caller.close()
