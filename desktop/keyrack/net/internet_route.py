"""Whether this computer has a route to the internet."""

import socket

# Addresses for documentation (RFC 5737, RFC 3849). Connecting a datagram socket looks for a route and sends nothing.
_SOMEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
_PORT = 443


def has_route() -> bool:
    """Whether a packet to the internet would leave this computer. Nobody is asked anything."""
    for family, address in _SOMEWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, _PORT))
                return True
        except OSError:
            continue
    return False
