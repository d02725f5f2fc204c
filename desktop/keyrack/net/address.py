"""Decides which addresses Keyrack sends a secret or a browser to."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

LOOPBACK_IPV4 = "127.0.0.1"
LOOPBACK_IPV6 = "::1"
LOOPBACK = (LOOPBACK_IPV4, LOOPBACK_IPV6)
_LOCAL = "localhost"


def split(url: str) -> SplitResult | None:
    """The parts of an address in visible ASCII with a valid port, or None."""
    if not url.isascii() or not url.isprintable() or " " in url:
        return None
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  a wrong port raises here
    except ValueError:
        return None
    return parts


def is_safe(url: str, *, plain_http: bool = False) -> bool:
    """Whether `url` is https with a host, in visible ASCII and without user info (S35).

    `plain_http` also admits http to a literal 127.0.0.1 or [::1] (S40).
    """
    parts = split(url)
    if parts is None or "\\" in url:
        return False
    local = plain_http and parts.scheme == "http" and parts.hostname in LOOPBACK
    return (local or parts.scheme == "https") and bool(parts.hostname) and "@" not in parts.netloc


def is_endpoint(url: str, *, plain_http: bool = False) -> bool:
    """Whether `url` is safe and bare, so that parameters and paths may be added to it."""
    return is_safe(url, plain_http=plain_http) and not {"?", "#"} & set(url)


def is_socket(url: str, *, plain: bool = False) -> bool:
    """Whether `url` is a safe and bare WebSocket address: wss, and with `plain` also ws to a literal loopback."""
    return url.startswith(("wss://", "ws://")) and is_endpoint("http" + url.removeprefix("ws"), plain_http=plain)


def is_this_machine(host: str) -> bool:
    """Whether a host is a loopback address or a name for it (RFC 6761 section 6.3)."""
    name = host.lower().rstrip(".")
    if name == _LOCAL or name.endswith(f".{_LOCAL}"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
