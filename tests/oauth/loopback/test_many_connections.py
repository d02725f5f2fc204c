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
async def _silent(door: ListenerHarness, count: int, first: bytes = b"") -> AsyncGenerator[list[Streams]]:
    streams = [await asyncio.open_connection("127.0.0.1", door.port) for _ in range(count)]
    for _, writer in streams:
        writer.write(first)
    yield streams
    for _, writer in streams:
        writer.transport.abort()


@pytest.mark.security("S16")
@pytest.mark.parametrize("first", [b"", b"GET /cb", b"\x16"], ids=["nothing", "half a line", "binary"])
async def test_eight_silent_connections_delay_nobody(first: bytes, door: ListenerHarness) -> None:
    async with _silent(door, 8, first):
        await door.still_waits()


@pytest.mark.security("S16", "S17")
async def test_above_the_cap_the_oldest_idle_connection_is_dropped_c1_30(door: ListenerHarness) -> None:
    async with _silent(door, 50) as streams:
        await door.still_waits()
        async with asyncio.timeout(2):
            assert await streams[0][0].read() == b""


@pytest.mark.security("S16", "S9")
async def test_the_genuine_callback_passes_through_a_burst_of_idle_ones(door: ListenerHarness) -> None:
    """The genuine connection is made first and 40 idle ones pile up behind it before its bytes are read."""
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    writer.write(door.genuine(*NAVIGATION))
    idle = [socket.create_connection(("127.0.0.1", door.port)) for _ in range(40)]
    async with asyncio.timeout(2):
        assert (await reader.read()).startswith(b"HTTP/1.1 303")
    writer.transport.abort()
    for sock in idle:
        sock.close()


@pytest.mark.security("S17", "S22")
async def test_five_seconds_are_all_a_head_gets_c1_29(door: ListenerHarness) -> None:
    """A drip, a silence and half a line at the same time, with the real deadline."""
    ends = await asyncio.gather(_dripped(door), _held(door, b""), _held(door, b"GET /cb/alpha HTTP/1.1\r\nHos"))

    assert all(4.5 < seconds < 6.5 for seconds, _ in ends)
    assert all(received[:12] in (b"", b"HTTP/1.1 408") for _, received in ends)
    await door.still_waits()


async def _dripped(door: ListenerHarness) -> tuple[float, bytes]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    received = asyncio.create_task(reader.read())
    for byte in door.genuine():
        writer.write(bytes([byte]))
        done, _ = await asyncio.wait({received}, timeout=0.5)
        if done or loop.time() - began > 10:
            break
    writer.transport.abort()
    return loop.time() - began, await received


async def _held(door: ListenerHarness, first: bytes) -> tuple[float, bytes]:
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with _silent(door, 1, first) as [(reader, _)], asyncio.timeout(10):
        return (await reader.read(), loop.time() - began)[::-1]


@pytest.mark.security("S22", "S16")
async def test_resets_and_half_closed_connections_leave_no_trace_c1_32(door: ListenerHarness) -> None:
    for _ in range(20):
        sock = socket.create_connection(("127.0.0.1", door.port))
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        sock.sendall(get("/favicon.ico", door.host))
        sock.close()
    reply = await exchange(door.port, get("/favicon.ico", door.host), half_close=True)

    assert reply.status == 404
    await door.still_waits()


@pytest.mark.security("S9", "S13")
async def test_only_the_first_of_pipelined_requests_is_answered_c1_33(door: ListenerHarness) -> None:
    reply = await door.send(get("/favicon.ico", door.host) + door.genuine())

    assert reply.status == 404
    assert reply.raw.count(b"HTTP/1.1") == 1
    assert door.waiting.open
    await door.still_waits()


@pytest.mark.security("S17")
async def test_a_thousand_hostile_connections_take_less_than_ten_megabytes(door: ListenerHarness) -> None:
    small = [case.data(door) for case in HOSTILE if len(case.data(door)) < 200_000]
    await _knock(door, small, 200)
    before = _resident()

    await _knock(door, small, 1000)

    assert _resident() - before < 10 * 1024 * 1024
    await door.still_waits()


async def _knock(door: ListenerHarness, requests: list[bytes], times: int) -> None:
    for start in range(0, times, 10):
        await asyncio.gather(*(door.send(requests[n % len(requests)]) for n in range(start, start + 10)))


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
