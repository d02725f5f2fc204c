"""The accounts file: what Keyrack knows of each account, without any secret (S66, S67)."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import msgspec

from keyrack.core.accounts.account import ScriptPolicy, Settings
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.system.private_file import put_aside, write_private
from keyrack.primitives.failure import Failure, plain
from keyrack.providers.schema import FlowName

SCHEMA = 1
_NAME = "accounts.json"
_Text = Annotated[str, msgspec.Meta(max_length=2_000)]


class AccountsFileFailure(Failure):
    """The accounts file could not be read or written."""


class AccountsFileCorrupt(AccountsFileFailure):
    """The file was not readable in full and lies beside as `aside`; `accounts` are the ones that could be read."""

    def __init__(self, aside: Path, accounts: list[Settings], detail: str) -> None:
        super().__init__(
            "The list of accounts could not be read in full.",
            f"{len(accounts)} of its accounts were read; the file was kept as {plain(str(aside))}.",
            "Accounts that are missing keep their secrets in the keyring: repair the file, or add them again.",
            detail=detail,
        )
        self.aside = aside
        self.accounts = accounts


class AccountsFileNewer(AccountsFileFailure):
    """A newer Keyrack wrote the file; it is left as it is (S68)."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "The list of accounts was written by a newer version of Keyrack.",
            f"{plain(str(path))} is left as it is, and nothing can be added or changed.",
            "Start the newer version.",
        )


class AccountsFileUnreadable(AccountsFileFailure):
    """The system does not let us read or write the file."""

    def __init__(self, path: Path, error: OSError, doing: str) -> None:
        super().__init__(
            f"The list of accounts could not be {doing}.",
            f"{plain(str(path))}: {plain(error.strerror or type(error).__name__)}.",
            "Check the rights of the file and the free space of the disk.",
        )


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


class AccountsFile:
    """`accounts.json` in the configuration folder.

    Nothing is saved over a file that was not read before: `save` refuses until `load` returned or
    put a damaged file aside.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _NAME
        self._known = False

    def load(self) -> list[Settings]:
        """The accounts in their order, [] when there is no file.

        Raises ConfigCorrupt (kept aside; it carries what could be read), ConfigNewer,
        ConfigUnreadable.
        """
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            self._known = True
            return []
        except OSError as error:
            raise AccountsFileUnreadable(self.path, error, "read") from error
        found, damage = self._read(data)
        if damage:
            found_aside = self._put_aside()
            self._known = True
            raise AccountsFileCorrupt(found_aside, found, damage)
        self._known = True
        return found

    def save(self, accounts: list[Settings]) -> None:
        """Replace the file; raises ConfigFailure and then leaves the old one as it was."""
        if not self._known:
            raise AccountsFileFailure(
                "The list of accounts was not saved.",
                "The file that is there could not be read, and Keyrack does not write over it.",
                "Repair or move the file, then start Keyrack again.",
            )
        whole = {"schema": SCHEMA, "accounts": [asdict(settings) for settings in accounts]}
        text = json.dumps(whole, indent=2, ensure_ascii=False) + "\n"
        try:
            write_private(self.path, text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise AccountsFileUnreadable(self.path, error, "saved") from error

    def _read(self, data: bytes) -> tuple[list[Settings], str]:
        """The accounts that could be read, and what was wrong with the rest ("" for nothing)."""
        try:
            whole = json.loads(data.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            return [], _where(error)
        if not isinstance(whole, dict) or type(whole.get("schema")) is not int:
            return [], "no schema"
        if whole["schema"] > SCHEMA:
            raise AccountsFileNewer(self.path)
        entries = whole.get("accounts")
        return _settings(entries) if isinstance(entries, list) else ([], "no list of accounts")

    def _put_aside(self) -> Path:
        try:
            return put_aside(self.path)
        except OSError as error:
            raise AccountsFileUnreadable(self.path, error, "put aside") from error


def _settings(entries: list[Any]) -> tuple[list[Settings], str]:
    found: dict[str, Settings] = {}
    damage: list[str] = []
    for number, raw in enumerate(entries, 1):
        try:
            entry = msgspec.convert(raw, _Entry)
        except (msgspec.ValidationError, RecursionError) as error:
            damage.append(f"account {number}: {error}")
            continue
        if entry.id in found:
            damage.append(f"account {number}: its id is there twice")
            continue
        found[entry.id] = Settings(**msgspec.structs.asdict(entry))
    return list(found.values()), "; ".join(damage)


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"line {error.lineno}: {error.msg}"
    return "not text" if isinstance(error, UnicodeDecodeError) else "not readable"
