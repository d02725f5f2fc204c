"""Writes an export: collects what may go, seals it, and ends here what is handed over."""

import asyncio
import contextlib
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.state import Active, Unsaved
from keyrack.core.moving.choices import Choices
from keyrack.core.moving.content import Content, MovedAccount, MovedFile, for_others
from keyrack.core.moving.moving_failures import ExportRefused
from keyrack.core.moving.portable import handed_over, portable, stays_behind
from keyrack.core.moving.sealing import seal, unseal
from keyrack.core.sign_out import SignOut
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.system.private_file import write_elsewhere
from keyrack.core.tokens.hand_over_notes import HandOver, HandOverNotes
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Corrupt, Missing, VaultFailure
from keyrack.primitives.clock import Clock
from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret

SHORTEST = 8
LONGEST = 1024


@dataclass(frozen=True, slots=True)
class ExportOutcome:
    """What was exported, each by the names of the accounts.

    `again` sign in again where the file is taken in, `ended` were handed over, and `kept` could not be ended here.
    """

    accounts: tuple[str, ...]
    again: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    kept: dict[str, Failure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Exporter:
    """Exports accounts. Nothing is changed here unless `hand_over` is asked for."""

    accounts: Accounts
    catalog: ProviderCatalog
    choices: Choices
    sign_out: SignOut
    hand_overs: HandOverNotes
    clock: Clock
    sandbox: bool

    async def rotating(self, accounts: Iterable[Account]) -> tuple[Account, ...]:
        """The accounts whose sign-in cannot be in two places. Raises VaultFailure."""
        found = []
        for account in accounts:
            record = await self._record(account)
            if record is not None and stays_behind(record, self.sign_out.sites.of(account)):
                found.append(account)
        return tuple(found)

    async def preview(self, accounts: Sequence[Account]) -> ExportOutcome:
        """What an export without handing over would come to. Raises VaultFailure."""
        again = tuple(account.settings.name for account in await self.rotating(accounts))
        return ExportOutcome(tuple(account.settings.name for account in accounts), again)

    @staticmethod
    def check(file: Path, passphrase: Secret, accounts: Sequence[Account], *, replace_file: bool = False) -> None:
        """Refuse what cannot become an export, before anybody is asked. Raises ExportRefused."""
        if not SHORTEST <= len(passphrase) <= LONGEST:
            raise ExportRefused("export_passphrase_length", shortest=str(SHORTEST), longest=str(LONGEST))
        _check_target(file, accounts, replace_file=replace_file)

    async def export(
        self,
        file: Path,
        passphrase: Secret,
        accounts: Sequence[Account],
        *,
        hand_over: bool = False,
        replace_file: bool = False,
    ) -> ExportOutcome:
        """Write a sealed file. With `hand_over` the sign-ins that cannot be in two places go along and end here.

        They end only after the file was written, synced and read back. Raises ExportRefused or VaultFailure, and then
        nothing has changed.
        """
        self.check(file, passphrase, accounts, replace_file=replace_file)
        rotating, records = await self.rotating(accounts), self.sign_out.records
        async with contextlib.AsyncExitStack() as paused:
            for account in rotating if hand_over else ():
                await paused.enter_async_context(self.sign_out.paused(account))
                if isinstance(account.state, Active) and isinstance(account.state.renewal, Unsaved):
                    raise ExportRefused("export_unsaved", account=account.settings.name)
            moved = [await self._moved(account, whole=hand_over and account in rotating) for account in accounts]
            content = self._content(moved)
            leaving = {each.id: records.generation(each.id) for each in rotating if hand_over}
            begun = await asyncio.to_thread(self._write_sealed, file, content.encode(), passphrase, leaving)
            for account in accounts:
                account.note("exported", file=plain(file.name, 100))
            ended, kept = await self._end(rotating if hand_over else (), file)
            if begun is not None:
                await asyncio.to_thread(self.hand_overs.clear, begun)
        again = () if hand_over else tuple(account.settings.name for account in rotating)
        return ExportOutcome(tuple(account.settings.name for account in accounts), again, ended, kept)

    async def export_settings(
        self, file: Path, accounts: Sequence[Account], *, replace_file: bool = False
    ) -> ExportOutcome:
        """Write the settings of accounts for somebody else, without any secret. Raises ExportRefused."""
        _check_target(file, accounts, replace_file=replace_file)
        moved = tuple(MovedAccount(for_others(account.settings)) for account in accounts)
        content = Content(moved, sandbox=self.sandbox, made=self._today())
        await asyncio.to_thread(_write, file, content.encode())
        return ExportOutcome(tuple(account.settings.name for account in accounts))

    def without_secrets(self) -> Content:
        """All settings and choices, for the weekly copy."""
        moved = tuple(MovedAccount(account.settings) for account in self.accounts.kept.values())
        return Content(moved, choices=self.choices.going(), sandbox=self.sandbox, made=self._today())

    def _content(self, moved: Sequence[MovedAccount]) -> Content:
        used = {account.settings.provider for account in moved}
        files = tuple(self._files(used))
        return Content(tuple(moved), files, self.choices.going(), sandbox=self.sandbox, made=self._today())

    def _today(self) -> str:
        return datetime.fromtimestamp(self.clock.wall(), UTC).date().isoformat()

    def _files(self, used: Collection[str]) -> Iterable[MovedFile]:
        for file, certificates in self.catalog.files.own_files():
            if file.provider.id in used:
                yield MovedFile(file.name, file.text, certificates)

    async def _moved(self, account: Account, *, whole: bool) -> MovedAccount:
        record, site = await self._record(account), self.sign_out.sites.of(account)
        if record is None:
            return MovedAccount(account.settings)
        left = stays_behind(record, site) and not whole
        return MovedAccount(account.settings, handed_over(record) if whole else portable(record, site), left)

    def _write_sealed(
        self, file: Path, content: bytes, passphrase: Secret, leaving: Mapping[str, int]
    ) -> HandOver | None:
        """Seal, open what was sealed, and write it. Of `leaving` a note precedes the file, and it is returned."""
        sealed = seal(content, passphrase)
        if unseal(sealed, passphrase) != content:
            raise ExportRefused("export_not_read_back", file=plain(file.name, 100))
        if not leaving:
            _write(file, sealed)
            return None
        try:
            begun = self.hand_overs.begin(file, sealed, leaving)
        except OSError as error:
            reason = plain(error.strerror or type(error).__name__)
            raise ExportRefused("export_not_noted", reason=reason) from None
        try:
            _write(file, sealed)
        except ExportRefused:
            self.hand_overs.clear(begun)
            raise
        self.hand_overs.written(begun)
        return begun

    async def _record(self, account: Account) -> Record | None:
        """The account's record, None where there is none that can be read. Raises VaultFailure for any other reason."""
        try:
            return await self.sign_out.records.load(account.id, prompt=True)
        except (Missing, Corrupt):
            return None

    async def _end(self, accounts: Iterable[Account], file: Path) -> tuple[tuple[str, ...], dict[str, Failure]]:
        """End sign-ins that are in the file now. The provider is told nothing, because they go on elsewhere."""
        ended: list[str] = []
        kept: dict[str, Failure] = {}
        for account in accounts:
            try:
                await self.sign_out.forget(account)
            except VaultFailure as why:
                kept[account.settings.name] = why
                account.note("hand_over_failed", why=why)
            else:
                ended.append(account.settings.name)
                account.note("handed_over", file=plain(file.name, 100))
        return tuple(ended), kept


def _check_target(file: Path, accounts: Sequence[Account], *, replace_file: bool) -> None:
    if not accounts:
        raise ExportRefused("export_nothing")
    if not file.is_absolute():
        raise ExportRefused("export_path_relative")
    if os.path.lexists(file) and not replace_file:
        raise ExportRefused("export_file_exists", file=plain(file.name, 100))


def _write(file: Path, data: bytes) -> None:
    try:
        write_elsewhere(file, data)
    except OSError as error:
        reason = plain(error.strerror or type(error).__name__)
        raise ExportRefused("export_not_written", file=plain(str(file)), reason=reason) from None
    try:
        found = file.read_bytes()
    except OSError:
        found = b""
    if found != data:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
        raise ExportRefused("export_not_read_back", file=plain(file.name, 100))
