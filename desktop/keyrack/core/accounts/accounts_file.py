"""The accounts file: the settings of each account, without any secret (S66, S67)."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import msgspec

from keyrack.core.accounts.account import ScriptPolicy, Settings
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.system.private_file import linked_file, put_aside, write_configuration
from keyrack.primitives.failure import Failure, plain
from keyrack.providers.schema import FlowName

SCHEMA = 1
_NAME = "accounts.json"
_Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class AccountsFileFailure(Failure):
    """The accounts file could not be read or written."""


class AccountsFileCorrupt(AccountsFileFailure):
    """The file was not readable in full and was renamed to `aside`. `accounts` are the ones that could be read."""

    code = "accounts_file_corrupt"

    def __init__(self, aside: Path, accounts: list[Settings], detail: str) -> None:
        super().__init__(detail=detail, count=str(len(accounts)), path=plain(str(aside)))
        self.aside = aside
        self.accounts = accounts


class AccountsFileNewer(AccountsFileFailure):
    """A newer Keyrack wrote the file. It is left as it is (S68)."""

    code = "accounts_file_newer"

    def __init__(self, path: Path) -> None:
        super().__init__(path=plain(str(path)))


class AccountsFileUnreadable(AccountsFileFailure):
    """The operating system does not let Keyrack read, write or rename the file."""

    def __init__(self, code: str, path: Path, error: OSError) -> None:
        super().__init__(code, path=plain(str(path)), reason=plain(error.strerror or type(error).__name__))


class _Entry(msgspec.Struct, frozen=True):
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    name: _Text
    provider: _Text
    region: _Text
    flow: FlowName
    client_id: _Text
    redirect_uri: _Text = ""
    identity: _Text = ""
    test: bool = False
    hosts: Hosts | None = None
    scripts: ScriptPolicy = "ask"
    programs: tuple[_Text, ...] = ()
    group: _Text = ""


class AccountsFile:
    """`accounts.json` in the configuration folder.

    The file may be a link, which stays one (report 23). A file that was not read is never overwritten: `save` raises
    AccountsFileFailure until `load` has returned or has renamed a damaged file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        self._may_save = False

    def load(self) -> list[Settings]:
        """The settings of the accounts in their order, [] when there is no file.

        Raises AccountsFileCorrupt (the file is kept under another name, the failure carries what could be read),
        AccountsFileNewer or AccountsFileUnreadable.
        """
        data = self._read()
        found, damage = self._parse(data) if data is not None else ([], "")
        if damage:
            found_aside = self._put_aside()
            self._may_save = True
            raise AccountsFileCorrupt(found_aside, found, damage)
        self._may_save = True
        return found

    def peek(self) -> list[Settings]:
        """As `load` without a change of anything, not even of a damaged file. Raises AccountsFileFailure."""
        data = self._read()
        found, damage = self._parse(data) if data is not None else ([], "")
        if damage:
            raise AccountsFileFailure("accounts_file_damaged", detail=damage)
        return found

    def save(self, accounts: list[Settings]) -> None:
        """Replace the file. Raises AccountsFileFailure and then leaves the old file unchanged."""
        if not self._may_save:
            raise AccountsFileFailure("accounts_file_not_replaced")
        whole = {"schema": SCHEMA, "accounts": [asdict(settings) for settings in accounts]}
        text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        try:
            write_configuration(self.path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise AccountsFileUnreadable("accounts_file_not_saved", self.path, error) from error

    def _read(self) -> bytes | None:
        """What the file says, None where there is no file."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError as error:
            if self.path.is_symlink():  # what it names may only be away, such as a disk that is not mounted
                raise AccountsFileUnreadable("accounts_file_link_empty", linked_file(self.path), error) from error
            return None
        except OSError as error:
            raise AccountsFileUnreadable("accounts_file_not_read", self.path, error) from error

    def _parse(self, data: bytes) -> tuple[list[Settings], str]:
        """The accounts that could be read, and a description of the damage ("" for none)."""
        try:
            whole = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            return [], _describe(error)
        if not isinstance(whole, dict) or type(whole.get("schema")) is not int:
            return [], "no schema"
        if whole["schema"] > SCHEMA:
            raise AccountsFileNewer(self.path)
        entries = whole.get("accounts")
        return _settings(entries) if isinstance(entries, list) else ([], "no list of accounts")

    def _put_aside(self) -> Path:
        try:
            return put_aside(linked_file(self.path))
        except OSError as error:
            raise AccountsFileUnreadable("accounts_file_not_put_aside", self.path, error) from error


def settings_of(entry: object) -> Settings:
    """The settings of one account as the file has them. Raises msgspec.ValidationError or RecursionError."""
    return Settings(**msgspec.structs.asdict(msgspec.convert(entry, _Entry)))


def _settings(entries: list[Any]) -> tuple[list[Settings], str]:
    found: dict[str, Settings] = {}
    damage: list[str] = []
    for number, raw in enumerate(entries, 1):
        try:
            settings = settings_of(raw)
        except (msgspec.ValidationError, RecursionError) as error:
            damage.append(f"account {number}: {error}")
            continue
        if settings.id in found:
            damage.append(f"account {number}: its id is there twice")
            continue
        found[settings.id] = settings
    return list(found.values()), "; ".join(damage)


def _describe(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}: {error.msg}"
    return "not text" if isinstance(error, UnicodeDecodeError) else "not readable"
