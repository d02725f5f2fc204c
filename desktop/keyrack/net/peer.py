"""Finds the user at the other end of a local connection, and the process that listens on a port."""

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

from keyrack.net import tcp_table
from keyrack.net.unix_peer import peer_uid

if sys.platform != "win32":
    import pwd


def same_user(connection: socket.socket) -> bool:
    """Whether the other side runs as this program's user (S23, S84).

    True where the system shows no owner of a TCP connection (Windows, macOS). False on Linux when the owner cannot be
    found, because then the other side has already closed the connection.
    """
    if connection.family == getattr(socket, "AF_UNIX", None):
        return peer_uid(connection) == os.getuid()
    if not tcp_table.available():
        return True
    return tcp_uid(connection) == os.getuid()


def tcp_uid(connection: socket.socket) -> int | None:
    """The user id of the other end of a TCP connection within this machine, or None when it is not found."""
    try:
        theirs, ours = _end(connection.getpeername()), _end(connection.getsockname())
    except OSError:
        return None
    for row in tcp_table.rows(theirs[1]):
        if row.local == theirs and row.remote == ours and row.inode:
            return row.uid
    return None


def _end(address: tuple[str, int]) -> tcp_table.Address:
    return tcp_table.normal(address[0]), address[1]


@dataclass(frozen=True, slots=True)
class PortOwner:
    """The process that listens on a port. `name` and `pid` are None when they are another user's."""

    user: str
    name: str | None
    pid: int | None


def port_owner(port: int) -> PortOwner | None:
    """The process that listens on a TCP port of this machine, where that is visible (S5)."""
    for row in tcp_table.rows(port):
        if row.state == tcp_table.LISTENING:
            pid = _process_with(row.inode)
            return PortOwner(_user(row.uid), _name(pid), pid)
    return None


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _process_with(inode: int) -> int | None:
    for folder in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(os.readlink(fd) == f"socket:[{inode}]" for fd in folder.iterdir()):
                return int(folder.parent.name)
        except OSError:
            continue  # another user's process, or one that just ended
    return None


def _name(pid: int | None) -> str | None:
    if pid is None:
        return None
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip() or None
    except OSError:
        return None
