"""The head of a request: read within its limits, refused with the status that says which one."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import h11

END = b"\r\n\r\n"

_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} [\x21-\x7e]+ HTTP/1\.[01]")
_BARE_END = re.compile(rb"(?<!\r)\n")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """The numbers of a server: seconds, bytes, counts. The defaults are those of the redirect listener.

    The last three are of kept connections: how long one may rest between two requests, how long its
    other side may leave an answer unread, and how long one waits for a place before it is told "busy".
    """

    head_seconds: float = 5.0
    line_bytes: int = 8 * 1024
    head_bytes: int = 16 * 1024
    head_lines: int = 64
    body_bytes: int = 0
    body_seconds: float = 10.0
    connections: int = 16
    idle_seconds: float = 300.0
    write_seconds: float = 10.0
    busy_seconds: float = 5.0


class RequestRejected(Exception):
    """The request breaks a rule; `status` 0 means to hang up without a word."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read(receive: Callable[[int], Awaitable[bytes]], limits: RequestLimits) -> tuple[bytes, bytes]:
    """The raw head including its empty line, and what followed it; raises Refused."""
    data = b""
    while END not in data:
        check_partial(data, limits)
        more = await receive(4096)
        if not more:
            raise RequestRejected(0)
        data += more
    head, rest = data.split(END, 1)
    check(head, limits)
    return head + END, rest


def check_partial(data: bytes, limits: RequestLimits) -> None:
    """Raise Refused as soon as the beginning of a head breaks a limit."""
    if data and not 0x41 <= data[0] <= 0x5A:  # TLS (0x16) and other binary: no method starts so (S22)
        raise RequestRejected(0)
    if _BARE_END.search(data):
        raise RequestRejected(400)
    line, found, _ = data.partition(b"\r\n")
    if len(line) > limits.line_bytes:
        raise RequestRejected(414)
    if found and not _REQUEST_LINE.fullmatch(line):
        raise RequestRejected(400)
    if len(data) > limits.head_bytes or data.count(b"\n") > limits.head_lines + 1:
        raise RequestRejected(431)


def check(head: bytes, limits: RequestLimits) -> None:
    """Raise Refused unless the complete head keeps the limits; `head` is without its empty line.

    Folded lines and bare line ends are refused although h11 reads them: two readers that
    disagree about them is how requests are smuggled.
    """
    check_partial(head + b"\r\n", limits)
    lines = head.split(b"\r\n")[1:]
    if any(_FORBIDDEN.search(line) or line[:1] in (b" ", b"\t") or b":" not in line for line in lines):
        raise RequestRejected(400)


def parse(head: bytes, connection: h11.Connection) -> h11.Request:
    """The head as h11 reads it; raises Refused."""
    try:
        connection.receive_data(head)
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise RequestRejected(error.error_status_hint) from None
    if not isinstance(event, h11.Request):
        raise RequestRejected(400)
    return event
