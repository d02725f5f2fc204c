"""What an export holds: accounts, records, provider files and choices. As JSON, sealed or, without secrets, plain."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import msgspec

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.accounts_file import settings_of
from keyrack.core.moving.moving_failures import ImportRefused
from keyrack.core.vault.record import Record
from keyrack.core.vault.vault_errors import Corrupt, NewerSchema
from keyrack.primitives.plain_json import parse_json
from keyrack.primitives.secret import Secret

SCHEMA = 1
_KEY = "keyrack_export"
_MOST_ACCOUNTS = 10_000
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
class MovedAccount:
    """One account. `record` is None where no secret goes with it.

    `signs_in_again` says that its sign-in stayed where it was.
    """

    settings: Settings
    record: Record | None = field(default=None, repr=False)
    signs_in_again: bool = False


@dataclass(frozen=True, slots=True)
class MovedFile:
    """One provider file of the person's own. `certificates` is the text of the file that it names, or ""."""

    name: str
    text: str
    certificates: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """An export in memory. `made` is the day on which it was made, in UTC. `sandbox` keeps play apart from earnest."""

    accounts: tuple[MovedAccount, ...]
    files: tuple[MovedFile, ...] = ()
    choices: Mapping[str, str] = field(default_factory=dict)
    sandbox: bool = False
    made: str = ""

    def encode(self) -> bytes:
        """The content as JSON in ASCII."""
        whole = {
            _KEY: SCHEMA,
            "made": self.made,
            "sandbox": self.sandbox,
            "accounts": [_encoded(account) for account in self.accounts],
            "provider_files": [asdict(file) for file in self.files],
            "choices": dict(self.choices),
        }
        return json.dumps(whole, indent=1).encode()


def for_others(settings: Settings) -> Settings:
    """The settings of an account without what is about this person: who signed in, and which programs are allowed."""
    return replace(settings, id=secrets.token_hex(16), identity="", programs=(), scripts="ask")


def is_plain_export(text: str) -> bool:
    """Whether a text looks as an export without secrets does. It need not be a good one."""
    return text.lstrip().startswith("{") and f'"{_KEY}"' in text[:200]


def decode(data: bytes) -> Content:
    """The content of a JSON text. Raises ImportRefused for anything else, and for a newer version."""
    try:
        whole = parse_json(data.decode(), deepest=_DEEPEST)
    except (ValueError, RecursionError):
        raise ImportRefused("import_unreadable") from None
    if not isinstance(whole, dict) or type(whole.get(_KEY)) is not int:
        raise ImportRefused("import_unknown")
    if whole[_KEY] > SCHEMA:
        raise ImportRefused("import_newer")
    accounts = whole.get("accounts")
    if not isinstance(accounts, list) or len(accounts) > _MOST_ACCOUNTS:
        raise ImportRefused("import_unreadable")
    try:
        return Content(
            tuple(_account(entry) for entry in accounts),
            tuple(msgspec.convert(whole.get("provider_files", []), list[MovedFile])),
            msgspec.convert(whole.get("choices", {}), dict[str, str]),
            sandbox=msgspec.convert(whole.get("sandbox", False), bool),
            made=msgspec.convert(whole.get("made", ""), str),
        )
    except NewerSchema:
        raise ImportRefused("import_newer") from None
    except (msgspec.ValidationError, Corrupt, KeyError, TypeError, ValueError):
        raise ImportRefused("import_unreadable") from None


def _encoded(account: MovedAccount) -> dict[str, object]:
    record = None if account.record is None else json.loads(account.record.encode().reveal())
    return {"settings": asdict(account.settings), "record": record, "signs_in_again": account.signs_in_again}


def _account(entry: Any) -> MovedAccount:
    if not isinstance(entry, dict):
        raise ImportRefused("import_unreadable")
    record = entry.get("record")
    return MovedAccount(
        settings_of(entry["settings"]),
        None if record is None else Record.decode(Secret(json.dumps(record))),
        msgspec.convert(entry.get("signs_in_again", False), bool),
    )
