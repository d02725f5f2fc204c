"""The numbers of a server of Keyrack."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ServerLimits:
    """Limits in seconds, bytes and counts.

    A request:
    `read_seconds` is the time for a whole request, from the connection or from the first byte of a later request.
    `line_bytes`, `head_bytes`, `head_lines` and `body_bytes` are the largest request that is read.
    With `body_bytes` 0 no body is read at all: the handler learns that one was announced, and the connection ends.

    A connection:
    `connections` are served at once. `queue` more wait for a place, and get "busy" after `busy_seconds`.
    While others wait, a connection without a request gives its place up after `silent_seconds`.
    `idle_seconds` is how long a connection may rest between two requests.
    `write_seconds` is how long the client may leave a response unread.

    The server itself:
    `backlog` is the kernel's queue of connections that were not accepted yet.
    `accept_pause_seconds` is the pause after the process ran out of descriptors.
    `tick_seconds` is the interval at which deadlines are checked.
    """

    read_seconds: float = 5.0
    line_bytes: int = 8 * 1024
    head_bytes: int = 16 * 1024
    head_lines: int = 64
    body_bytes: int = 0
    connections: int = 16
    queue: int = 256
    busy_seconds: float = 5.0
    silent_seconds: float = 1.0
    idle_seconds: float = 300.0
    write_seconds: float = 10.0
    backlog: int = 128
    accept_pause_seconds: float = 1.0
    tick_seconds: float = 1.0
