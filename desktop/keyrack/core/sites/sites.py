"""What an account needs of its provider: endpoints, API and spacing. Made once for each site."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.hosts import Hosts, region_of
from keyrack.core.scheduling.network_return import NetworkReturn
from keyrack.core.sites.throttle import Throttle
from keyrack.net.client.http_client import HttpClient
from keyrack.net.client.websocket_client import Dialler
from keyrack.net.proxy.proxies import Proxies
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.endpoints.device import DeviceEndpoint
from keyrack.oauth.endpoints.revocation import RevocationEndpoint
from keyrack.oauth.endpoints.token_endpoint import TokenEndpoint
from keyrack.oauth.token import Token
from keyrack.primitives.clock import Clock
from keyrack.providers.api.api_client import ApiClient
from keyrack.providers.api.key_provider import KeyProvider
from keyrack.providers.api.prices import PriceFeed
from keyrack.providers.api.stream import StreamTarget
from keyrack.providers.files.load import server
from keyrack.providers.registry import NO_QUIRKS, Quirks
from keyrack.providers.schema import FlowName, Provider, Region

MOST_AT_ONCE = 5


def _new_semaphore() -> asyncio.Semaphore:
    return asyncio.Semaphore(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Site:
    """One site of one provider. The limits on requests at the same time keep tokens from waiting for balances (R44)."""

    provider: Provider
    region: Region
    server: AuthorizationServer
    endpoint: TokenEndpoint
    device: DeviceEndpoint
    revocation: RevocationEndpoint
    api: ApiClient
    prices: PriceFeed
    stream_target: StreamTarget
    quirks: Quirks
    keys: KeyProvider | None
    dialler: Dialler
    tokens_at_once: asyncio.Semaphore = field(default_factory=_new_semaphore)
    figures_at_once: asyncio.Semaphore = field(default_factory=_new_semaphore)

    def api_of(self, token: Token | None) -> ApiClient:
        """The API at the address that came with a token, where the site has several. Raises ApiRefused."""
        return self.api.told(token.api if token is not None else "")


def _client(provider: Provider, proxies: Proxies) -> HttpClient:
    """A client that trusts the certificates of the provider's own file as well."""
    return HttpClient(ca_file=Path(provider.ca_file) if provider.ca_file else None, proxies=proxies)


class Sites:
    """All sites in use. Each provider has its own HTTP client, so that none waits for another's connections.

    `network` holds their requests back after a resume, until there is a route.
    """

    def __init__(
        self, providers: Mapping[str, Provider], clock: Clock, quirks: Mapping[str, Quirks], proxies: Proxies
    ) -> None:
        self._proxies = proxies
        self.network = NetworkReturn(clock)
        self._providers = providers
        self._quirks = quirks
        self._clock = clock
        self._http: dict[str, HttpClient] = {}
        self.dialler = Dialler(proxies=proxies)
        self._sites: dict[tuple[str, str, Hosts | None], Site] = {}
        self._sites_of_flows: dict[tuple[str, str, Hosts | None, FlowName], Site] = {}
        self._throttles: dict[tuple[str, str], Throttle] = {}

    def of(self, account: Account | Settings) -> Site:
        """The site that an account belongs to."""
        settings = account.settings if isinstance(account, Account) else account
        key = (settings.provider, settings.region, settings.hosts)
        if key not in self._sites:
            self._sites[key] = self._make(*key)
        site = self._sites[key]
        if site.provider.dialect_of(settings.flow) is site.provider.dialect:
            return site
        own = (*key, settings.flow)
        if own not in self._sites_of_flows:
            self._sites_of_flows[own] = self._with_flow(site, settings.region, settings.flow)
        return self._sites_of_flows[own]

    def _with_flow(self, site: Site, region: str, flow: FlowName) -> Site:
        """The same site with the settings of one flow. API, limits and connections are shared."""
        http, of = self._http[site.provider.id], server(site.provider, region, flow)
        return replace(
            site,
            server=of,
            endpoint=TokenEndpoint(http, of, self._clock.elapsed),
            device=DeviceEndpoint(http, of, self._clock.elapsed),
            revocation=RevocationEndpoint(http, of),
        )

    def throttle(self, account: Account) -> Throttle:
        """The queue of the account's client. Accounts that share a client id share it."""
        key = (account.settings.provider, account.settings.client_id)
        return self._throttles.setdefault(key, Throttle(self._clock))

    def _make(self, provider_id: str, region_id: str, hosts: Hosts | None) -> Site:
        known = self._providers[provider_id]
        region = region_of(known, region_id, hosts)
        provider = msgspec.structs.replace(known, regions={**known.regions, region_id: region})
        quirks = self._quirks.get(provider_id, NO_QUIRKS)
        http = self._http.setdefault(provider_id, _client(provider, self._proxies))
        authorization_server = server(provider, region_id)
        endpoint = TokenEndpoint(http, authorization_server, self._clock.elapsed)
        prices = PriceFeed(http, provider, region)
        api, stream_target = ApiClient(http, provider, region), StreamTarget(provider, region, http)
        return Site(
            provider=provider,
            region=region,
            server=authorization_server,
            endpoint=endpoint,
            device=DeviceEndpoint(http, authorization_server, self._clock.elapsed),
            revocation=RevocationEndpoint(http, authorization_server),
            api=api,
            prices=prices,
            stream_target=stream_target,
            quirks=quirks,
            keys=quirks.keys(stream_target) if quirks.keys is not None else None,
            dialler=self.dialler,
        )

    async def forget(self, provider: str) -> None:
        """Forget what was made for a provider that is gone. Another of this id is made anew.

        Requests that are under way have their responses, since a renewal or a code that lost its own would be lost.
        """
        self._sites = {key: site for key, site in self._sites.items() if key[0] != provider}
        self._sites_of_flows = {key: site for key, site in self._sites_of_flows.items() if key[0] != provider}
        http = self._http.pop(provider, None)
        if http is not None:
            await http.give_up()

    async def close(self) -> None:
        """Close every connection."""
        for http in self._http.values():
            await http.close()
