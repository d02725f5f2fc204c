"""The callers that are timed: a kept connection, and whole processes."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from statistics import median

Caller = Callable[[], object]
_LENGTH = b"content-length:"


class KeptConnection:
    """One connection to a Unix socket that asks for the same path again and again, or for several in turn."""

    def __init__(self, path: Path, *targets: str) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(os.fspath(path))
        self._requests = cycle([f"GET {target} HTTP/1.1\r\nHost: keyrack\r\n\r\n".encode() for target in targets])

    def __call__(self) -> bytes:
        """One response's body. Raises AssertionError for any status but 200."""
        self._socket.sendall(next(self._requests))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._more()
        head, _, body = answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        while len(body) < length(head):
            body += self._more()
        return body

    def _more(self) -> bytes:
        more = self._socket.recv(65536)
        assert more, "the server ended the connection"
        return more

    def close(self) -> None:
        """End the connection."""
        self._socket.close()


def length(head: bytes) -> int:
    """What the head says of the body's length."""
    line = next(line for line in head.lower().split(b"\r\n") if line.startswith(_LENGTH))
    return int(line[len(_LENGTH) :])


def process(command: Sequence[str], environment: Mapping[str, str]) -> Caller:
    """A caller that runs a command to its end and wants a line from it."""

    def run() -> None:
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True)
        assert done.stdout.strip()

    return run


def interleaved(callers: Sequence[Caller], rounds: int, each: int = 1) -> list[list[float]]:
    """The seconds of every call of each caller, in rounds, so that a slow minute hits all of them alike."""
    taken: list[list[float]] = [[] for _ in callers]
    for caller in callers:
        caller()
    for _ in range(rounds):
        for times, caller in zip(taken, callers, strict=True):
            for _ in range(each):
                started = time.perf_counter()
                caller()
                times.append(time.perf_counter() - started)
    return taken


def milliseconds(seconds: Sequence[float]) -> float:
    """The median in milliseconds."""
    return median(seconds) * 1000


def percentile(seconds: Sequence[float], share: float) -> float:
    """The value, in milliseconds, below which a share of all lies."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000
