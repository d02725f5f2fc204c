"""What Keyrack 0.1.0 stored is read, and what a later Keyrack stored is left as it is, with a sentence.

`shipped_files/` was written by commit b19aa53 with its sandbox: the agent added the stand-ins' accounts, and "Deribit
test" was signed in and gave a token. Its own code wrote the notes of a renewal and of a key, and the choice of a
currency. `keyring.json` has the texts of the keyring's items by their names. The paths of
that computer were replaced in the activity. Every secret is the sandbox's invention.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from keyrack.core.accounts.account import Settings
from keyrack.core.accounts.accounts_file import AccountsFile, AccountsFileNewer
from keyrack.core.accounts.activity import Line, Notice
from keyrack.core.accounts.activity_files import ActivityFiles
from keyrack.core.api_keys.nonces import Nonces
from keyrack.core.history.history_failures import HistoryNewer
from keyrack.core.history.history_file import FORMAT, HistoryFile
from keyrack.core.history.history_row import NAME
from keyrack.core.preferences.all_settings import CURRENCY, THEME
from keyrack.core.preferences.preferences import Preferences
from keyrack.core.system.window_note import WindowNote, WindowNotes
from keyrack.core.tokens.hand_over_notes import HandOverNotes
from keyrack.core.tokens.refresh_journal import UNKNOWN_GENERATION, RefreshJournal
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


def test_its_notes_and_choices_are_read(home: Path) -> None:
    assert RefreshJournal(home).read(SIGNED_IN) == 2
    nonces = Nonces(home, wall=lambda: 0.0)
    assert nonces.last_use(SIGNED_IN) == pytest.approx(1_796_016_682.5, abs=1)
    assert nonces.next(SIGNED_IN) == 1_796_016_682_512
    preferences = Preferences(home)
    preferences.load()
    assert preferences.value(CURRENCY) == "EUR"


def test_every_file_has_the_number_of_its_form(tmp_path: Path) -> None:
    activity = ActivityFiles(tmp_path)
    activity.save("a1", [Line(NOW, Notice("signed_in"))])
    activity.close()
    RefreshJournal(tmp_path).write("a1", 1)
    Nonces(tmp_path).next("a1")
    HandOverNotes(tmp_path).begin(tmp_path / "given", b"data", {"a1": 1})
    WindowNotes(tmp_path).save(WindowNote("geometry", "a1"))
    accounts = AccountsFile(tmp_path)
    accounts.load()
    accounts.save([Settings("a1", "Main desk", "probit", "global", "client_credentials", "c")])
    written = {path: json.loads(path.read_bytes()) for path in tmp_path.rglob("*.json")}
    assert len(written) == 6
    assert {path.name: found["schema"] for path, found in written.items()} == {path.name: 1 for path in written}


def test_an_activity_of_a_later_version_is_left_and_says_so(home: Path) -> None:
    path = home / "activity" / f"{SIGNED_IN}.json"
    path.write_text('{"schema": 2, "pages": {"1": []}}')
    files = ActivityFiles(home)
    lines = files.load(SIGNED_IN)
    files.save(SIGNED_IN, lines)
    files.close()
    assert [line.notice.code for line in lines] == ["activity_newer"]
    assert "newer version" in lines[0].notice.sentence
    assert path.read_text() == '{"schema": 2, "pages": {"1": []}}'


@pytest.mark.security("S73")
def test_a_note_of_a_renewal_of_a_later_version_says_only_that_there_was_one(home: Path) -> None:
    (home / "intents" / f"{SIGNED_IN}.json").write_text('{"schema": 2, "generation": 5}')
    assert RefreshJournal(home).read(SIGNED_IN) == UNKNOWN_GENERATION


def test_a_note_of_a_key_of_a_later_version_stays_and_the_numbers_grow(home: Path) -> None:
    path = home / "keys" / f"{SIGNED_IN}.json"
    path.write_text('{"schema": 2, "numbers": [1]}')
    nonces = Nonces(home, wall=lambda: 1000.0)
    assert (nonces.next(SIGNED_IN), nonces.next(SIGNED_IN)) == (1_000_000, 1_000_001)
    nonces.record_use(SIGNED_IN)
    assert path.read_text() == '{"schema": 2, "numbers": [1]}'


@pytest.mark.security("S69")
def test_a_hand_over_of_a_later_version_is_left_for_it(home: Path) -> None:
    note = HandOverNotes(home).begin(home / "given", b"data", {SIGNED_IN: 1}).path
    newer = note.read_text().replace('"schema":1', '"schema":2')
    note.write_text(newer)
    notes = HandOverNotes(home)
    assert not notes.any_unfinished
    notes.settle(SIGNED_IN, [])
    assert note.read_text() == newer


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
