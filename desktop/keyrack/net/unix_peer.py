"""Who is at the other end of a local socket, as the kernel says (S84)."""

import socket
import struct
import sys

_UCRED = struct.Struct("3i")
_XUCRED = struct.Struct("=2I")
_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES = 0, 1, 76


def peer_uid(connection: socket.socket) -> int | None:
    """The user id of the other end, or None when the system does not tell."""
    try:
        return _uid(connection)
    except (OSError, struct.error):
        return None


if sys.platform == "linux":

    def _uid(connection: socket.socket) -> int | None:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        return int(_UCRED.unpack(raw)[1])
elif sys.platform == "darwin":

    def _uid(connection: socket.socket) -> int | None:
        raw = connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERCRED, _XUCRED_BYTES)
        return int(_XUCRED.unpack_from(raw)[1])
else:

    def _uid(connection: socket.socket) -> int | None:  # noqa: ARG001 - no way known here, so refused
        return None
