"""The note of a refresh under way outlives a crash."""

import json
import os
from pathlib import Path

import pytest

from keyrack.core.tokens.refresh_journal import UNKNOWN_GENERATION, RefreshJournal


@pytest.mark.security("S73")
def test_a_note_is_there_until_it_is_taken_back(tmp_path: Path) -> None:
    journal = RefreshJournal(tmp_path, wall=lambda: 1_800_000_000.0)
    assert journal.read("a1") is None
    journal.write("a1", 5)
    assert RefreshJournal(tmp_path).read("a1") == 5
    assert journal.read("a2") is None
    journal.clear("a1")
    journal.clear("a1")
    assert RefreshJournal(tmp_path).read("a1") is None


@pytest.mark.security("S73", "S66")
def test_a_note_is_private_durable_and_tells_account_generation_and_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(descriptor)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    RefreshJournal(tmp_path, wall=lambda: 7.0).write("a1", 5)
    assert len(synced) == 2
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert json.loads(path.read_text()) == {"schema": 1, "account": "a1", "generation": 5, "time": 7.0}
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.security("S73")
def test_the_next_note_covers_the_last_one_durably_and_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = RefreshJournal(tmp_path, wall=lambda: 1_800_000_000.123456)
    journal.write("a" * 64, 2**53 - 1)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    before = path.stat()
    synced: list[int] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    RefreshJournal(tmp_path, wall=lambda: 7.0).write("a" * 64, 1)
    assert RefreshJournal(tmp_path).read("a" * 64) == 1
    assert (path.stat().st_ino, path.stat().st_size) == (before.st_ino, before.st_size)
    assert synced == [before.st_ino]


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"\xff", b"{}", b'{"generation":"5"}', b'{"generation":true}', b"[" * 100_000], ids=repr
)
def test_a_note_that_cannot_be_read_still_says_that_there_was_one(tmp_path: Path, data: bytes) -> None:
    journal = RefreshJournal(tmp_path)
    journal.write("a1", 5)
    (path,) = (path for path in tmp_path.rglob("*") if path.is_file())
    path.write_bytes(data)
    assert RefreshJournal(tmp_path).read("a1") == UNKNOWN_GENERATION


def test_a_note_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "intents").write_text("in the way")
    with pytest.raises(OSError, match="Not a directory"):
        RefreshJournal(tmp_path).write("a1", 5)
