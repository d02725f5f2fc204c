"""One request and its answer at the local socket, within one deadline."""

import contextlib
import json
import socket
import time

_LONGEST_LINE = 65_536
_LARGEST_BODY = 4_194_304
_PIECE = 65_536


class BadResponse(Exception):
    """The other end does not speak as Keyrack does."""


class UnixRequest:
    """A connected socket that is used up to `ends`, in monotonic seconds; then TimeoutError is raised."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock = sock
        self._ends = ends
        self._held = b""

    def ask(self, method: str, path: str, body: object) -> None:
        """Send the request; a body is sent as JSON."""
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: keyrack\r\nConnection: close\r\n"
        if body is not None or method != "GET":
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        self._sock.settimeout(self._left())
        with contextlib.suppress(ConnectionError):  # refused before it was read, and the answer says why
            self._sock.sendall(f"{head}\r\n".encode("ascii") + data)

    def answer(self) -> dict[str, object]:
        """The object of the answer; raises Strange or ValueError for what is none."""
        if not self._line().startswith(b"HTTP/1.1 "):
            raise BadResponse
        length = ""
        while line := self._line():
            name, _, value = line.decode("latin-1").partition(":")
            if name.lower() == "content-length":
                length = value.strip()
        found = json.loads(self._exactly(int(length)))
        if not isinstance(found, dict):
            raise BadResponse
        return found

    def _line(self) -> bytes:
        while b"\r\n" not in self._held:
            if len(self._held) > _LONGEST_LINE:
                raise BadResponse
            self._held += self._receive()
        line, _, self._held = self._held.partition(b"\r\n")
        return line

    def _exactly(self, count: int) -> bytes:
        if not 0 <= count <= _LARGEST_BODY:
            raise BadResponse
        while len(self._held) < count:
            self._held += self._receive()
        data, self._held = self._held[:count], self._held[count:]
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
