"""What an account needs of its provider: token endpoint, API and pace, made once per site."""

import asyncio
from dataclasses import dataclass, field

from keyrack.core.account import Account, Settings
from keyrack.core.clock import Clock
from keyrack.core.pace import Pace
from keyrack.net.client import Client
from keyrack.oauth.endpoint import TokenEndpoint
from keyrack.oauth.server import Server
from keyrack.providers.api import Api
from keyrack.providers.load import server
from keyrack.providers.schema import Provider, Region

MOST_AT_ONCE = 5


def _few() -> asyncio.Semaphore:
    return asyncio.Semaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Service:
    """One site of one provider; few requests at once, so that tokens never wait for figures (R44)."""

    provider: Provider
    region: Region
    server: Server
    endpoint: TokenEndpoint
    api: Api
    tokens_at_once: asyncio.Semaphore = field(default_factory=_few)
    figures_at_once: asyncio.Semaphore = field(default_factory=_few)


class Services:
    """All sites in use. Each provider has its own HTTP client, so that none waits for another's connections."""

    def __init__(self, providers: tuple[Provider, ...], clock: Clock) -> None:
        self.providers = providers
        self._clock = clock
        self._http: dict[str, Client] = {}
        self._services: dict[tuple[str, str], Service] = {}
        self._paces: dict[tuple[str, str], Pace] = {}

    def of(self, account: Account | Settings) -> Service:
        """The site that an account belongs to."""
        settings = account.settings if isinstance(account, Account) else account
        key = (settings.provider, settings.region)
        if key not in self._services:
            self._services[key] = self._make(*key)
        return self._services[key]

    def pace(self, account: Account) -> Pace:
        """The queue of the account's client: one for all accounts that share a client id."""
        key = (account.settings.provider, account.settings.client_id)
        return self._paces.setdefault(key, Pace(self._clock))

    def _make(self, provider_id: str, region_id: str) -> Service:
        provider = next(provider for provider in self.providers if provider.id == provider_id)
        region = provider.regions[region_id]
        http = self._http.setdefault(provider_id, Client())
        authorization_server = server(provider, region_id)
        endpoint = TokenEndpoint(http, authorization_server, self._clock.elapsed)
        return Service(provider, region, authorization_server, endpoint, Api(http, provider, region))

    async def close(self) -> None:
        """Close every connection."""
        for http in self._http.values():
            await http.close()
