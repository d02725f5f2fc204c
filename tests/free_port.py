"""A free port for a redirect address, so that two runs of the tests at once do not use the same one."""

import os
import socket
from contextlib import suppress
from itertools import count

# Below those that systems give to connections: such a port would often be taken before it is used.
_FIRST, _PORTS = 20_000, 2_000
_RANGES = 6
# Each process of one run has a range to itself, and begins somewhere in it, because of another run.
_RANGE = int("0" + os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")) % _RANGES
_EACH_PROCESS = 97
_next = count(os.getpid() * _EACH_PROCESS)


def free_port() -> int:
    """A port of 127.0.0.1 that was free a moment ago, and that this process was not given before."""
    for number in _next:
        port = _FIRST + _RANGE * _PORTS + number % _PORTS
        with suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("numbers do not end")
