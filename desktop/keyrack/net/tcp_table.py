"""Reads the kernel's table of TCP sockets, which Linux shows to every process."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LISTENING = "0A"

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))

Address = tuple[str, int]


@dataclass(frozen=True, slots=True)
class TcpSocket:
    """One socket. An inode of 0 means that no process has it open any more."""

    local: Address
    remote: Address
    state: str
    uid: int
    inode: int


def available() -> bool:
    """Whether this system has the table."""
    return _TABLES[0].exists()


def rows(port: int) -> Iterator[TcpSocket]:
    """The TCP sockets of this network namespace that have this local port. IPv4 inside IPv6 appears as IPv4."""
    end = f":{port:04X}"
    for table in _TABLES:
        try:
            # Read as it is asked for: the kernel works for each line, and most callers stop at the one they look for.
            with table.open() as lines:
                next(lines, None)
                for line in lines:
                    # A busy machine has thousands of sockets, so a line is taken apart only if it can be meant.
                    if end in line and (fields := line.split())[1].endswith(end):
                        yield _row(fields)
        except OSError:
            continue


def _row(fields: list[str]) -> TcpSocket:
    return TcpSocket(_address(fields[1]), _address(fields[2]), fields[3], int(fields[7]), int(fields[9]))


def _address(text: str) -> Address:
    host, port = text.split(":")
    words = struct.unpack(f">{len(host) // 8}I", bytes.fromhex(host))
    packed = struct.pack(f"={len(words)}I", *words)
    return normal(socket.inet_ntop(socket.AF_INET if len(packed) == 4 else socket.AF_INET6, packed)), int(port, 16)


def normal(host: str) -> str:
    """The address without the prefix of an IPv4 address inside IPv6."""
    return host.removeprefix("::ffff:") if "." in host else host
