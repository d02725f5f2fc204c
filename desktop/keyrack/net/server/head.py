"""The head of a request: checked against its limits, and rejected with the status that names the limit."""

import re

import h11

from keyrack.net.server.server_limits import ServerLimits

END = b"\r\n\r\n"

_REQUEST_LINE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32} [\x21-\x7e]+ HTTP/1\.[01]")
_BARE_END = re.compile(rb"(?<!\r)\n")
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")


class RequestRejected(Exception):
    """The request breaks a rule. `status` 0 means that the connection ends without a response."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def check_partial(data: bytes, limits: ServerLimits) -> None:
    """Raise RequestRejected as soon as the beginning of a head breaks a limit."""
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


def check(head: bytes, limits: ServerLimits) -> None:
    """Raise RequestRejected unless the complete head keeps the limits. `head` is without its empty line.

    Folded lines and bare line ends are rejected although h11 reads them. Two parsers that read them differently are
    how requests are smuggled.
    """
    check_partial(head + b"\r\n", limits)
    lines = head.split(b"\r\n")[1:]
    if any(_FORBIDDEN.search(line) or line[:1] in (b" ", b"\t") or b":" not in line for line in lines):
        raise RequestRejected(400)


def parse(head: bytes, connection: h11.Connection) -> h11.Request:
    """Parse the head with h11. Raises RequestRejected."""
    try:
        connection.receive_data(head)
        event = connection.next_event()
    except h11.RemoteProtocolError as error:
        raise RequestRejected(error.error_status_hint) from None
    if not isinstance(event, h11.Request):
        raise RequestRejected(400)
    return event
