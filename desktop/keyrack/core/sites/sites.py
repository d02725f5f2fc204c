"""What an account needs of its provider: token endpoint, API and pace, made once per site."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.hosts import Hosts, region_of
from keyrack.core.sites.throttle import Pace
from keyrack.net.client.http_client import Client
from keyrack.net.client.websocket_client import Dialler
from keyrack.oauth.authorization_server import Server
from keyrack.oauth.endpoints.device import DeviceEndpoint
from keyrack.oauth.endpoints.revocation import RevocationEndpoint
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.primitives.clock import Clock
from keyrack.providers.api.api_client import Api
from keyrack.providers.api.prices import PriceFeed
from keyrack.providers.api.stream import Site
from keyrack.providers.files.load import server
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
    device: DeviceEndpoint
    revocation: RevocationEndpoint
    api: Api
    prices: PriceFeed
    site: Site
    dialler: Dialler
    tokens_at_once: asyncio.Semaphore = field(default_factory=_few)
    figures_at_once: asyncio.Semaphore = field(default_factory=_few)


def _client(provider: Provider) -> Client:
    """A client that trusts the certificates of the provider's own file as well."""
    return Client(ca_file=Path(provider.ca_file) if provider.ca_file else None)


class Services:
    """All sites in use. Each provider has its own HTTP client, so that none waits for another's connections."""

    def __init__(self, providers: tuple[Provider, ...], clock: Clock) -> None:
        self.providers = providers
        self._clock = clock
        self._http: dict[str, Client] = {}
        self._dialler = Dialler()
        self._services: dict[tuple[str, str, Hosts | None], Service] = {}
        self._paces: dict[tuple[str, str], Pace] = {}

    def of(self, account: Account | Settings) -> Service:
        """The site that an account belongs to."""
        settings = account.settings if isinstance(account, Account) else account
        key = (settings.provider, settings.region, settings.hosts)
        if key not in self._services:
            self._services[key] = self._make(*key)
        return self._services[key]

    def pace(self, account: Account) -> Pace:
        """The queue of the account's client: one for all accounts that share a client id."""
        key = (account.settings.provider, account.settings.client_id)
        return self._paces.setdefault(key, Pace(self._clock))

    def _make(self, provider_id: str, region_id: str, hosts: Hosts | None) -> Service:
        known = next(provider for provider in self.providers if provider.id == provider_id)
        region = region_of(known, region_id, hosts)
        provider = msgspec.structs.replace(known, regions={**known.regions, region_id: region})
        http = self._http.setdefault(provider_id, _client(provider))
        authorization_server = server(provider, region_id)
        endpoint = TokenEndpoint(http, authorization_server, self._clock.elapsed)
        prices = PriceFeed(http, provider, region)
        api, site = Api(http, provider, region), Site(provider, region, http)
        return Service(
            provider=provider,
            region=region,
            server=authorization_server,
            endpoint=endpoint,
            device=DeviceEndpoint(http, authorization_server, self._clock.elapsed),
            revocation=RevocationEndpoint(http, authorization_server),
            api=api,
            prices=prices,
            site=site,
            dialler=self._dialler,
        )

    async def close(self) -> None:
        """Close every connection."""
        for http in self._http.values():
            await http.close()
