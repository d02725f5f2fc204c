"""Decides through which proxy a connection goes: none, the system's, or one that the person named (S52)."""

import importlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from keyrack.messages.catalogue import message
from keyrack.net.address import LOOPBACK
from keyrack.net.network_errors import ProxyRefused
from keyrack.primitives.failure import Failure, plain

NONE = "none"
SYSTEM = "system"

_LONGEST = 300
_DEFAULT_PORT = 80
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
_SIGN_IN_WANTED = 407
_STATUS = re.compile(r"[1-5][0-9]{2}\b")


class BadProxy(Failure):
    """The address of a proxy cannot be used."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is spoken to over http. What goes through it to a provider is TLS from end to end."""

    host: str
    port: int

    @property
    def name(self) -> str:
        """Host and port, for a person."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """The address for a library."""
        return f"http://{self.name}"


def parse(text: str) -> Proxy:
    """The proxy of an address, with or without `http://`. Raises BadProxy. Nothing of a password is quoted."""
    whole = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(whole)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        raise BadProxy("proxy_address_invalid") from None
    if "@" in whole:
        raise BadProxy("proxy_holds_password")
    if parts.scheme != "http":
        raise BadProxy("proxy_not_http", scheme=plain(parts.scheme, 20))
    if len(text) > _LONGEST or not _HOST.fullmatch(host) or parts.path not in ("", "/") or {"?", "#"} & set(whole):
        raise BadProxy("proxy_address_invalid")
    return Proxy(host, _DEFAULT_PORT if port is None else port)


class Proxies:
    """Finds the proxy for a host anew for each connection. `chosen` gives "none", "system" or an address."""

    def __init__(self, chosen: Callable[[], str] = lambda: NONE) -> None:
        self._chosen = chosen

    def of(self, host: str) -> Proxy | None:
        """The proxy to a host, None for a direct connection, as always to this machine. Raises BadProxy.

        A choice that cannot be used is a failure and never a direct connection, which the person did not choose.
        """
        chosen = self._chosen()
        if chosen == NONE or host in (*LOOPBACK, "localhost"):
            return None
        return _of_the_system(host) if chosen == SYSTEM else parse(chosen)

    def to(self, host: str) -> Proxy | None:
        """The same for a connection that is about to be made. Raises ProxyRefused."""
        try:
            return self.of(host)
        except BadProxy as why:
            problem = ProxyRefused(why.code, host, **why.params)
        raise problem


def connects(proxy: Proxy | None) -> str:
    """The sentence that says how Keyrack connects."""
    if proxy is None:
        return message("connects_directly", {}).happened
    return message("connects_through", {"proxy": proxy.name}).happened


def refused(host: str, proxy: Proxy, status: str) -> ProxyRefused:
    """The failure for a proxy that answered CONNECT with another status than 2xx (RFC 9110 section 9.3.6).

    `status` may begin any text. Nothing but its three digits is kept.
    """
    found = _STATUS.match(status)
    number = found.group() if found else "?"
    if number == str(_SIGN_IN_WANTED):
        return ProxyRefused("proxy_wants_password", host, proxy=proxy.name)
    return ProxyRefused("proxy_refused", host, proxy=proxy.name, status=number)


def unreachable(host: str, proxy: Proxy) -> ProxyRefused:
    """The failure for a proxy to which there is no connection."""
    return ProxyRefused("proxy_unreachable", host, proxy=proxy.name)


def _of_the_system(host: str) -> Proxy | None:
    """The system's proxy for https, from the environment, and on Windows and macOS from the settings."""
    library = importlib.import_module("urllib.request")  # it takes 30 ms, and most people have no proxy
    if library.proxy_bypass(host):
        return None
    found = library.getproxies()
    address = found.get("https") or found.get("all")
    return parse(address) if address else None
