"""Whether a host is one of those that the system's settings except from the proxy."""

import ipaddress
from collections.abc import Iterable

_ALL = "*"
_WITHOUT_DOT = "<local>"
_HTTPS = "443"


def bypassed(host: str, entries: Iterable[str]) -> bool:
    """Whether an entry names the host.

    An entry is a name, which stands for all names below it too, with or without `.` or `*.` before it, an IP address, a
    network such as 10.0.0.0/8, `*` for every host, or `<local>` for names without a dot (GLib's GSimpleProxyResolver,
    KDE's KProtocolManager). One with another port than that of https names no provider.
    """
    return any(_names(entry.strip().lower(), host.lower()) for entry in entries)


def _names(entry: str, host: str) -> bool:
    if entry in ("", _ALL, _WITHOUT_DOT):
        return entry == _ALL or (entry == _WITHOUT_DOT and "." not in host and ":" not in host)
    network = _network(entry)
    if network is None and not entry.endswith("]"):
        name, colon, port = entry.rpartition(":")
        if colon and port.isdigit():
            if port != _HTTPS:
                return False
            entry = name
            network = _network(entry)
    if network is not None:
        address = _address(host)
        return address is not None and address in network
    name = entry.removeprefix("*").removeprefix(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip("[]"), strict=False)
    except ValueError:
        return None


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return None
