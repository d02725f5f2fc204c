"""The address of a proxy, and the user name and password that it may want."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret

_LONGEST = 300
_LONGEST_LOGIN = 1100
_DEFAULT_PORT = 80
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]*:[0-9a-f:.]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SOCKS = "socks"


class BadProxy(Failure):
    """The address of a proxy, or what it wants, cannot be used."""


@dataclass(frozen=True, slots=True)
class ProxyLogin:
    """What a proxy wants to know (Basic, RFC 7617). Neither part is shown."""

    user: str = field(repr=False)
    password: Secret


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy that is spoken to over http. What goes through it to a provider is TLS from end to end."""

    host: str
    port: int
    login: ProxyLogin | None = field(default=None, hash=False, repr=False)

    @property
    def name(self) -> str:
        """Host and port, for a person."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def address(self) -> str:
        """The address for a library or a file, without the login."""
        return f"http://{self.name}"

    def address_with_login(self) -> Secret:
        """The address for a library that takes the login in it (RFC 3986 section 3.2.1)."""
        if self.login is None:
            return Secret(self.address)
        user, password = quote(self.login.user, ""), quote(self.login.password.reveal(), "")
        return Secret(f"http://{user}:{password}@{self.name}")


def login_of(user: str, password: Secret) -> ProxyLogin:
    """The login of what was entered. Raises BadProxy, which quotes nothing of it."""
    if not password.reveal():
        raise BadProxy("proxy_password_missing")
    # RFC 7617 section 2: the colon ends the user name, and neither part has control characters.
    if ":" in user or _CONTROL.search(user + password.reveal()) or len(user) + len(password) > _LONGEST_LOGIN:
        raise BadProxy("proxy_login_invalid")
    return ProxyLogin(user, password)


def parse(text: str) -> Proxy:
    """The proxy of an address, with or without `http://`, and with the login that stands in it.

    A name in other letters becomes its ASCII form (IDNA). Raises BadProxy. Nothing of a login is quoted.
    """
    whole = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(whole)
        host, port = _ascii((parts.hostname or "").lower()), parts.port
    except ValueError:
        raise BadProxy("proxy_address_invalid") from None
    if parts.scheme.startswith(_SOCKS):
        raise BadProxy("proxy_is_socks")
    if parts.scheme != "http":
        raise BadProxy("proxy_not_http", scheme=plain(parts.scheme, 20))
    bare = whole.rpartition("@")[2]
    if len(bare) > _LONGEST or not _HOST.fullmatch(host) or parts.path not in ("", "/") or {"?", "#"} & set(bare):
        raise BadProxy("proxy_address_invalid")
    if set(text) & set(" \t\r\n") or port == 0:
        raise BadProxy("proxy_address_invalid")
    login = None
    if parts.username is not None:
        login = login_of(unquote(parts.username), Secret(unquote(parts.password or "")))
    return Proxy(host, _DEFAULT_PORT if port is None else port, login)


def holds_login(text: str) -> bool:
    """Whether an address has a user name in it."""
    return "@" in text


def _ascii(host: str) -> str:
    return host if host.isascii() else host.encode("idna").decode()
