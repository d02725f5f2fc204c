"""Parses the redirect address that was registered at the provider."""

from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from keyrack.net.address import LOOPBACK_IPV4, LOOPBACK_IPV6
from keyrack.primitives.failure import Failure

_ADDRESSES = {
    LOOPBACK_IPV4: (LOOPBACK_IPV4,),
    LOOPBACK_IPV6: (LOOPBACK_IPV6,),
    "localhost": (LOOPBACK_IPV4, LOOPBACK_IPV6),
}
_DEFAULT_PORTS = {"http": 80, "https": 443}


class BadRedirect(Failure):
    """The address cannot be used as a redirect address."""

    field = "redirect_uri"


@dataclass(frozen=True, slots=True)
class RedirectUri:
    """A registered address in parts. `path` is as typed and never decoded (S5)."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def loopback(self) -> bool:
        """Whether Keyrack itself receives the response there. Otherwise the person pastes it (S26)."""
        return self.scheme == "http"

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to listen on. For `localhost` these are both, or another user could take one (S6)."""
        return _ADDRESSES[self.host]

    @property
    def authority(self) -> str:
        """What a browser sends as Host."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """The address without its path."""
        return f"{self.scheme}://{self.authority}"

    def fits_path(self, path: str, *, slash_optional: bool = False) -> bool:
        """Whether a path is the registered one. Some providers add a slash (Bitport Q11)."""
        return path == self.path or (slash_optional and path == self.path + "/")


def parse(text: str) -> RedirectUri:
    """The parts of a registered address. Raises BadRedirect.

    `http` is for this machine alone (127.0.0.1, [::1] or localhost). Any `https` address is accepted, and the person
    then pastes the response.
    """
    parts = _split(text)
    port = parts.port if parts.port is not None else _DEFAULT_PORTS.get(parts.scheme, 0)
    uri = RedirectUri(parts.scheme, (parts.hostname or "").lower(), port, parts.path or "/")
    if not uri.host or parts.scheme not in _DEFAULT_PORTS:
        raise BadRedirect("redirect_not_whole")
    if parts.query or parts.fragment or parts.username is not None or "#" in text or "?" in text:
        raise BadRedirect("redirect_with_query")
    if uri.loopback and uri.host not in _ADDRESSES:
        raise BadRedirect("redirect_not_local")
    return uri


def _split(text: str) -> SplitResult:
    if not text.isascii() or any(c.isspace() or not c.isprintable() for c in text):
        raise BadRedirect("redirect_with_spaces")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  a wrong port raises here
    except ValueError:
        raise BadRedirect("redirect_invalid") from None
    return parts
