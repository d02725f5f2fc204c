"""Sends raw bytes to a port of this machine and returns the response, without a library that would change them."""

import asyncio
import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reply:
    """A response. Status 0 means that the connection was closed without one. `seconds` until its end."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    seconds: float = 0.0
    raw: bytes = b""


async def exchange(port: int, data: bytes, *, host: str = "127.0.0.1", half_close: bool = False) -> Reply:
    """Send `data`, read until the other side closes."""
    began = time.monotonic()
    async with asyncio.timeout(20):
        reader, writer = await asyncio.open_connection(host, port)
        try:
            received = await _talk(reader, writer, data, half_close=half_close)
        finally:
            writer.transport.abort()
    return parse(received, time.monotonic() - began)


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, data: bytes, *, half_close: bool) -> bytes:
    received = b""
    try:
        writer.write(data)
        if half_close:
            writer.write_eof()
        while more := await reader.read(65536):
            received += more
    except ConnectionError:
        pass
    return received


def parse(received: bytes, seconds: float = 0.0) -> Reply:
    """The parts of a response."""
    if not received:
        return Reply(0, seconds=seconds)
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Reply(int(first.split()[1]), headers, body, seconds, received)


def get(target: str, host: str, *headers: str, method: str = "GET", body: str = "") -> bytes:
    """The bytes of a request as a browser would write it."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode("utf-8")


async def is_open(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server listens there."""
    try:
        _, writer = await asyncio.open_connection(host, port)
    except OSError:
        return False
    writer.transport.abort()
    return True


async def is_closed(port: int, host: str = "127.0.0.1") -> bool:
    """Whether no server listens there."""
    return not await is_open(port, host)
