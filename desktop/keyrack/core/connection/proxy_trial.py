"""One connection to a provider of the person's, in a way that is not chosen yet."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.hosts import region_of
from keyrack.core.connection.proxy_setting import ProxyChoice, ProxySetting
from keyrack.messages.catalogue import message
from keyrack.net.address import is_this_machine
from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import ClientLimits, HttpClient
from keyrack.providers.schema import Provider

LIMITS = ClientLimits(connect=10.0, total=15.0)


class ProxyTrial:
    """Tries a choice at the first account's provider, or at any provider while there is no account."""

    def __init__(
        self,
        accounts: Accounts,
        providers: Mapping[str, Provider],
        setting: ProxySetting,
        limits: ClientLimits = LIMITS,
    ) -> None:
        self._accounts = accounts
        self._providers = providers
        self._setting = setting
        self._limits = limits

    async def run(self, choice: ProxyChoice) -> str:
        """Ask for the head of a provider's first page, without any credential. Returns a sentence on what came of it.

        Whatever status comes, it came from the provider over verified TLS. Raises NetworkFailure.
        """
        target = next(self._targets(), None)
        if target is None:
            nothing = message("proxy_nothing_to_try", {})
            return f"{nothing.happened} {nothing.means}"
        url, ca_file = target
        proxies = self._setting.trial(choice)
        client = HttpClient(ca_file=Path(ca_file) if ca_file else None, limits=self._limits, proxies=proxies)
        try:
            request = Request("HEAD", url)
            await client.send(request)
            way = await proxies.to(request.host)
        finally:
            await client.close()
        return message("proxy_tried", {"host": request.host, "connects": way.connects()}).happened

    def _targets(self) -> Iterator[tuple[str, str]]:
        """The addresses that a proxy may lead to, each with the file of its provider's certificates, or ""."""
        for account in self._accounts:
            settings = account.settings
            provider = self._providers[settings.provider]
            yield from _target(provider, region_of(provider, settings.region, settings.hosts).token_endpoint)
        for provider in self._providers.values():
            for region in provider.regions.values():
                if not region.closed:
                    yield from _target(provider, region.token_endpoint)


def _target(provider: Provider, address: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(address)
    if parts.scheme == "https" and parts.hostname and not is_this_machine(parts.hostname):
        yield f"https://{parts.netloc}/", provider.ca_file
