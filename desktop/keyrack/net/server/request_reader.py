"""Turns the bytes of a connection into one request after another, within the limits."""

import socket

import h11

from keyrack.net.server import head
from keyrack.net.server.head import END, RequestRejected
from keyrack.net.server.server_limits import ServerLimits
from keyrack.net.server.server_message import ServerRequest

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

# A body in chunks of one byte each would block the event loop for longer than it is worth.
_MOST_PIECES = 1024


class RequestReader:
    """Buffers received bytes. `keeps` says whether the connection may stay open after the last request."""

    def __init__(self, sock: socket.socket, limits: ServerLimits) -> None:
        self.keeps = True
        self._socket = sock
        self._limits = limits
        self._data = b""
        self._head = b""
        self._same: ServerRequest | None = None
        self._protocol: h11.Connection | None = None
        self._request: h11.Request
        self._body = bytearray()
        self._pieces = 0

    @property
    def started(self) -> bool:
        """Whether a byte of the next request has arrived."""
        return bool(self._data) or self._protocol is not None

    @property
    def has_head(self) -> bool:
        """Whether the next request's head has arrived completely."""
        return self._protocol is not None or END in self._data

    @property
    def full(self) -> bool:
        """Whether the buffer holds more than one request may have: such a client sends without reading responses."""
        return len(self._data) > self._limits.head_bytes + self._limits.body_bytes

    @property
    def takes_chunks(self) -> bool:
        """Whether the client reads a response in chunks (RFC 9112 section 7.1)."""
        return self._request.http_version == b"1.1"

    @property
    def waits_for_continue(self) -> bool:
        """Whether the client sends its body only after a "100 Continue", which is due now."""
        return self._protocol is not None and self._protocol.they_are_waiting_for_100_continue

    def feed(self, data: bytes) -> None:
        """Take further bytes."""
        self._data += data

    def next(self) -> ServerRequest | None:
        """The next request, or None while it is incomplete. Raises RequestRejected."""
        if self._protocol is None:
            raw, found, rest = self._data.partition(END)
            if not found:
                head.check_partial(self._data, self._limits)
                return None
            self._data = rest
            if self._same is not None and raw == self._head:
                return self._same  # a client often sends the same request again, and parsing is most of the work
            self._parse_head(raw)
        return self._completed() if self._has_whole_body() else None

    def _parse_head(self, raw: bytes) -> None:
        head.check(raw, self._limits)
        protocol = h11.Connection(h11.SERVER, max_incomplete_event_size=self._limits.head_bytes)
        self._request = head.parse(raw + END, protocol)
        _check_framing(self._request)
        self._protocol, self._head, self._same = protocol, raw, None
        self._body.clear()
        self._pieces = 0

    def _has_whole_body(self) -> bool:
        """Whether the body is complete. The first bytes after it stay for the next request."""
        protocol, length = self._protocol, _length(self._request)
        if protocol is None or length == 0 or self._limits.body_bytes == 0:
            return True
        if length is not None and length > self._limits.body_bytes:
            raise RequestRejected(413)
        if self._data:
            protocol.receive_data(self._data)
            self._data = b""
        while not isinstance(event := _next_event(protocol), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                return False
            if isinstance(event, h11.Data):
                self._body += event.data
                self._pieces += 1
            if len(self._body) > self._limits.body_bytes or self._pieces > _MOST_PIECES:
                raise RequestRejected(413)
        self._data = protocol.trailing_data[0]
        return True

    def _completed(self) -> ServerRequest:
        raw = self._request
        headers = tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in raw.headers)
        close = any(name == "connection" and "close" in value.lower() for name, value in headers)
        request = ServerRequest(
            method=raw.method.decode("ascii"),
            target=raw.target.decode("ascii"),
            headers=headers,
            body=bytes(self._body),
            announces_body=_length(raw) != 0,
            connection=self._socket,
        )
        unread = request.announces_body and self._limits.body_bytes == 0
        self.keeps = raw.http_version == b"1.1" and not close and not unread
        self._same = None if request.announces_body else request
        self._protocol = None
        self._body.clear()
        return request


def _check_framing(request: h11.Request) -> None:
    """Raise RequestRejected when a request states its end in two ways, or in one that its version lacks.

    RFC 9112 section 6.1.
    """
    fields = dict(request.headers)
    if b"transfer-encoding" in fields and (b"content-length" in fields or request.http_version != b"1.1"):
        raise RequestRejected(400)


def _length(request: h11.Request) -> int | None:
    """The length of the body in bytes, or None when the body is in chunks."""
    fields = dict(request.headers)
    return None if b"transfer-encoding" in fields else int(fields.get(b"content-length", b"0"))


def _next_event(protocol: h11.Connection) -> object:
    try:
        return protocol.next_event()
    except h11.RemoteProtocolError as error:
        raise RequestRejected(error.error_status_hint) from None
