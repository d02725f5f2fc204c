"""Responses in parts: they end with their reader, and nothing piles up."""

import socket
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerRequest, ServerResponse
from tests.net.server.http_server_harness import HOST, QUICK, serving
from tests.raw_http import get
from tests.until import until


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
