"""The redirect address as it was registered at the provider."""

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
    """A registered address in parts; `path` is as typed, never decoded (S5)."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def loopback(self) -> bool:
        """Whether Keyrack itself can answer there; otherwise the answer is pasted (S26)."""
        return self.scheme == "http"

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses to listen on; for `localhost` both, or another user could take one (S6)."""
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
        """Whether a path is the registered one; some providers add a slash (Bitport Q11)."""
        return path == self.path or (slash_optional and path == self.path + "/")


def parse(text: str) -> RedirectUri:
    """The parts of a registered address; raises BadRedirect.

    `http` is for this machine alone (127.0.0.1, [::1] or localhost); any `https` address is fine,
    the answer is then pasted by the person.
    """
    parts = _split(text)
    port = parts.port if parts.port is not None else _DEFAULT_PORTS.get(parts.scheme, 0)
    uri = RedirectUri(parts.scheme, (parts.hostname or "").lower(), port, parts.path or "/")
    if not uri.host or parts.scheme not in _DEFAULT_PORTS:
        raise _bad("It must be a whole address such as http://127.0.0.1:17463/cb/name.")
    if parts.query or parts.fragment or parts.username is not None or "#" in text or "?" in text:
        raise _bad("It must not hold a question mark, a hash sign or a user name.")
    if uri.loopback and uri.host not in _ADDRESSES:
        raise _bad("An http address must point to this computer: 127.0.0.1, [::1] or localhost.")
    return uri


def _split(text: str) -> SplitResult:
    if not text.isascii() or any(c.isspace() or not c.isprintable() for c in text):
        raise _bad("It must not hold spaces or special characters.")
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  a wrong port raises here
    except ValueError:
        raise _bad("It is not a valid address.") from None
    return parts


def _bad(why: str) -> BadRedirect:
    return BadRedirect("This redirect address cannot be used.", why, "Enter the address exactly as registered.")
