"""Decides through which proxy a connection goes: none, the system's, or one that the person named (S52)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from keyrack.net.address import is_this_machine
from keyrack.net.network_errors import ProxyRefused
from keyrack.net.proxy.proxy_address import BadProxy, Proxy, ProxyLogin, parse
from keyrack.net.proxy.system_proxy import of_the_system
from keyrack.net.proxy.way import DIRECT, Way

NONE = "none"
SYSTEM = "system"


async def _no_login(_proxy: Proxy) -> ProxyLogin | None:
    return None


class Proxies:
    """Finds the way to a host anew for each connection.

    `chosen` gives "none", "system" or an address, and `login` the user name and password for a proxy, or None.
    """

    def __init__(
        self,
        chosen: Callable[[], str] = lambda: NONE,
        login: Callable[[Proxy], Awaitable[ProxyLogin | None]] = _no_login,
    ) -> None:
        self._chosen = chosen
        self._login = login

    async def of(self, host: str, *, compared: bool = True) -> Way:
        """The way to a host, directly always to this machine. Raises BadProxy.

        A choice that cannot be used is a failure and never a direct connection, which the person did not choose. Unless
        `compared`, the system's other settings are not read, so that none is told as one that does not count.
        """
        chosen = self._chosen()
        if chosen == NONE or is_this_machine(host):
            return DIRECT
        way = await of_the_system(host, compared=compared) if chosen == SYSTEM else Way(parse(chosen))
        if way.proxy is None or way.proxy.login is not None:
            return way
        return replace(way, proxy=replace(way.proxy, login=await self._login(way.proxy)))

    async def to(self, host: str) -> Way:
        """The same for a connection that is about to be made. Raises ProxyRefused."""
        try:
            return await self.of(host, compared=False)
        except BadProxy as why:
            problem = ProxyRefused(why.code, host, **why.params)
        raise problem
