"""The user and the process at the other end of a local socket, as the kernel reports them (S84)."""

import socket
import struct
import sys

_UCRED = struct.Struct("3i")
_XUCRED = struct.Struct("=2I")
_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES = 0, 1, 76


def peer_uid(connection: socket.socket) -> int | None:
    """The user id of the other end, or None when the system does not report it."""
    credentials = _credentials(connection)
    return None if credentials is None else credentials[1]


def peer_pid(connection: socket.socket) -> int:
    """The process that connected, 0 when the system does not report it or it is of another namespace."""
    credentials = _credentials(connection)
    return 0 if credentials is None else credentials[0]


def _credentials(connection: socket.socket) -> tuple[int, int] | None:
    """The process id and the user id."""
    try:
        return _read(connection)
    except (OSError, struct.error):
        return None


if sys.platform == "linux":

    def _read(connection: socket.socket) -> tuple[int, int] | None:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        pid, uid, _ = _UCRED.unpack(raw)
        return int(pid), int(uid)
elif sys.platform == "darwin":

    def _read(connection: socket.socket) -> tuple[int, int] | None:
        raw = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES)
        return 0, int(_XUCRED.unpack_from(raw)[1])
else:

    def _read(connection: socket.socket) -> tuple[int, int] | None:  # noqa: ARG001 - no way known here, so refused
        return None
