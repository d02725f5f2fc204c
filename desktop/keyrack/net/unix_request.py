"""The client of the local socket: one request and its response, within one deadline.

The command line and the second start use it. It imports little of the standard library, because their time is the time
to import.
"""

import contextlib
import json
import socket
import time

_PAUSE = 0.02
_LONGEST_LINE = 65_536
_LARGEST_BODY = 4_194_304
_PIECE = 65_536


class BadResponse(Exception):
    """The server does not speak as Keyrack does."""


def connect(sock: socket.socket, path: str, ends: float) -> None:
    """Connect until `ends`, in monotonic seconds. While the server's queue is full, wait for a place in it.

    Raises BlockingIOError when the queue was full to the end, and OSError.
    """
    sock.settimeout(max(_PAUSE, ends - time.monotonic()))
    while True:
        try:
            return sock.connect(path)
        except BlockingIOError:
            if time.monotonic() >= ends:
                raise
            time.sleep(_PAUSE)


class UnixRequest:
    """One request on a connected socket. Raises TimeoutError after `ends`, in monotonic seconds."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._ends = ends
        self._buffer = b""

    def send(self, method: str, path: str, body: object = None, language: str = "") -> None:
        """Send the request. A body is sent as JSON.

        `language` is the one of the response's sentences (RFC 9110 section 12.5.4), "" for the server's own.
        """
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: keyrack\r\nConnection: close\r\n"
        if body is not None or method != "GET":
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        if language:
            head += f"Accept-Language: {language}\r\n"
        self._sock.settimeout(self._left())
        with contextlib.suppress(ConnectionError):  # rejected before it was read, and the response says why
            self._sock.sendall(f"{head}\r\n".encode("ascii") + data)

    def response(self) -> tuple[int, dict[str, object]]:
        """The status and the object of the response. Raises BadResponse or ValueError for what is none."""
        version, _, rest = self._line().partition(b" ")
        if version != b"HTTP/1.1":
            raise BadResponse
        status = int(rest[:3])
        length = "0" if status == 204 else ""
        while line := self._line():
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "content-length":
                length = value.strip()
        data = self._exactly(int(length))
        content = json.loads(data) if data or status != 204 else {}
        if not isinstance(content, dict):
            raise BadResponse
        return status, content

    def _line(self) -> bytes:
        while b"\r\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_LINE:
                raise BadResponse
            self._buffer += self._receive()
        line, _, self._buffer = self._buffer.partition(b"\r\n")
        return line

    def _exactly(self, count: int) -> bytes:
        if not 0 <= count <= _LARGEST_BODY:
            raise BadResponse
        while len(self._buffer) < count:
            self._buffer += self._receive()
        data, self._buffer = self._buffer[:count], self._buffer[count:]
        return data

    def _receive(self) -> bytes:
        self._sock.settimeout(self._left())
        data = self._sock.recv(_PIECE)
        if not data:
            raise ConnectionResetError
        return data

    def _left(self) -> float:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left
