"""Takes an export in, account by account. What is here already stays, unless the person says to replace it."""

import asyncio
import contextlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.draft import LONGEST_NAME, Draft, check_draft
from keyrack.core.accounts.state import Opening
from keyrack.core.moving.choices import Choices
from keyrack.core.moving.content import Content, MovedAccount, MovedFile, decode
from keyrack.core.moving.import_file import read_import
from keyrack.core.moving.moving_failures import ImportRefused
from keyrack.core.moving.sealing import check_shape, is_sealed, unseal
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sign_out import SignOut
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import VaultFailure
from keyrack.messages.catalogue import message
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from keyrack.providers.files.summary import summary
from keyrack.providers.files.user_file import UserFile, read_own

Fate = Literal["new", "renamed", "here", "without_provider"]


@dataclass(frozen=True, slots=True)
class Planned:
    """What an import would do with one account.

    "new": it is added. "renamed": it is added as `name`, because its own one is taken by another account. "here": the
    same account is `account`. "without_provider": nobody here knows its provider.
    """

    moved: MovedAccount
    fate: Fate
    name: str
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A provider file that is new here, with every address that it would send secrets to."""

    file: UserFile
    certificates: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do. `choices` are the person's choices that were not made here yet."""

    accounts: tuple[Planned, ...]
    files: tuple[PlannedFile, ...]
    choices: dict[str, str]
    made: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did with one account. `code` names its sentence, or `why` says why nothing was changed."""

    name: str
    code: Literal["import_added", "import_added_as", "import_replaced", "import_kept", "import_failed"]
    why: Failure | None = None
    signs_in_again: bool = False
    before: str = ""

    @property
    def sentence(self) -> str:
        """What became of the account, for the person."""
        why = self.why.sentences() if self.why is not None else ""
        told = [message(self.code, {"account": self.name, "before": self.before, "why": why}).happened]
        if self.signs_in_again:
            told.append(message("import_signs_in_again", {}).happened)
        return " ".join(told)


def open_export(data: bytes, passphrase: Secret | None) -> Content:
    """The content of an export. One without secrets needs no passphrase. It is called in a thread.

    Raises ImportRefused.
    """
    if not is_sealed(data):
        return _harmless(decode(data))
    if passphrase is None:
        raise ImportRefused("import_passphrase_missing")
    return decode(unseal(data, passphrase))


def _harmless(content: Content) -> Content:
    """A plain file may come from anybody: it allows no program, and brings neither secrets nor provider files."""
    accounts = tuple(
        MovedAccount(replace(each.settings, programs=(), scripts="ask"), signs_in_again=True)
        for each in content.accounts
    )
    return replace(content, accounts=accounts, files=())


@dataclass(frozen=True, slots=True)
class Importer:
    """Takes accounts in. Each one is added or replaced as a whole, or nothing of it is."""

    accounts: Accounts
    catalog: ProviderCatalog
    choices: Choices
    sign_out: SignOut
    restorer: Restorer
    sandbox: bool

    @staticmethod
    async def read(path: Path) -> bytes:
        """The bytes of a file, read in a thread. Raises ImportRefused."""
        return await asyncio.to_thread(read_import, path)

    @staticmethod
    def is_sealed(data: bytes) -> bool:
        """Whether it needs a passphrase. Raises ImportRefused for what no passphrase opens."""
        if not is_sealed(data):
            return False
        check_shape(data)
        return True

    @staticmethod
    async def open(data: bytes, passphrase: Secret | None = None) -> Content:
        """The content of an export, opened in a thread. Raises ImportRefused."""
        return await asyncio.to_thread(open_export, data, passphrase)

    def plan(self, content: Content) -> Plan:
        """What an import of this would do. Raises ImportRefused where it belongs to another kind of Keyrack."""
        if content.sandbox != self.sandbox:
            raise ImportRefused("import_of_sandbox" if content.sandbox else "import_into_sandbox")
        files = tuple(self._planned_files(content.files))
        known = {*self.catalog, *(each.file.provider.id for each in files)}
        accounts = tuple(self._planned_accounts(content.accounts, known))
        return Plan(accounts, files, self.choices.lacking(content.choices), content.made)

    async def run(self, plan: Plan, replaced: Collection[str] = ()) -> tuple[Imported, ...]:
        """Do what a plan says, as it is now: an account may have come or gone since it was made.

        `replaced` holds the names, as in the plan, of the accounts here that are replaced, and not kept.
        """
        for each in plan.files:
            if each.file.provider.id not in self.catalog:
                self.catalog.store(each.file, each.certificates)
        done = []
        now = tuple(self._planned_accounts([each.moved for each in plan.accounts], self.catalog))
        for seen, planned in zip(plan.accounts, now, strict=True):
            shown = seen.account is planned.account and seen.name in replaced
            try:
                done.append(await self._take(planned, replace_it=shown))
            except Failure as why:
                done.append(Imported(planned.moved.settings.name, "import_failed", why))
        self.choices.adopt(self.choices.lacking(plan.choices))
        return tuple(done)

    def _planned_accounts(self, accounts: Iterable[MovedAccount], known: Collection[str]) -> Iterable[Planned]:
        names = {account.settings.name.casefold() for account in self.accounts.kept.values()}
        for moved in accounts:
            planned = self._planned(moved, known, names)
            names.add(planned.name.casefold())
            yield planned

    def _planned_files(self, files: Iterable[MovedFile]) -> Iterable[PlannedFile]:
        taken = set(self.catalog)
        for each in files:
            file = read_own(each.name, each.text)
            if file.provider.id not in taken:
                taken.add(file.provider.id)
                yield PlannedFile(file, each.certificates, tuple(summary(file)))

    def _planned(self, moved: MovedAccount, known: Collection[str], names: Collection[str]) -> Planned:
        settings = moved.settings
        same = next((account for account in self.accounts if _is_same(account.settings, settings)), None)
        if same is not None:
            return Planned(moved, "here", same.settings.name, same)
        if settings.provider not in known:
            return Planned(moved, "without_provider", settings.name)
        name = _free_name(settings.name, names)
        return Planned(moved, "new" if name == settings.name else "renamed", name)

    async def _take(self, planned: Planned, *, replace_it: bool) -> Imported:
        moved, name = planned.moved, planned.name
        again = moved.signs_in_again
        if planned.fate == "without_provider":
            raise ImportRefused("import_without_provider", provider=moved.settings.provider)
        if planned.account is not None:
            if not replace_it:
                return Imported(name, "import_kept")
            await self._replace(planned.account, moved)
            return Imported(name, "import_replaced", signs_in_again=again)
        await self._add(moved, name)
        if planned.fate == "renamed":
            return Imported(name, "import_added_as", signs_in_again=again, before=moved.settings.name)
        return Imported(name, "import_added", signs_in_again=again)

    async def _add(self, moved: MovedAccount, name: str) -> None:
        id = moved.settings.id if not self.sign_out.account_store.knows(moved.settings.id) else secrets.token_hex(16)
        settings = self._checked(replace(moved.settings, id=id, name=name))
        records = self.sign_out.records
        record = moved.record
        try:
            if record is not None:
                await records.update(id, lambda _: record, prompt=True)
            account = self.sign_out.account_store.add(settings, Opening())
        except BaseException:
            with contextlib.suppress(VaultFailure):
                await records.discard(id)
            raise
        await self.restorer.restore(account, prompt=True)

    async def _replace(self, account: Account, moved: MovedAccount) -> None:
        """Put the settings and the record of the file in the place of those here, or change neither."""
        before, records = account.settings, self.sign_out.records
        settings = self._checked(replace(moved.settings, id=account.id, name=before.name))
        if moved.record is None:  # the secrets here stay, and so does who may have them
            settings = replace(settings, scripts=before.scripts, programs=before.programs, identity=before.identity)
        async with self.sign_out.paused(account):
            old = records.cached(account.id)
            if moved.record is not None:
                new = moved.record
                await records.update(account.id, lambda held: _after(new, held), prompt=True)
            try:
                self.sign_out.account_store.change(account, settings)
            except Failure:
                if moved.record is not None:
                    await records.update(account.id, lambda held: _after(old or Record(), held))
                raise
            if moved.record is None:
                return
            self.sign_out.refresher.forget(account.id)
            account.show_balances(None)
            account.become(Opening(), expected=account.state)
        await self.restorer.restore(account, prompt=True)
        account.note("replaced_by_import")

    def _checked(self, settings: Settings) -> Settings:
        """The settings as this Keyrack takes them. Raises DraftProblem."""
        draft = Draft(
            settings.provider, settings.region, settings.flow, settings.name, settings.client_id, None,
            settings.redirect_uri, settings.hosts, settings.scripts,
        )  # fmt: skip
        region = check_draft(draft, self.catalog, self.accounts, settings.id)
        return replace(settings, test=region.test, hosts=settings.hosts if region.typed_in else None)


def _after(new: Record, held: Record) -> Record:
    return replace(new, generation=held.generation + 1)


def _is_same(here: Settings, there: Settings) -> bool:
    """Whether both are one account: the same client at the same site, by its id, name or the login behind it."""
    sites = [(each.provider, each.region, each.hosts) for each in (here, there)]
    if sites[0] != sites[1]:  # a secret that is here goes to no other host
        return False
    if here.id == there.id:
        return True
    if here.client_id != there.client_id or (here.identity and there.identity and here.identity != there.identity):
        return False
    return here.name.casefold() == there.name.casefold() or bool(here.identity and here.identity == there.identity)


def _free_name(name: str, taken: Collection[str]) -> str:
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        ending = f" {number}"
        free = name[: LONGEST_NAME - len(ending)] + ending
    return free
