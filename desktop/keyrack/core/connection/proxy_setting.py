"""The person's choice of a proxy, kept with the preferences (S52)."""

from dataclasses import dataclass, replace

from keyrack.core.connection.proxy_logins import ProxyLogins
from keyrack.core.preferences.all_settings import PROXY
from keyrack.core.preferences.preferences import Preferences
from keyrack.language.translation import shown
from keyrack.net.proxy.proxies import NONE, SYSTEM, Proxies
from keyrack.net.proxy.proxy_address import BadProxy, Proxy, ProxyLogin, parse
from keyrack.primitives.signal import Signal

# Any host of a provider, to say in which way the system's settings lead.
_SOME_HOST = "provider.invalid"


@dataclass(frozen=True, slots=True)
class ProxyChoice:
    """What was chosen: "none", "system" or an address without a login. `login` is what was entered with it, or None."""

    words: str
    login: ProxyLogin | None = None

    @property
    def proxy(self) -> Proxy | None:
        """The proxy that is named here, None for the other two choices. Raises BadProxy."""
        return None if self.words in (NONE, SYSTEM) else parse(self.words)


def choice_of(text: str, login: ProxyLogin | None = None) -> ProxyChoice:
    """The choice of what a person entered. A login in the address is taken out of it. Raises BadProxy."""
    words = text.strip()
    if words.lower() in (NONE, SYSTEM):
        return ProxyChoice(words.lower(), login)
    proxy = parse(words)
    return ProxyChoice(proxy.address, login or proxy.login)


class ProxySetting:
    """The choice. `proxies` follows it from the next connection on, and `changed` tells of another choice."""

    def __init__(self, preferences: Preferences, logins: ProxyLogins | None = None) -> None:
        self.changed: Signal[[]] = Signal()
        self._preferences = preferences
        self._logins = logins
        self.proxies = Proxies(lambda: self.chosen, self._login)

    @property
    def chosen(self) -> str:
        """The current choice, as it was stored."""
        return self._preferences.value(PROXY)

    async def connects(self) -> str:
        """The sentences that say how Keyrack connects, or why it cannot."""
        return await self.would_connect(self.chosen)

    async def would_connect(self, chosen: str) -> str:
        """The same for a choice that is not made."""
        try:
            way = await Proxies(lambda: chosen).of(_SOME_HOST)
        except BadProxy as why:
            return why.sentences()
        return " ".join(part for part in map(shown, (way.connects(), way.overruled)) if part)

    async def has_login(self) -> bool:
        """Whether the proxy that is in force gets a user name and a password."""
        try:
            way = await self.proxies.of(_SOME_HOST)
        except BadProxy:
            return False
        return way.proxy is not None and way.proxy.login is not None

    async def choose(self, choice: ProxyChoice) -> str:
        """Choose and store. Returns a sentence on where the password is, "" without one.

        The password for another proxy is deleted. Raises BadProxy, and has then changed nothing unless only storing
        the choice failed.
        """
        proxy = await self._wanting_login(choice)
        not_stored = self._preferences.choose(PROXY, choice.words)
        where = ""
        if self._logins is not None:
            if choice.login is not None and proxy is not None:
                where = await self._logins.keep(proxy, choice.login)
            elif choice.words != SYSTEM:
                await self._logins.forget(unless=proxy)
        self.changed.emit()
        if not_stored is not None:
            raise BadProxy("proxy_not_stored")
        return where

    def trial(self, choice: ProxyChoice) -> Proxies:
        """The ways of a choice that is not made."""

        async def login(proxy: Proxy) -> ProxyLogin | None:
            return choice.login or await self._login(proxy)

        return Proxies(lambda: choice.words, login)

    async def _wanting_login(self, choice: ProxyChoice) -> Proxy | None:
        """The proxy that a login was entered for: the named one, or the one that the system names now."""
        if choice.login is None or choice.words not in (NONE, SYSTEM):
            return choice.proxy
        way = await Proxies(lambda: choice.words).of(_SOME_HOST)
        if way.proxy is None:
            raise BadProxy("proxy_login_without_proxy")
        return replace(way.proxy, login=None)

    async def _login(self, proxy: Proxy) -> ProxyLogin | None:
        return await self._logins.of(proxy) if self._logins is not None else None
