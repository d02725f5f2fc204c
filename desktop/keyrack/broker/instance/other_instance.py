"""The second start's way to the first: ask it to raise its window, or to stop, with the standard library alone."""

import os
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from pathlib import Path

from keyrack.net.unix_peer import peer_uid
from keyrack.net.unix_request import BadResponse, UnixRequest, connect
from keyrack.primitives.failure import plain

RAISE = "/v1/window/raise"
STOP = "/v1/agent/stop"

_DONE = (200, 204)
_PAUSE = 0.02
_LONGEST_RELEASE = 40


class OtherInstance(Enum):
    """What happened at the socket."""

    RAISED = "the other instance raised its window"
    AGENT = "the other instance is an agent and has no window"
    NOBODY = "nobody listens: the socket is stale or missing"
    STRANGE = "somebody listens who does not answer as Keyrack of this user does"


def knock(path: Path, seconds: float) -> OtherInstance:
    """Send the one request and wait for its answer, for `seconds` at most."""
    answer, _ = _ask(path, RAISE, seconds)
    return answer


def release_of(paths: Sequence[Path], seconds: float) -> str:
    """Which release of Keyrack answers at one of these sockets, "" where none says so. Its window comes forward."""
    for path in paths:
        _, content = _ask(path, RAISE, seconds)
        if content:
            return plain(str(content.get("release", "")), _LONGEST_RELEASE)
    return ""


def stop_agent(path: Path, seconds: float) -> None:
    """Ask the agent behind the socket to end. Only its lock shows that it has ended."""
    _ask(path, STOP, seconds)


def _ask(path: Path, target: str, seconds: float) -> tuple[OtherInstance, Mapping[str, object]]:
    """What happened, and what was said."""
    ends = time.monotonic() + seconds
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        try:
            connect(client, os.fspath(path), ends)
            if peer_uid(client) != os.geteuid():
                return OtherInstance.STRANGE, {}
            request = UnixRequest(client, ends)
            request.send("POST", target)
            status, content = request.response()
        except (FileNotFoundError, ConnectionRefusedError):
            return OtherInstance.NOBODY, {}
        except (OSError, BadResponse, ValueError, RecursionError):
            return OtherInstance.STRANGE, {}
    if status not in _DONE:
        return OtherInstance.STRANGE, {}
    return (OtherInstance.AGENT if content.get("running") == "agent" else OtherInstance.RAISED), content


def knock_until_open(paths: Callable[[], Sequence[Path]], seconds: float) -> OtherInstance:
    """Connect again while every socket refuses. The other instance may have only just started.

    `paths` is asked in each round, because the other instance notes where its socket is.
    """
    ends = time.monotonic() + seconds
    while True:
        found = {knock(path, max(_PAUSE, ends - time.monotonic())) for path in paths()}
        for answer in (OtherInstance.RAISED, OtherInstance.AGENT, OtherInstance.STRANGE):
            if answer in found:
                return answer
        if time.monotonic() >= ends:
            return OtherInstance.NOBODY
        time.sleep(_PAUSE)
