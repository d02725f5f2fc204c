"""The person's choice of a proxy, kept with the preferences (S52)."""

from keyrack.core.system.preferences import Preferences
from keyrack.net.client.proxy import NONE, SYSTEM, BadProxy, Proxies, connects, parse

_NAME = "proxy"
# Any host of a provider, to say in which way the system's settings lead.
_SOME_HOST = "provider.invalid"


class ProxySetting:
    """The choice: "none", "system" or an address. `proxies` follows it from the next connection on."""

    def __init__(self, preferences: Preferences) -> None:
        self.proxies = Proxies(lambda: self.chosen)
        self._preferences = preferences

    @property
    def chosen(self) -> str:
        """The current choice, as it was stored."""
        return self._preferences.chosen(_NAME) or NONE

    def choose(self, text: str) -> None:
        """Choose and store. Raises BadProxy, and has then changed nothing unless only storing failed."""
        choice = text.strip()
        choice = choice.lower() if choice.lower() in (NONE, SYSTEM) else parse(choice).address
        if not self._preferences.choose(_NAME, choice):
            raise BadProxy("proxy_not_stored")

    def connects(self) -> str:
        """The sentence that says how Keyrack connects, or why it cannot."""
        try:
            return connects(self.proxies.of(_SOME_HOST))
        except BadProxy as why:
            return why.sentences()
