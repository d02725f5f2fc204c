"""Many, slow and broken connections never keep the genuine callback waiting."""

import asyncio
import os
import socket
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.oauth.listener_harness import NAVIGATION, ListenerHarness
from tests.oauth.loopback.hostile import HOSTILE
from tests.raw_http import exchange, get

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def _silent(listener: ListenerHarness, count: int, first: bytes = b"") -> AsyncGenerator[list[Streams]]:
    streams = [await asyncio.open_connection("127.0.0.1", listener.port) for _ in range(count)]
    for _, writer in streams:
        writer.write(first)
    yield streams
    for _, writer in streams:
        writer.transport.abort()


@pytest.mark.security("S16")
@pytest.mark.parametrize("first", [b"", b"GET /cb", b"\x16"], ids=["nothing", "half a line", "binary"])
async def test_eight_silent_connections_delay_no_callback(first: bytes, listener: ListenerHarness) -> None:
    async with _silent(listener, 8, first):
        await listener.still_waits()


@pytest.mark.security("S16", "S17")
@pytest.mark.parametrize("first", [b"", b"GET /cb"], ids=["nothing", "half a line"])
async def test_above_the_cap_the_oldest_idle_connection_is_dropped_c1_30(
    first: bytes, listener: ListenerHarness
) -> None:
    async with _silent(listener, 50, first) as streams:
        await listener.still_waits()
        async with asyncio.timeout(2):
            assert await streams[0][0].read() == b""


@pytest.mark.security("S16", "S9")
async def test_the_genuine_callback_passes_through_a_burst_of_idle_ones(listener: ListenerHarness) -> None:
    """The genuine connection is made first and 40 idle ones pile up behind it before its bytes are read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    writer.write(listener.genuine(*NAVIGATION))
    idle = [socket.create_connection(("127.0.0.1", listener.port)) for _ in range(40)]
    async with asyncio.timeout(2):
        assert (await reader.read()).startswith(b"HTTP/1.1 303")
    writer.transport.abort()
    for sock in idle:
        sock.close()


@pytest.mark.security("S17", "S22")
async def test_five_seconds_are_all_a_head_gets_c1_29(listener: ListenerHarness) -> None:
    """A drip, a silence and half a line at the same time, with the real deadline."""
    ends = await asyncio.gather(
        _dripped(listener), _held(listener, b""), _held(listener, b"GET /cb/alpha HTTP/1.1\r\nHos")
    )

    assert all(4.5 < seconds < 6.5 for seconds, _ in ends)
    assert all(received[:12] in (b"", b"HTTP/1.1 408") for _, received in ends)
    await listener.still_waits()


async def _dripped(listener: ListenerHarness) -> tuple[float, bytes]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    received = asyncio.create_task(reader.read())
    for byte in listener.genuine():
        writer.write(bytes([byte]))
        done, _ = await asyncio.wait({received}, timeout=0.5)
        if done or loop.time() - began > 10:
            break
    writer.transport.abort()
    return loop.time() - began, await received


async def _held(listener: ListenerHarness, first: bytes) -> tuple[float, bytes]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with _silent(listener, 1, first) as [(reader, _)], asyncio.timeout(10):
        return (await reader.read(), loop.time() - began)[::-1]


@pytest.mark.security("S22", "S16")
async def test_resets_and_half_closed_connections_leave_no_trace_c1_32(listener: ListenerHarness) -> None:
    for _ in range(20):
        sock = socket.create_connection(("127.0.0.1", listener.port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.sendall(get("/favicon.ico", listener.host))
        sock.close()
    reply = await exchange(listener.port, get("/favicon.ico", listener.host), half_close=True)

    assert reply.status == 404
    await listener.still_waits()


@pytest.mark.security("S9", "S13")
async def test_only_the_first_of_pipelined_requests_is_answered_c1_33(listener: ListenerHarness) -> None:
    reply = await listener.send(get("/favicon.ico", listener.host) + listener.genuine())

    assert reply.status == 404
    assert reply.raw.count(b"HTTP/1.1") == 1
    assert listener.pending.open
    await listener.still_waits()


@pytest.mark.security("S17")
async def test_a_thousand_hostile_connections_take_less_than_ten_megabytes(listener: ListenerHarness) -> None:
    small = [case.data(listener) for case in HOSTILE if len(case.data(listener)) < 200_000]
    await _send_all(listener, small, 200)
    before = _resident()

    await _send_all(listener, small, 1000)

    assert _resident() - before < 10 * 1024 * 1024
    await listener.still_waits()


async def _send_all(listener: ListenerHarness, requests: list[bytes], times: int) -> None:
    for start in range(0, times, 10):
        await asyncio.gather(*(listener.send(requests[n % len(requests)]) for n in range(start, start + 10)))


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
