"""The second start's way to the first: ask it to raise its window, with the standard library alone."""

import os
import socket
import time
from enum import Enum
from pathlib import Path

from keyrack.broker.peer_uid import peer_uid

PATH = "/v1/window/raise"

_REQUEST = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()
_RAISED = (b"HTTP/1.1 200", b"HTTP/1.1 204")
_PAUSE = 0.02


class Knock(Enum):
    """What happened at the socket."""

    RAISED = "the other instance raised its window"
    NOBODY = "nobody listens: the socket is stale or missing"
    STRANGE = "somebody listens who does not answer as Keyrack of this user does"


def knock(path: Path, seconds: float) -> Knock:
    """Send the one request and wait for its answer, for `seconds` at most."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(seconds)
        try:
            client.connect(os.fspath(path))
            if peer_uid(client) != os.geteuid():
                return Knock.STRANGE
            client.sendall(_REQUEST)
            answer = client.recv(64)
        except (FileNotFoundError, ConnectionRefusedError):
            return Knock.NOBODY
        except OSError:
            return Knock.STRANGE
    return Knock.RAISED if answer.startswith(_RAISED) else Knock.STRANGE


def knock_until_open(path: Path, seconds: float) -> Knock:
    """Knock again while nobody listens: the other instance may have only just started."""
    ends = time.monotonic() + seconds
    while True:
        found = knock(path, max(_PAUSE, ends - time.monotonic()))
        if found is not Knock.NOBODY or time.monotonic() >= ends:
            return found
        time.sleep(_PAUSE)
