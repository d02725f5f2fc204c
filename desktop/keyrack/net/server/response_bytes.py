"""The bytes of a response as they are sent (RFC 9112)."""

import re
from functools import lru_cache
from http import HTTPStatus

from keyrack.net.server.server_message import ServerResponse

LAST_CHUNK = b"0\r\n\r\n"

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def head_of(response: ServerResponse, *, keeps: bool, chunked: bool = False) -> bytes:
    """The head with its empty line. `keeps` says that the connection stays open, `chunked` that the body is in chunks.

    Raises ValueError when a header would break the response into two.
    """
    # The few heads of kept connections are sent again and again. Others may hold an address with a state, and are not
    # to stay in memory.
    lines = _kept_lines if keeps else _lines
    head = lines(response.status, response.headers)
    if chunked:
        head += "Transfer-Encoding: chunked\r\n"
    elif response.parts is None and response.status != HTTPStatus.NO_CONTENT:
        head += f"Content-Length: {len(response.body)}\r\n"
    if not keeps:
        head += "Connection: close\r\n"
    return (head + "\r\n").encode("ascii")


def last_bytes(response: ServerResponse) -> bytes:
    """The whole of a response after which the connection ends."""
    return head_of(response, keeps=False) + response.body


def chunk(data: bytes) -> bytes:
    """One part of a body in chunks."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def _lines(status: int, headers: tuple[tuple[str, str], ...]) -> str:
    """The lines of a head that do not depend on the body."""
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *(f"{name}: {value}" for name, value in headers)]
    if any(_CONTROL.search(line) for line in lines):
        raise ValueError("a header holds a control character")
    return "".join(f"{line}\r\n" for line in lines)


_kept_lines = lru_cache(maxsize=64)(_lines)
