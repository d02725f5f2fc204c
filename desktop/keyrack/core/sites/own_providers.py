"""The providers of the person's own files while Keyrack runs: a changed file is read again, or a provider removed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.collection import Accounts
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.sites.sites import Sites
from keyrack.core.sites.user_files import ProviderFileFailure
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.schema import Provider


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file of the person's own that says something else now. Nothing of it is used yet."""

    file: UserFile
    provider: Provider


def remove_provider(catalog: ProviderCatalog, id: str, accounts: Iterable[Settings]) -> Path:
    """Forget a provider of the person's own, whose file is put away. Returns the file's new path.

    Raises ProviderFileFailure for one that is none of the person's own or that an account uses, and then has changed
    nothing.
    """
    if id not in catalog.files.own:
        raise ProviderFileFailure("provider_not_own" if id in catalog else "provider_not_here", id=id)
    using = next((each for each in accounts if each.provider == id), None)
    if using is not None:
        raise ProviderFileFailure("user_file_in_use", name=catalog[id].name, account=using.name)
    return catalog.remove(id)


class OwnProviders:
    """What a running Keyrack does with them.

    `stored` are the accounts of the file, also those that are not shown. `changed` is called when accounts have to ask
    anew.
    """

    def __init__(
        self,
        catalog: ProviderCatalog,
        sites: Sites,
        accounts: Accounts,
        stored: Callable[[], Iterable[Settings]],
        changed: Callable[[], object],
    ) -> None:
        self._catalog = catalog
        self._sites = sites
        self._accounts = accounts
        self._stored = stored
        self._changed = changed

    def read_again(self, id: str) -> ChangedFile | None:
        """What a provider's file says now, None where it says what it said. It is called in a thread.

        Raises Failure for a file that cannot be used, or that lacks what an account needs.
        """
        file, provider = self._catalog.files.read_again(id)
        if provider == self._catalog[id]:
            return None
        self._check(provider)
        return ChangedFile(file, provider)

    async def use(self, changed: ChangedFile) -> None:
        """Use a changed file from now on. Raises ProviderFileFailure where an account that came since needs the old.

        A request that is under way has its response, and a sign-in ends at the addresses where it began.
        """
        self._check(changed.provider)
        self._catalog.replace(changed.provider)
        await self._sites.forget(changed.provider.id)
        self._changed()
        self._accounts.touched.emit(None)  # its name may be another one

    async def remove(self, id: str) -> Path:
        """Forget a provider. Returns its file's new path.

        Raises ProviderFileFailure, or AccountsFileFailure where it is unknown who uses it. Then nothing has changed.
        """
        aside = remove_provider(self._catalog, id, [*self._kept(), *self._stored()])
        await self._sites.forget(id)
        return aside

    def _check(self, provider: Provider) -> None:
        for settings in self._kept():
            if settings.provider != provider.id:
                continue
            if settings.region not in provider.regions or settings.flow not in provider.flows:
                raise ProviderFileFailure("user_file_lacks_account", name=provider.name, account=settings.name)

    def _kept(self) -> list[Settings]:
        return [account.settings for account in self._accounts.kept.values()]
