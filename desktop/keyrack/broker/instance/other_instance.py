"""The second start's way to the first: ask it to raise its window, or to stop, with the standard library alone."""

import os
import socket
import time
from enum import Enum
from pathlib import Path

from keyrack.net.unix_peer import peer_uid

RAISE = "/v1/window/raise"
STOP = "/v1/agent/stop"

_REQUEST = "POST {} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_DONE = (b"HTTP/1.1 200", b"HTTP/1.1 204")
_AGENT = b'"running":"agent"'
_LONGEST = 4096
_PAUSE = 0.02


class OtherInstance(Enum):
    """What happened at the socket."""

    RAISED = "the other instance raised its window"
    AGENT = "the other instance is an agent and has no window"
    NOBODY = "nobody listens: the socket is stale or missing"
    STRANGE = "somebody listens who does not answer as Keyrack of this user does"


def knock(path: Path, seconds: float) -> OtherInstance:
    """Send the one request and wait for its answer, for `seconds` at most."""
    return _ask(path, RAISE, seconds)


def stop_agent(path: Path, seconds: float) -> None:
    """Ask the agent behind the socket to end; that it has ended is known by its lock alone."""
    _ask(path, STOP, seconds)


def _ask(path: Path, request: str, seconds: float) -> OtherInstance:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(seconds)
        try:
            client.connect(os.fspath(path))
            if peer_uid(client) != os.geteuid():
                return OtherInstance.STRANGE
            client.sendall(_REQUEST.format(request).encode())
            answer = _answer(client)
        except (FileNotFoundError, ConnectionRefusedError):
            return OtherInstance.NOBODY
        except OSError:
            return OtherInstance.STRANGE
    if not answer.startswith(_DONE):
        return OtherInstance.STRANGE
    return OtherInstance.AGENT if _AGENT in answer.replace(b" ", b"") else OtherInstance.RAISED


def _answer(client: socket.socket) -> bytes:
    """The answer up to its end, or as much of it as a short one has."""
    answer = b""
    while len(answer) < _LONGEST and (more := client.recv(_LONGEST)):
        answer += more
    return answer


def knock_until_open(path: Path, seconds: float) -> OtherInstance:
    """Knock again while nobody listens: the other instance may have only just started."""
    ends = time.monotonic() + seconds
    while True:
        found = knock(path, max(_PAUSE, ends - time.monotonic()))
        if found is not OtherInstance.NOBODY or time.monotonic() >= ends:
            return found
        time.sleep(_PAUSE)
