"""A fake server at the command line's socket: a thread that sends what a test says and records the requests."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

TOKEN = "sample-token/0123456789+=="
GIVEN = {
    "version": 1,
    "account": "Bot",
    "provider": "whitebit",
    "access_token": TOKEN,
    "token_type": "Bearer",
    "expires_in": 290,
    "variable": "WHITEBIT_TOKEN",
}


def reply(content: object, status: int = 200) -> bytes:
    """A response as Keyrack sends it."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    head = f"HTTP/1.1 {status} Sample\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def refusal(code: str, *sentences: str, status: int = 400) -> bytes:
    """An error response."""
    told = dict(zip(("happened", "means", "todo"), (*sentences, "", "", ""), strict=False))
    return reply({"version": 1, "error": {"code": code, **told}}, status)


class FakeSocket:
    """Sends `answer` to every request. With None it keeps the connection open and sends nothing."""

    def __init__(self, sock: socket.socket) -> None:
        self.answer: bytes | None = reply(GIVEN)
        self.asked: list[tuple[str, bytes]] = []
        self._sock = sock
        self._kept: list[socket.socket] = []

    @property
    def lines(self) -> list[str]:
        """The first line of each request without its end."""
        return [head.split(" HTTP/1.1\r\n")[0] for head, _ in self.asked]

    @property
    def body(self) -> object:
        """The JSON of the last request."""
        return json.loads(self.asked[-1][1])

    def run(self) -> None:
        """Answer until the socket is shut."""
        while True:
            try:
                connection, _ = self._sock.accept()
            except OSError:
                return
            self._one(connection)

    def close(self) -> None:
        """Shut the socket, and let go of what was kept."""
        self._sock.shutdown(socket.SHUT_RDWR)
        for connection in self._kept:
            connection.close()

    def _one(self, connection: socket.socket) -> None:
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
        if not head:
            connection.close()
            return
        self.asked.append((head.decode("latin-1"), body))
        if self.answer is None:
            self._kept.append(connection)
            return
        with contextlib.suppress(BrokenPipeError):  # a client may have heard enough
            connection.sendall(self.answer)
        connection.close()


@contextlib.contextmanager
def answering(path: Path) -> Iterator[FakeSocket]:
    """Answer at a socket of this path."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        sock.listen(16)
        found = FakeSocket(sock)
        thread = threading.Thread(target=found.run)
        thread.start()
        try:
            yield found
        finally:
            found.close()
            thread.join()
            path.unlink()
