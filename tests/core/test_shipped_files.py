"""What Keyrack 0.1.0 stored is read, and what a later Keyrack stored is left as it is, with a sentence.

`shipped_files/` was written by commit b19aa53 with its sandbox: the agent added the stand-ins' accounts, and "Deribit
test" was signed in and gave a token. `keyring.json` has the texts of the keyring's items by their names. The paths of
that computer were replaced in the activity. Every secret is the sandbox's invention.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from keyrack.core.accounts.accounts_file import AccountsFile, AccountsFileNewer
from keyrack.core.accounts.activity_files import ActivityFiles
from keyrack.core.history.history_failures import HistoryNewer
from keyrack.core.history.history_file import FORMAT, HistoryFile
from keyrack.core.history.history_row import NAME
from keyrack.core.preferences.all_settings import THEME
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.vault.record import SCHEMA, Record
from keyrack.core.vault.vault_errors import NewerSchema
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret
from tests.core.history.rows import NOW, row

SHIPPED = Path(__file__).parent / "shipped_files"
SIGNED_IN = "8fcac08758be949529b8c4cace2dadda"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with what 0.1.0 left."""
    shutil.copytree(SHIPPED, tmp_path / "home")
    return tmp_path / "home"


def items() -> dict[str, str]:
    found: dict[str, str] = json.loads((SHIPPED / "keyring.json").read_text())
    return found


def test_every_account_of_the_first_version_is_there_and_is_stored_again(home: Path) -> None:
    file = AccountsFile(home)
    accounts = file.load()
    assert [account.name for account in accounts][:3] == ["Main desk", "Seoul desk", "Archive"]
    assert len(accounts) == 13
    assert {account.scripts for account in accounts} == {"allow"}
    file.save(accounts)
    assert AccountsFile(home).load() == accounts


def test_every_item_of_its_keyring_is_read(home: Path) -> None:
    assert items().keys() == {account.id for account in AccountsFile(home).load()}
    records = {name: Record.decode(Secret(text)) for name, text in items().items()}
    signed_in = records[SIGNED_IN]
    assert signed_in.signed_in
    assert signed_in.client_secret == Secret("invented-deribit-secret")
    assert signed_in.refresh is not None
    assert (signed_in.generation, signed_in.lifetime, signed_in.scopes[0]) == (1, 31_536_000.0, "account:read")
    assert [record for record in records.values() if record.signed_in] == [signed_in]
    assert Record.decode(signed_in.encode()) == signed_in


def test_its_activity_is_read_though_it_had_sentences(home: Path) -> None:
    files = ActivityFiles(home)
    lines = files.load(SIGNED_IN)
    files.close()
    assert [line.notice.code for line in lines] == ["token_given", "note"]
    assert lines[0].notice.params == {"program": "/usr/bin/python3 bot.py"}


def newer_accounts(home: Path) -> Path:
    path = home / "accounts.json"
    path.write_text(path.read_text().replace('"schema": 1', '"schema": 2'))
    return path


def newer_settings(home: Path) -> Path:
    path = home / "settings.toml"
    path.write_text('schema = 2\ntheme = "dark"\n')
    return path


def newer_history(home: Path) -> Path:
    HistoryFile(home).append([row("a", NOW)])
    with sqlite3.connect(home / NAME) as file:
        file.execute(f"PRAGMA user_version = {FORMAT + 1}")
    file.close()
    return home / NAME


def refused_accounts(home: Path) -> Failure:
    with pytest.raises(AccountsFileNewer) as refused:
        AccountsFile(home).load()
    return refused.value


def refused_settings(home: Path) -> Failure:
    preferences = Preferences(home)
    preferences.load()
    refused = preferences.choose(THEME, "light")
    assert refused is not None
    return refused


def refused_history(home: Path) -> Failure:
    with pytest.raises(HistoryNewer) as refused:
        HistoryFile(home).append([row("a", NOW)])
    return refused.value


@pytest.mark.parametrize(
    ("made", "refused"),
    [(newer_accounts, refused_accounts), (newer_settings, refused_settings), (newer_history, refused_history)],
    ids=["accounts", "settings", "history"],
)
def test_a_file_of_a_later_version_stays_byte_by_byte_and_is_told(
    home: Path, made: Callable[[Path], Path], refused: Callable[[Path], Failure]
) -> None:
    path = made(home)
    before = path.read_bytes()
    why = refused(home)
    assert "newer" in why.sentences()
    assert path.read_bytes() == before
    assert {each.name for each in home.iterdir()} <= {*(each.name for each in SHIPPED.iterdir()), path.name}


def test_an_item_of_a_later_version_is_refused_with_a_sentence() -> None:
    text = items()[SIGNED_IN].replace(f'"schema":{SCHEMA}', f'"schema":{SCHEMA + 1}')
    with pytest.raises(NewerSchema) as refused:
        Record.decode(Secret(text))
    assert "newer" in refused.value.sentences()
