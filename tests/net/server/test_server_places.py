"""The places of the HTTP server: clients that wait for one, stall, leave or leave something behind."""

import asyncio
import gc
import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.net.server.server_connection import ServerConnection
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerResponse, without_body
from keyrack.primitives.clock import elapsed
from tests.net.server.http_server_harness import HOST, QUICK, NotingHandler, serving
from tests.raw_http import get
from tests.until import until


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


async def test_a_look_at_the_deadline_after_the_end_does_no_harm() -> None:
    """The server looks at every connection once a tick, and hears of an end in a later turn of the loop."""
    ours, client = socket.socketpair()
    ours.setblocking(False)
    connection = ServerConnection(ours, ServerLimits(), without_body, keep_alive=True)
    handler = NotingHandler(gate=asyncio.Event())
    with client:
        serving_it = asyncio.create_task(connection.serve(handler.answer, lambda: False))
        client.sendall(get("/", HOST))
        await until(lambda: len(handler.seen) == 1)
        client.shutdown(socket.SHUT_WR)
        for _ in range(10):  # turns of the loop, in which it reads the end
            await asyncio.sleep(0)
        assert handler.gate is not None
        handler.gate.set()
        await serving_it
        connection.check_deadline(elapsed())
