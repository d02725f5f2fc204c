"""The providers that Keyrack knows: those that come with it and those of the person's own files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from keyrack.core.sites.user_files import UserProviderFiles
from keyrack.net.proxy.proxies import Proxies
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.schema import Provider


class ProviderCatalog(Mapping[str, Provider]):
    """The known providers by id, in the order in which they are shown. Nothing else keeps a list of them.

    `config` is the configuration folder with the person's own files. They are loaded at once, and `files.problems`
    holds what was wrong with those that were left out. `proxies` are for the request for a provider's metadata.
    """

    def __init__(self, built_in: tuple[Provider, ...], config: Path, proxies: Proxies | None = None) -> None:
        self._providers = {provider.id: provider for provider in built_in}
        self.files = UserProviderFiles(config, self._providers.keys(), proxies=proxies)
        for provider in self.files.load():
            self.replace(provider)

    def __getitem__(self, id: str) -> Provider:
        return self._providers[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._providers)

    def __len__(self) -> int:
        return len(self._providers)

    def add(self, file: UserFile, source: Path) -> Provider:
        """Copy a provider file from `source` into the folder and add its provider.

        Raises Failure and then has changed nothing.
        """
        provider = self.files.add(file, source)
        self.replace(provider)
        return provider

    def store(self, file: UserFile, certificates: str) -> Provider:
        """The same with the text of its certificates, "" for none, in the place of a source."""
        provider = self.files.store(file, certificates)
        self.replace(provider)
        return provider

    def remove(self, id: str) -> Path:
        """Forget a provider of the person's own, and put its file away. Returns the file's new path. Raises Failure."""
        aside = self.files.put_away(id)
        del self._providers[id]
        return aside

    def replace(self, provider: Provider) -> None:
        """Add a provider, or replace the one of its id."""
        self._providers[provider.id] = provider
