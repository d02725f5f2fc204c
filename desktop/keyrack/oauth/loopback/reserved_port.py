"""Taking the port of a redirect address, and saying who has it when it is taken (S4-S7)."""

import errno
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace

from keyrack.net.address import LOOPBACK_IPV4
from keyrack.net.peer import holder
from keyrack.oauth.authorization.redirect_uri import parse
from keyrack.oauth.oauth_errors import PortBusy

_QUEUE = 128
_NO_SUCH_ADDRESS = {errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT}


@dataclass(frozen=True, slots=True)
class ReservedPort:
    """A redirect address whose port was chosen by the system, with the sockets that keep it (S4)."""

    redirect_uri: str
    sockets: dict[str, socket.socket]

    def release(self) -> None:
        """Let the port go, when no sign-in followed."""
        for sock in self.sockets.values():
            sock.close()


def hold(redirect_uri: str) -> ReservedPort:
    """Hold an address of 127.0.0.1 or [::1] on a port that the system chooses; its own port is ignored."""
    wished = replace(parse(redirect_uri), port=0)
    sockets = take(wished.addresses, 0)
    port: int = next(iter(sockets.values())).getsockname()[1]
    uri = replace(wished, port=port)
    return ReservedPort(f"{uri.origin}{uri.path}", sockets)


def take(addresses: Iterable[str], port: int) -> dict[str, socket.socket]:
    """Listening sockets on each address; all or none. Raises PortBusy.

    An address that this machine does not have at all (no IPv6) is left out: nobody else can hold it.
    """
    taken: dict[str, socket.socket] = {}
    try:
        for address in addresses:
            taken[address] = _listening(address, port)
    except OSError as error:
        if error.errno in _NO_SUCH_ADDRESS and LOOPBACK_IPV4 in taken:
            return taken
        for sock in taken.values():
            sock.close()
        raise _busy(port, error) from None
    return taken


def _listening(address: str, port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        for level, option in options(sock.family, sys.platform):
            sock.setsockopt(level, option, 1)
        sock.bind((address, port))
        sock.listen(_QUEUE)
        sock.setblocking(False)  # noqa: FBT003  its only parameter is positional
    except OSError:
        sock.close()
        raise
    return sock


def options(family: int, platform: str) -> list[tuple[int, int]]:
    """The socket options that keep the port to ourselves (S7).

    Never SO_REUSEPORT. On Windows exclusive use must be asked for; elsewhere SO_REUSEADDR only
    allows to listen again while old connections of ours fade out.
    """
    chosen = [(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)] if family == socket.AF_INET6 else []
    if platform == "win32":
        return [*chosen, (socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE", ~socket.SO_REUSEADDR))]
    return [*chosen, (socket.SOL_SOCKET, socket.SO_REUSEADDR)]


def _busy(port: int, error: OSError) -> PortBusy:
    if error.errno != errno.EADDRINUSE:
        return PortBusy(
            f"Port {port} cannot be opened on this computer.",
            "The redirect address is registered with exactly this port.",
            "Register an address with a port above 1023 at the provider.",
            detail=error.strerror or "",
        )
    return PortBusy(
        f"Port {port} is in use by {_who(port)}.",
        "The redirect address is registered with exactly this port, so the sign-in cannot start.",
        "End that program, or register another address at the provider.",
    )


def _who(port: int) -> str:
    found = holder(port)
    if found is None:
        return "another program"
    if found.pid is None:
        return f"a program of the user {found.user}"
    return f"{found.name or 'another program'} (process {found.pid})"
