"""Listens on the port of a redirect address, and names the program that has it when it is taken (S4 to S7)."""

import errno
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace

from keyrack.net.address import LOOPBACK_IPV4
from keyrack.net.peer import port_owner
from keyrack.oauth.authorization.redirect_uri import parse
from keyrack.oauth.oauth_errors import PortBusy

_BACKLOG = 128
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@dataclass(frozen=True, slots=True)
class ReservedPort:
    """A redirect address on a port that the system chose, with the sockets that keep the port (S4)."""

    redirect_uri: str
    sockets: dict[str, socket.socket]

    def release(self) -> None:
        """Close the sockets, when no sign-in followed."""
        for sock in self.sockets.values():
            sock.close()


def reserve(redirect_uri: str) -> ReservedPort:
    """Reserve an address of 127.0.0.1 or [::1] on a port that the system chooses. Its own port is ignored."""
    without_port = replace(parse(redirect_uri), port=0)
    sockets = listen(without_port.addresses, 0)
    port: int = next(iter(sockets.values())).getsockname()[1]
    uri = replace(without_port, port=port)
    return ReservedPort(f"{uri.origin}{uri.path}", sockets)


def listen(addresses: Iterable[str], port: int) -> dict[str, socket.socket]:
    """Listening sockets on all addresses, or on none. Raises PortBusy.

    An address that this machine does not have (no IPv6) is left out, because no other program can listen there.
    """
    sockets: dict[str, socket.socket] = {}
    try:
        for address in addresses:
            sockets[address] = _listening(address, port)
    except OSError as error:
        if error.errno in _NO_SUCH_ADDRESS and LOOPBACK_IPV4 in sockets:
            return sockets
        for sock in sockets.values():
            sock.close()
        raise _busy(port, error) from None
    return sockets


def _listening(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        for level, option in options(sock.family, sys.platform):
            sock.setsockopt(level, option, 1)
        sock.bind((address, port))
        sock.listen(_BACKLOG)
        sock.setblocking(False)  # noqa: FBT003  its only parameter is positional
    except OSError:
        sock.close()
        raise
    return sock


def options(family: int, platform: str) -> list[tuple[int, int]]:
    """The socket options that keep the port to Keyrack alone (S7).

    SO_REUSEPORT is never set. Windows needs exclusive use. Elsewhere SO_REUSEADDR only allows to listen again while
    old connections of this program fade out.
    """
    chosen = [(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)] if family == socket.AF_INET6 else []
    if platform == "win32":
        return [*chosen, (socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR))]
    return [*chosen, (socket.SOL_SOCKET, socket.SO_REUSEADDR)]


def _busy(port: int, error: OSError) -> PortBusy:
    number = str(port)
    if error.errno != errno.EADDRINUSE:
        return PortBusy("port_unavailable", port=number, detail=error.strerror or "")
    owner = port_owner(port)
    if owner is None:
        return PortBusy("port_taken", port=number)
    if owner.pid is None:
        return PortBusy("port_taken_by_user", port=number, user=owner.user)
    if owner.name is None:
        return PortBusy("port_taken_by_process", port=number, pid=str(owner.pid))
    return PortBusy("port_taken_by_program", port=number, program=owner.name, pid=str(owner.pid))
