"""How a connection is made, and the sentences that say so."""

from dataclasses import dataclass

from keyrack.messages.catalogue import phrases
from keyrack.net.proxy.proxy_address import Proxy


@dataclass(frozen=True, slots=True)
class Way:
    """The way to one host. `proxy` is None for a direct connection.

    `place` names where the system says so, "" where the person chose it here. `overruled` is a sentence on another
    setting of the system that contradicts and does not count, or "".
    """

    proxy: Proxy | None = None
    place: str = ""
    overruled: str = ""

    def connects(self) -> str:
        """The sentence that says how Keyrack connects."""
        if self.proxy is None:
            code = "connects_directly_by_system" if self.place else "connects_directly"
        else:
            code = "connects_through_by_system" if self.place else "connects_through"
        proxy = self.proxy.name if self.proxy is not None else ""
        return phrases(code, {"proxy": proxy, "place": self.place}).happened


DIRECT = Way()
