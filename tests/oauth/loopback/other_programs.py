"""Other programs and other users of this machine, for the tests of the redirect port."""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager

import pytest

from keyrack.net import tcp_table

linux = pytest.mark.skipif(not tcp_table.available(), reason="needs /proc/net/tcp")
as_root = pytest.mark.skipif(
    os.name == "nt" or os.getuid() != 0 or shutil.which("setpriv") is None,
    reason="needs root and setpriv to become another user",
)

OTHER_USER = 65534

_HOLD = """
import socket, sys, time
s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET)
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind((sys.argv[1], int(sys.argv[2]))); s.listen()
print(s.getsockname()[1], flush=True)
sys.stdin.read()
"""
_SEND = """
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
s.sendall(sys.stdin.buffer.read())
sys.stdout.buffer.write(s.makefile("rb").read())
"""


@contextmanager
def held_by_another(address: str, port: int = 0) -> Generator[tuple[int, int]]:
    """The port and the process id of a program that listens there."""
    command = [sys.executable, "-I", "-S", "-c", _HOLD, address, str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline()), process.pid
        process.communicate("")


def listening_addresses(port: int) -> set[str]:
    return {row.local[0] for row in tcp_table.rows(port) if row.state == tcp_table.LISTENING}


async def as_other_user(port: int, data: bytes) -> bytes:
    """What another user gets for these bytes."""
    user = f"--reuid={OTHER_USER}"
    command = ["setpriv", user, "--clear-groups", shutil.which("python3", path="/usr/bin:/usr/local/bin") or "python3"]
    process = await asyncio.create_subprocess_exec(
        *command, "-I", "-S", "-c", _SEND, str(port), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    return (await process.communicate(data))[0]
