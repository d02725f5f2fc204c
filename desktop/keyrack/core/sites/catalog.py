"""The providers that Keyrack knows: those that come with it and those of the person's own files."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from keyrack.core.sites.user_files import UserProviderFiles
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.schema import Provider


class ProviderCatalog(Mapping[str, Provider]):
    """The known providers by id, in the order in which they are shown. Nothing else keeps a list of them."""

    def __init__(self, built_in: tuple[Provider, ...], files: UserProviderFiles) -> None:
        self.files = files
        self._providers = {provider.id: provider for provider in (*built_in, *files.load())}

    def __getitem__(self, id: str) -> Provider:
        return self._providers[id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._providers)

    def __len__(self) -> int:
        return len(self._providers)

    def add(self, file: UserFile, source: Path) -> Provider:
        """Keep a file of the person's own from `source` and know its provider from now on.

        Raises Failure and then has kept nothing.
        """
        provider = self.files.add(file, source)
        self.replace(provider)
        return provider

    def replace(self, provider: Provider) -> None:
        """Know this provider from now on, in place of another of its id."""
        self._providers[provider.id] = provider
